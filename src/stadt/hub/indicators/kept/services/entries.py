"""Writes of single figures: entered by one, confirmed or refused by another."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import Conflict, NotFound
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept.who import who_is
from stadt.hub.indicators.kept import means, storing
from stadt.hub.indicators.kept.drafts import ValueDraft, refuse, text_error
from stadt.hub.indicators.kept.entering import (
    current_value,
    decide,
    decide_confirmed,
    drafted,
    require_other_eyes,
    require_person,
    save_entry,
)
from stadt.hub.indicators.kept.finding import find_for, get_entry
from stadt.hub.indicators.kept.rights import CONFIRM, ENTER
from stadt.hub.indicators.models import Entry, IndicatorValue
from stadt.hub.indicators.states import Decision, Origin


@transaction.atomic
def enter_value(actor: Actor, key: str, draft: ValueDraft) -> Entry:
    """A figure that waits until somebody else confirms it; nobody outside sees it before.

    Raises:
        NotFound, SignInNeeded, Forbidden: unless the actor may enter for the organisation that keeps the indicator.
        Invalid: naming the fields.
        Conflict: the period has a value already (revise it), or one waits.
    """
    kept = find_for(actor, key, ENTER)
    entry = drafted(actor, kept, draft)
    if current_value(entry) is not None:
        raise Conflict(
            gettext(
                "Für diesen Zeitraum gibt es schon einen Wert. Er kann berichtigt werden, mit Begründung."
            )
        )
    save_entry(entry)
    record(actor, "enter_value", f"figure_entry:{entry.pk}", {"key": key, "period": draft.period[:20]})
    return entry


@transaction.atomic
def revise_value(actor: Actor, value_id: int, draft: ValueDraft, reason: str) -> Entry:
    """Another figure in place of a stored one; it waits like any other, and the old one stays readable.

    Raises:
        NotFound: there is no such value of a kept indicator, or it was replaced meanwhile.
        Invalid: naming the fields; `reason` when it does not say why.
        Conflict: another figure waits there, or the draft is for another period, place or series.
    """
    row = (
        IndicatorValue.objects.filter(pk=value_id, superseded_at=None).exclude(origin=Origin.DERIVED).first()
    )
    if row is None:
        raise NotFound(gettext("Diesen Wert gibt es nicht, oder er wurde schon ersetzt."))
    kept = find_for(actor, row.key, ENTER)
    if error := text_error("reason", reason, 1000, needed=True):
        refuse([error])
    entry = drafted(actor, kept, draft)
    found = current_value(entry)
    if found is None or found.pk != value_id:
        raise Conflict(gettext("Die Berichtigung nennt einen anderen Zeitraum, Ort oder eine andere Reihe."))
    entry.revises_id, entry.reason = value_id, reason.strip()
    save_entry(entry)
    record(actor, "revise_value", f"figure_entry:{entry.pk}", {"key": row.key, "value": value_id})
    return entry


@transaction.atomic
def confirm_value(actor: Actor, entry_id: int, answer: str = "") -> IndicatorValue:
    """Make an entry a value: by somebody else than who entered it, and by a person.

    Args:
        answer: needed where the plausibility rules ask something; kept with the entry.

    Raises:
        NotFound: there is none, or it may not be seen.
        Forbidden: without the right, for tokens, and for whoever entered it (four eyes).
        Conflict: it was decided meanwhile, or the value it revises was replaced meanwhile.
        Invalid: naming `answer`.
    """
    entry = _locked(actor, entry_id)
    require_other_eyes(actor, entry.kept, entry.entered_by)
    if entry.file is not None:
        raise Conflict(gettext("Dieser Eintrag gehört zu einer Datei; sie wird als Ganzes bestätigt."))
    row = decide_confirmed(actor, entry, answer)
    means.make_means_of_all(storing.hide_seconds([row]))
    record(actor, "confirm_value", f"figure_entry:{entry_id}", {"key": entry.kept.key, "value": row.pk})
    return row


@transaction.atomic
def refuse_value(actor: Actor, entry_id: int, reason: str) -> Entry:
    """Refuse an entry, or take back one's own.

    Raises:
        NotFound, Forbidden: as for `confirm_value`; whoever entered it may always take it back.
        Conflict: it was decided meanwhile.
        Invalid: naming `reason`.
    """
    entry = _locked(actor, entry_id)
    if entry.entered_by != who_is(actor):
        actor.require(CONFIRM, entry.kept.organisation_id)
        require_person(actor)
    if error := text_error("reason", reason, 1000, needed=True):
        refuse([error])
    decide(actor, entry, Decision.REFUSED, reason)
    record(actor, "refuse_value", f"figure_entry:{entry_id}", {"key": entry.kept.key})
    return entry


def _locked(actor: Actor, entry_id: int) -> Entry:
    get_entry(actor, entry_id)
    rows = Entry.objects.select_for_update(of=("self",)).select_related("kept__organisation", "place")
    return rows.get(pk=entry_id)
