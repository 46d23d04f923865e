"""Takes a snapshot of the city's public state: the strategy, its values, verdicts and decisions, as they are now.

Only what everybody may see is read here, and only the fields that a snapshot has are taken over.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from stadt import __version__
from stadt.apps.reports import judging
from stadt.apps.reports import snapshot as snapshots
from stadt.apps.reports.changes import differences
from stadt.apps.reports.judging import Judgement
from stadt.apps.reports.models import Report
from stadt.apps.reports.papers import words
from stadt.apps.reports.papers.blocks import plain
from stadt.apps.reports.rights import PRODUCE
from stadt.apps.reports.snapshot import ActionField, Edition, Gaps, Indicator, Measure, Snapshot, Theme, Value
from stadt.apps.reports.workflow import State
from stadt.apps.strategy import public as strategy
from stadt.core.city import current
from stadt.core.errors import NotFound
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.models import Membership
from stadt.hub.indicators import queries
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.wording import period_in_words, quality_in_words


def council(report: Report) -> Snapshot:
    """The snapshot of a council report: the whole strategy."""
    with _one_moment(), translation.override(report.language):
        older = _last_released(report)
        made = _whole(
            kind=report.kind,
            language=report.language,
            address=_address("reports:report", report.pk),
            paper=report.paper,
            author=report.author,
            asks=tuple(report.asks.splitlines()),
            is_example=report.is_example,
        )
        if older is None:
            return made
        sentences = tuple(differences(older, made))
        return msgspec.structs.replace(made, since=older.moment, changes=sentences)


def sheet(code: str, language: str = "de") -> Snapshot:
    """The snapshot of one measure's sheet.

    Raises:
        NotFound: there is no such measure.
    """
    with _one_moment(), translation.override(language):
        require_measure(code)
        address = _address("strategy:measure", code)
        whole = _whole(kind="measure_sheet", language=language, address=address, only=code)
        return msgspec.structs.replace(
            whole, subject=code, author=gettext("Plattform der Stadt, selbsttätig")
        )


def require_measure(code: str) -> None:
    """Raises NotFound unless the strategy has, or once had, this measure."""
    if code not in strategy.content_at().measures:
        raise NotFound(gettext("Diese Maßnahme gibt es nicht."))


def office_of(actor: Actor) -> str:
    """The role and the office that somebody has a report made for, never a name."""
    if actor.user_id is None:
        return ""
    for held in (
        Membership.objects.in_force().filter(user_id=actor.user_id).select_related("role", "organisation")
    ):
        if {PRODUCE.key, ALL} & set(held.role.permissions):
            return plain(f"{held.organisation.name} ({held.role.title})")[:300]
    return ""


def _whole(*, kind: str, language: str, only: str = "", **more: Any) -> Snapshot:
    content = strategy.content_at()
    chosen = {only: content.measures[only]} if only else content.measures
    named = {code for measure in chosen.values() for code in measure.indicator_codes}
    wanted = [
        item for code, item in content.indicators.items() if item.is_active and (not only or code in named)
    ]
    judged = judging.judge([item.code for item in wanted])
    keys = {item.code: strategy.own_keys(item.code) for item in wanted}
    known = queries.figures_of(key for found in keys.values() for key in found)
    indicators = tuple(
        _indicator(item, [known[key] for key in keys[item.code] if key in known], judged.get(item.code))
        for item in wanted
    )
    by_code = {item.code: item for item in indicators}
    measures = tuple(_measure(item, by_code) for item in chosen.values())
    return Snapshot(
        kind=kind,
        language=language,
        city=current().name,
        strategy=content.head.title,
        note=content.head.note,
        edition=_edition(content),
        moment=timezone.now().replace(microsecond=0),
        release=__version__,
        themes=_themes(content, measures, indicators),
        measures=measures,
        indicators=indicators,
        decisions=tuple(judging.decisions([measure.code for measure in measures] if only else None)),
        gaps=_gaps(content, measures, indicators),
        **more,
    )


def _measure(item: strategy.Measure, indicators: Mapping[str, Indicator]) -> Measure:
    own = [indicators[code] for code in item.indicator_codes if code in indicators]
    main = [link.code for link in item.indicators if link.role == "main"]
    state, is_simulated = judging.sum_up([found for found in own if not main or found.code in main])
    return Measure(
        code=item.code,
        title=plain(item.title),
        field=item.field,
        summary=plain(item.summary),
        period=plain(item.period.text),
        funding=plain(item.funding.text),
        is_funding_open=item.funding.is_open,
        state=item.state,
        state_title=strategy.state_title(item.state),
        state_note=plain(item.state_note),
        space=words.space(item.spatial.types, item.spatial.level),
        sdgs=item.sdgs,
        has_owner=bool(item.owner),
        indicators=tuple(found.code for found in own),
        requires=tuple(link.code for link in item.dependencies),
        verdict=state,
        is_simulated=is_simulated,
    )


def _indicator(
    item: strategy.PrintedIndicator, known: Sequence[queries.Known], judged: Judgement | None
) -> Indicator:
    sources = dict.fromkeys(_words(figure.definition, figure.definition.source) for figure in known)
    return Indicator(
        code=item.code,
        name=plain(item.name),
        field=item.field,
        unit=item.unit,
        source="; ".join(source for source in sources if source),
        values=tuple(_value(figure) for figure in known),
        target=judged.target if judged else None,
        verdict=judged.verdict if judged else None,
    )


def _value(known: queries.Known) -> Value:
    about, found = known.definition, known.latest
    empty = Value(
        key=about.key, title=_words(about, about.title), unit=about.unit, digits=about.digits,
        is_simulated=about.is_example,
    )  # fmt: skip
    if found is None:
        return empty
    return msgspec.structs.replace(
        empty,
        number=found.value,
        period=plain(period_in_words(found)),
        as_of=found.as_of,
        low=found.interval_low,
        high=found.interval_high,
        level=found.interval_level,
        method=str(found.interval_method),
        quality=quality_in_words(found.quality)[0],
        quality_class=str(found.quality_class),
        is_simulated=found.simulated or about.is_example,
        reason=plain(found.reason),
    )


def _words(about: Definition, text: str) -> str:
    """A text of a definition in the active language; what people wrote stays as it is."""
    return plain(text if about.is_kept or not text else gettext(text))


def _themes(
    content: strategy.Content, measures: Sequence[Measure], indicators: Sequence[Indicator]
) -> tuple[Theme, ...]:
    def field_of(item: Any) -> ActionField:
        return ActionField(
            code=item.code,
            title=plain(item.title),
            measures=tuple(measure.code for measure in measures if measure.field == item.code),
            indicators=tuple(found.code for found in indicators if found.field == item.code),
        )

    themes = []
    for theme in content.themes.values():
        fields = [field_of(item) for item in content.fields.values() if item.theme == theme.code]
        shown = tuple(field for field in fields if field.measures or field.indicators)
        if shown:
            themes.append(Theme(code=theme.code, title=plain(theme.title), fields=shown))
    return tuple(themes)


def _gaps(content: strategy.Content, measures: Sequence[Measure], indicators: Sequence[Indicator]) -> Gaps:
    alive = [measure for measure in measures if measure.state != "struck"]
    moved = {
        code for item in content.measures.values() if not item.is_struck for code in item.indicator_codes
    }
    return Gaps(
        measures_without_indicator=sum(1 for measure in alive if not measure.indicators),
        indicators_without_measure=sum(1 for item in indicators if item.code not in moved),
        indicators_without_target=sum(
            1 for item in indicators if item.target is None or item.target.is_example
        ),
        indicators_without_value=sum(1 for item in indicators if not item.is_measured),
        measures_funding_open=sum(1 for measure in alive if measure.is_funding_open),
        measures_without_owner=sum(1 for measure in alive if not measure.has_owner),
    )


def _edition(content: strategy.Content) -> Edition:
    """The edition in force; before one was adopted the document's own date."""
    found = strategy.current_edition()
    if found is None:
        return Edition(name=plain(content.head.as_of) or gettext("ohne Namen"))
    return Edition(
        name=plain(found.name),
        state=str(found.state),
        paper=plain(found.council_paper),
        decided_on=found.council_date,
        link=found.council_link,
    )


def _last_released(report: Report) -> Snapshot | None:
    """What the newest released report of the kind was made from; an example counts for examples only."""
    found = (
        Report.objects.filter(kind=report.kind, state=State.RELEASED, is_example=report.is_example)
        .order_by("-released_at")
        .select_related("snapshot")
        .first()
    )
    return snapshots.decode(bytes(found.snapshot.content)) if found and found.snapshot else None


def _address(name: str, argument: object) -> str:
    return str(settings.STADT.url) + reverse(name, args=[argument])


@contextmanager
def _one_moment() -> Iterator[None]:
    """Everything read inside is of one moment of the database."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
