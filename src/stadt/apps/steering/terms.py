"""What a city may set about steering: `steering.toml` in its folder, with these values where it says nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from stadt.apps.steering.progress import Thresholds
from stadt.core.city import current
from stadt.core.errors import ConfigurationError

# Days without work that all of Germany has; a Land's own ones stand in the city's file.
GERMAN_HOLIDAYS = (
    "01-01",
    "easter-2",
    "easter+1",
    "05-01",
    "easter+39",
    "easter+50",
    "10-03",
    "12-25",
    "12-26",
)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """Deadlines, hours and thresholds.

    Attributes:
        answer_days: working days in which a warning is answered on each level.
        funding_days: days before the start of a measure from which open funding is warned of.
        mail_from, mail_until: local hours between which mails go out, on working days.
        half_life_days: days after which a value counts half in a forecast; None: all count the same.
        holidays: days without work: `10-03`, `easter+1`, or a whole date.
    """

    answer_days: int = 10
    funding_days: int = 90
    mail_from: int = 7
    mail_until: int = 18
    half_life_days: float | None = None
    on_track: float = 0.95
    at_risk: float = 0.6
    off_track: float = 0.0
    holidays: tuple[str, ...] = GERMAN_HOLIDAYS

    @property
    def thresholds(self) -> Thresholds:
        """From which ratio on a pace counts."""
        return Thresholds(self.on_track, self.at_risk, self.off_track)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, except holidays."""
        return day.weekday() < SATURDAY and day not in _days_off(self.holidays, day.year)

    def after_working_days(self, day: date, count: int) -> date:
        """The day by which `count` working days after this one are over."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def may_mail(self, local: datetime) -> bool:
        """Whether people may be written to at a local time."""
        return self.is_working_day(local.date()) and self.mail_from <= local.hour < self.mail_until


@cache
def terms() -> Terms:
    """The terms of this city. Raises ConfigurationError."""
    return read_terms(current().read_toml("steering.toml"))


def read_terms(document: dict[str, Any]) -> Terms:
    """The terms of a file as read.

    Raises:
        ConfigurationError: with one sentence that names the entry that is unknown or of the wrong kind.
    """
    known = {field.name for field in fields(Terms)}
    for name in document.keys() - known:
        raise ConfigurationError(
            f"steering.toml: „{name}“ gibt es nicht. Bekannt: {', '.join(sorted(known))}."
        )
    values = dict(document)
    if "holidays" in values:
        values["holidays"] = (*GERMAN_HOLIDAYS, *values["holidays"])
    try:
        found = Terms(**values)
        _ = found.thresholds, _days_off(found.holidays, 2024)
        in_order = (
            1 <= found.answer_days <= 250
            and 0 <= found.funding_days <= 3650
            and 0 <= found.mail_from < found.mail_until <= 24
            and (found.half_life_days is None or found.half_life_days > 0)
        )
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"steering.toml: {error}") from None
    if not in_order:
        raise ConfigurationError("steering.toml: Eine Frist oder Uhrzeit liegt außerhalb des Sinnvollen.")
    return found


def problems() -> Iterable[str]:
    """What is wrong with the city's file, as sentences for the registry."""
    try:
        read_terms(current().read_toml("steering.toml"))
    except ConfigurationError as error:
        yield error.detail


@cache
def _days_off(rules: tuple[str, ...], year: int) -> frozenset[date]:
    return frozenset(_day_off(rule, year) for rule in rules)


def _day_off(rule: str, year: int) -> date:
    if rule.startswith("easter"):
        return easter(year) + timedelta(days=int(rule.removeprefix("easter")))
    return date.fromisoformat(rule if len(rule) > 5 else f"{year}-{rule}")


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
