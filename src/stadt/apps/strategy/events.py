"""What the strategy tells the other apps, by codes only."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class StrategyChanged(Event):
    """Items with these codes got a new version; `change_request` is the id of the request, None without one."""

    codes: tuple[str, ...]
    change_request: int | None = None


@dataclass(frozen=True)
class MeasureStruck(Event):
    """A measure was struck; its number stays taken."""

    code: str


@dataclass(frozen=True)
class MeasureRescheduled(Event):
    """A measure got another period."""

    code: str


@dataclass(frozen=True)
class EditionAdopted(Event):
    """An edition was adopted and is in force."""

    name: str
