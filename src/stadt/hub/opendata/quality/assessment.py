"""Assesses the description of a dataset, published or still a draft."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from stadt.hub.opendata.catalogue import describe_record
from stadt.hub.opendata.dcat import iri_of
from stadt.hub.opendata.quality.criteria import Assessment, Criterion, Dimension, Fix, Score
from stadt.hub.opendata.quality.govdata import COUNTS
from stadt.hub.opendata.quality.house import HABITS, Habit, Matter
from stadt.hub.opendata.quality.mqa import METRICS, Metric, Seen
from stadt.hub.opendata.quality.suggestions import suggest
from stadt.hub.opendata.quality.words import DIMENSIONS, RATINGS, TEXTS
from stadt.hub.opendata.records import Record
from stadt.hub.opendata.rules import Finding, check
from stadt.hub.opendata.vocabulary import Profile


@dataclass(frozen=True, slots=True)
class Known:
    """What neither card nor record tells.

    Attributes:
        reached: foreign address → whether it answered when it was asked last; an address that was not asked is missing.
        renewed_at: when somebody last made sure that the rows are those of today.
        now: None for the present.
    """

    reached: Mapping[str, bool] = field(default_factory=dict)
    renewed_at: datetime | None = None
    now: datetime | None = None


def assess(record: Record, known: Known | None = None) -> Assessment:
    """All criteria of one dataset, in the active language. Asks nobody and writes nothing."""
    known = known or Known()
    graph = describe_record(record, Profile.V3)
    seen = Seen(graph, iri_of(record.key), known.reached)
    matter = Matter(record, known.now or timezone.now(), known.renewed_at)
    found: dict[Dimension, list[Criterion]] = {dimension: [] for dimension in Dimension}
    for criterion in _criteria(seen, matter):
        found[criterion.dimension].append(criterion)
    return Assessment(
        tuple(
            Score(dimension, gettext(DIMENSIONS[dimension]), tuple(found[dimension]))
            for dimension in Dimension
        )
    )


def problems_of(record: Record) -> list[Finding]:
    """What a harvester would refuse about this dataset and its distributions; the catalogue's own faults are left out."""
    found = check(describe_record(record, Profile.V3))
    return [item for item in found if item.subject.startswith(str(iri_of(record.key)))]


def rating_in_words(assessment: Assessment) -> str:
    """The group of data.europa.eu, in the active language."""
    return gettext(RATINGS[assessment.rating])


def _criteria(seen: Seen, matter: Matter) -> Iterator[Criterion]:
    for metric in METRICS:
        yield _of_metric(metric, metric.share(seen), matter.record)
    for count in COUNTS:
        holds = count.holds(seen)
        yield _made(f"govdata.{count.name}", Dimension.GOVDATA, matter.record, holds, count.field)
    for habit in HABITS:
        yield _of_habit(habit, matter)


def _of_metric(metric: Metric, share: float, record: Record) -> Criterion:
    passed = share >= 1
    points = metric.most if passed else int(metric.most * share)
    return _made(
        f"mqa.{metric.name}", metric.dimension, record, passed, metric.field, points=points, most=metric.most
    )


def _of_habit(habit: Habit, matter: Matter) -> Criterion:
    columns = [column.heading for column in habit.which(matter)] if habit.which else []
    return _made(
        f"house.{habit.name}",
        Dimension.HOUSE,
        matter.record,
        habit.holds(matter),
        habit.field,
        columns=columns,
    )


def _made(
    key: str,
    dimension: Dimension,
    record: Record,
    passed: bool,
    card_field: str,
    *,
    points: int = 0,
    most: int = 0,
    columns: list[str] | None = None,
) -> Criterion:
    title, kept, missing = TEXTS[key]
    sentence = gettext(kept) if passed else _filled(gettext(missing), columns or [])
    fix = None if passed or not card_field else Fix(card_field, suggest(record, card_field))
    return Criterion(key, dimension, gettext(title), passed, points, most, sentence, fix)


def _filled(sentence: str, columns: list[str]) -> str:
    return sentence % {"columns": ", ".join(f"„{name}“" for name in columns)} if columns else sentence
