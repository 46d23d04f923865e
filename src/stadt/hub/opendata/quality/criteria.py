"""What an assessment consists of: criteria with their points, and what would mend them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST = 405


class Dimension(StrEnum):
    """What a criterion is about: the five of data.europa.eu, GovData's counts, and the house's own."""

    FINDABILITY = "findability"
    ACCESSIBILITY = "accessibility"
    INTEROPERABILITY = "interoperability"
    REUSABILITY = "reusability"
    CONTEXTUALITY = "contextuality"
    GOVDATA = "govdata"
    HOUSE = "house"


class Rating(StrEnum):
    """The four groups in which data.europa.eu tells the sum of points."""

    EXCELLENT = "excellent"
    GOOD = "good"
    SUFFICIENT = "sufficient"
    BAD = "bad"


# From how many of the 405 points on (methodology of data.europa.eu's Metadata Quality Assessment).
GROUPS = ((351, Rating.EXCELLENT), (221, Rating.GOOD), (121, Rating.SUFFICIENT))


@dataclass(frozen=True, slots=True)
class Fix:
    """What to change: a field of the card, and the value to offer where one can be told.

    `value` has the form the card takes it in: a text, a list of texts for `keywords`, a date as ISO 8601.
    """

    field: str
    value: str | tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that was looked at.

    Attributes:
        key: stable, such as `mqa.keyword`.
        title: what is looked at, in the active language.
        points, most: 0 of 0 where nobody gives points for it; a part of `most` where a part of the files keeps it.
        sentence: what is there or what is missing, in the active language.
        fix: None where it is kept, or where nothing the publisher fills in would change it.
    """

    key: str
    dimension: Dimension
    title: str
    passed: bool
    points: int
    most: int
    sentence: str
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The criteria of a dimension and their sum."""

    dimension: Dimension
    title: str
    criteria: tuple[Criterion, ...]

    @property
    def points(self) -> int:
        """How many points were reached."""
        return sum(item.points for item in self.criteria)

    @property
    def most(self) -> int:
        """How many there are."""
        return sum(item.most for item in self.criteria)

    @property
    def passed(self) -> int:
        """How many criteria are kept."""
        return sum(item.passed for item in self.criteria)


@dataclass(frozen=True, slots=True)
class Assessment:
    """How good the description of one dataset is; only the dimensions of data.europa.eu give points."""

    scores: tuple[Score, ...]

    @property
    def points(self) -> int:
        """The sum that data.europa.eu would reckon."""
        return sum(item.points for item in self.scores)

    @property
    def most(self) -> int:
        """What can be reached at most: 405."""
        return sum(item.most for item in self.scores)

    @property
    def rating(self) -> Rating:
        """The group the sum belongs to."""
        return next((rating for least, rating in GROUPS if self.points >= least), Rating.BAD)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All of them, in the order of the dimensions."""
        return tuple(item for score in self.scores for item in score.criteria)

    @property
    def to_mend(self) -> tuple[Criterion, ...]:
        """What the publisher can mend, what gains most first."""
        return tuple(sorted(self._mendable(), key=lambda item: item.points - item.most))

    def _mendable(self) -> Iterator[Criterion]:
        return (item for item in self.criteria if not item.passed and item.fix is not None)

    def of(self, dimension: Dimension) -> Score:
        """The score of a dimension."""
        return next(item for item in self.scores if item.dimension is dimension)
