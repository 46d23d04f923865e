"""The steps that verbs on single figures and on files share: a draft becomes an entry, an entry a value."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.city import current
from stadt.core.errors import Conflict, FieldError, Forbidden, Invalid
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept.who import eyes_of, who_is
from stadt.hub.indicators import dimensions, queries
from stadt.hub.indicators.declaration import Figure
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.kept import means, plausibility, storing
from stadt.hub.indicators.kept.drafts import ValueDraft, check_value, refuse, text_error
from stadt.hub.indicators.kept.figures import Numbers, figure_of
from stadt.hub.indicators.kept.rights import CONFIRM
from stadt.hub.indicators.models import Entry, FigureFile, IndicatorValue, KeptIndicator
from stadt.hub.indicators.period_texts import read_period
from stadt.hub.indicators.periods import Period
from stadt.hub.indicators.states import Decision
from stadt.hub.places.outline_index import Area, current_index


def drafted(actor: Actor, kept: KeptIndicator, draft: ValueDraft) -> Entry:
    """The entry that a draft makes, not saved, with what has to be asked about it. Raises Invalid."""
    zone = ZoneInfo(current().timezone)
    definition, period = _period(kept.key, draft.period, zone)
    errors = check_value(definition, draft)
    place = _place(draft.place)
    if draft.place and place is None:
        errors.append(FieldError("place", gettext("gibt es in dieser Stadt nicht")))
    if period.start > timezone.now():
        errors.append(FieldError("period", gettext("liegt in der Zukunft")))
    refuse(errors)
    said = Numbers(draft.value, draft.numerator, draft.denominator, draft.deviation, draft.state)
    figure = figure_of(definition, said)
    entry = Entry(
        kept=kept,
        version=definition.version,
        place_id=place.id if place else None,
        period=period.kind,
        period_start=period.start,
        period_end=period.end,
        series=draft.series,
        dimension=dimensions.written(draft.dimensions),
        value=draft.value,
        numerator=draft.numerator,
        denominator=draft.denominator,
        deviation=draft.deviation,
        state=draft.state,
        quality_class=draft.quality_class,
        note=draft.note.strip(),
        simulated=draft.simulated,
        entered_by=who_is(actor),
    )
    last = _value_before(entry)
    entry.findings = plausibility.ask(
        plausibility.Asked(definition, figure, draft.quality_class, draft.note, last)
    )
    return entry


def save_entry(entry: Entry) -> None:
    """Raises Conflict when another one waits for the same period, place, series and breakdown."""
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError:
        raise Conflict(gettext("Für diesen Zeitraum wartet schon ein Wert auf Bestätigung.")) from None


def current_value(entry: Entry) -> IndicatorValue | None:
    """What stands today where the entry would come."""
    return storing.current_row(entry.kept.key, entry)


def require_other_eyes(actor: Actor, kept: KeptIndicator, *entered_by: str) -> None:
    """Raises Forbidden unless the actor may confirm there, is a person, and did not enter it."""
    actor.require(CONFIRM, kept.organisation_id)
    require_person(actor)
    if not eyes_of(actor).isdisjoint(entered_by):
        raise Forbidden(gettext("Bestätigen muss jemand anderes als wer den Wert eingetragen hat."))


def require_person(actor: Actor) -> None:
    """Raises Forbidden for tokens."""
    if actor.kind == "token":
        raise Forbidden(gettext("Bestätigen kann nur ein Mensch."))


def decide_confirmed(actor: Actor, entry: Entry, answer: str) -> IndicatorValue:
    """The entry as a value with its moving means. Raises Invalid, Conflict."""
    error = text_error("answer", answer, 1000, needed=bool(entry.findings))
    if error:
        raise Invalid(
            gettext("Zu diesem Wert gibt es Rückfragen. Bitte beantworten Sie sie in einem Satz."),
            fields=(error,),
        )
    found = current_value(entry)
    if (found.pk if found else None) != entry.revises_id:
        raise Conflict(gettext("Der Wert, den dieser Eintrag ersetzt, ist inzwischen ein anderer."))
    decide(actor, entry, Decision.CONFIRMED, answer)
    row = storing.store(entry)
    means.make_means(row)
    return row


def decide(actor: Actor, entry: Entry, decision: Decision, note: str) -> None:
    if entry.decision != Decision.ENTERED:
        raise Conflict(gettext("Über diesen Eintrag wurde schon entschieden."))
    entry.decision, entry.decision_note = decision, note.strip()
    entry.decided_by, entry.decided_at = who_is(actor), timezone.now()
    entry.save(update_fields=("decision", "decision_note", "decided_by", "decided_at"))


def _period(key: str, text: str, zone: ZoneInfo) -> tuple[Definition, Period]:
    """The period, read with the kind of the version that was in force then."""
    for definition in reversed(queries.versions_of(key)):
        try:
            period = read_period(text, definition.period, zone)
        except (ValueError, OverflowError):
            continue
        in_force = queries.definition_of(key, period.start.date())
        if in_force.period == definition.period:
            return in_force, period
    error = FieldError(
        "period", gettext("ist kein Zeitraum dieser Kennzahl; erwartet wird zum Beispiel %(example)s")
    )
    kind = queries.definition_of(key).period
    raise Invalid(
        gettext("Der Zeitraum ist nicht lesbar."),
        fields=(FieldError(error.field, error.message % {"example": EXAMPLES[kind]}),),
    )


EXAMPLES: Mapping[str, str] = {
    "day": "2025-07-14", "week": "2025-W12", "month": "2025-07", "quarter": "2025-Q3", "half_year": "2025-H1", "year": "2025",
    "two_years": "2024-2025", "three_years": "2023-2025", "five_years": "2021-2025",
}  # fmt: skip


def _place(text: str) -> Area | None:
    """An area by its key, its official code or its name when only one has it."""
    words = text.strip()
    if not words:
        return None
    index = current_index()
    if found := index.by_key.get(words):
        return found
    named = [area for area in index.areas.values() if words in {area.code, area.name}]
    return named[0] if len(named) == 1 else None


def _value_before(entry: Entry) -> Figure | None:
    where = Q(place=None) if entry.place_id is None else Q(place_id=entry.place_id)
    rows = IndicatorValue.objects.filter(
        where,
        key=entry.kept.key,
        period=entry.period,
        period_start__lt=entry.period_start,
        series=entry.series,
        dimension=entry.dimension,
        superseded_at=None,
        value__isnull=False,
    )
    found = rows.order_by("-period_start").values_list("value", "numerator", "denominator").first()
    return Figure(*found) if found else None


def file_entries(file: FigureFile) -> list[Entry]:
    """The entries of a file that wait, locked, in a fixed order so that two confirmations do not block each other."""
    rows = Entry.objects.select_for_update(of=("self",)).select_related("kept__organisation", "place", "file")
    return list(rows.filter(file=file, decision=Decision.ENTERED).order_by("pk"))
