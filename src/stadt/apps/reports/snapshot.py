"""Everything a report shows, frozen: a snapshot is the same bytes wherever it is written, and its checksum names it.

A field that is not here cannot be shown. So nothing confidential has a place in it: no names of people, no drafts, no
offers, no amounts, no discussions.
"""

import hashlib
from datetime import date, datetime
from typing import Literal

import msgspec

FORM = 1
"""Version of this form; a snapshot of another form is not rebuilt, and says so."""

State = Literal["in_range", "probably_in", "probably_outside", "outside", "not_assessable"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a snapshot."""


class Edition(Part, frozen=True, kw_only=True):
    """The version of the strategy: its name, and the council paper that adopted it."""

    name: str
    state: str = ""
    paper: str = ""
    decided_on: date | None = None
    link: str = ""


class Value(Part, frozen=True, kw_only=True):
    """What an indicator is now, in its own unit: `number` is None where there is none, for the `reason`.

    `digits` are the decimals shown; `period` is the stretch in words; `low` and `high` are the interval's ends.
    """

    key: str
    title: str
    unit: str
    number: float | None = None
    digits: int | None = None
    period: str = ""
    as_of: datetime | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    method: str = ""
    quality: str = ""
    quality_class: str = ""
    is_simulated: bool = False
    reason: str = ""


class Target(Part, frozen=True, kw_only=True):
    """SOLL: the range and the day it is for. One end may be open; 0 is a number like any other."""

    low: float | None = None
    high: float | None = None
    due: date | None = None
    decision: str = ""
    is_example: bool = False


class Verdict(Part, frozen=True, kw_only=True):
    """How IST stands to SOLL, and why."""

    state: State
    reason: str = ""
    is_simulated: bool = False


class Indicator(Part, frozen=True, kw_only=True):
    """A printed indicator with what is known of it."""

    code: str
    name: str
    field: str
    unit: str = ""
    source: str = ""
    values: tuple[Value, ...] = ()
    target: Target | None = None
    verdict: Verdict | None = None

    @property
    def main(self) -> Value | None:
        """The first value that is a number, else the first."""
        return next(
            (value for value in self.values if value.number is not None), next(iter(self.values), None)
        )

    @property
    def is_measured(self) -> bool:
        return any(value.number is not None for value in self.values)

    @property
    def is_simulated(self) -> bool:
        """Whether what is shown rests on simulated figures or an example."""
        return self.has_simulated_values or bool(
            (self.target and self.target.is_example) or (self.verdict and self.verdict.is_simulated)
        )

    @property
    def has_simulated_values(self) -> bool:
        """Whether a figure is simulated; one that was measured stays measured beside an example of a SOLL."""
        return any(value.is_simulated for value in self.values if value.number is not None)


class Measure(Part, frozen=True, kw_only=True):
    """A measure as the public strategy has it. `verdict` sums up those of its indicators."""

    code: str
    title: str
    field: str
    summary: str = ""
    period: str = ""
    funding: str = ""
    is_funding_open: bool = False
    state: str = ""
    state_title: str = ""
    state_note: str = ""
    space: str = ""
    sdgs: tuple[int, ...] = ()
    has_owner: bool = False
    indicators: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    verdict: State = "not_assessable"
    is_simulated: bool = False

    @property
    def number(self) -> str:
        return self.code.removeprefix("M-")


class ActionField(Part, frozen=True, kw_only=True):
    """A field of action with the codes of what stands in it."""

    code: str
    title: str
    measures: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()


class Theme(Part, frozen=True, kw_only=True):
    """A guiding theme with its fields of action."""

    code: str
    title: str
    fields: tuple[ActionField, ...] = ()


class Decision(Part, frozen=True, kw_only=True):
    """A decision that was taken and is public."""

    number: str
    body: str
    decided_on: date | None = None
    kind: str = ""
    kind_title: str = ""
    title: str = ""
    codes: tuple[str, ...] = ()
    reason: str = ""
    paper: str = ""
    link: str = ""
    is_example: bool = False


class Gaps(Part, frozen=True, kw_only=True):
    """How much is not known or not settled, counted over what the report is about."""

    measures_without_indicator: int = 0
    indicators_without_measure: int = 0
    indicators_without_target: int = 0
    indicators_without_value: int = 0
    measures_funding_open: int = 0
    measures_without_owner: int = 0


class Snapshot(Part, frozen=True, kw_only=True):
    """All of one report. `asks` are the decisions asked of the council, `changes` sentences since `since`.

    `author` is a role and an office, never a person. `subject` is the measure of a sheet.
    """

    form: int = FORM
    kind: str
    language: str = "de"
    city: str
    strategy: str
    note: str = ""
    edition: Edition
    moment: datetime
    release: str
    address: str
    paper: str = ""
    author: str = ""
    subject: str = ""
    themes: tuple[Theme, ...] = ()
    measures: tuple[Measure, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    decisions: tuple[Decision, ...] = ()
    changes: tuple[str, ...] = ()
    since: datetime | None = None
    asks: tuple[str, ...] = ()
    gaps: Gaps = Gaps()
    is_example: bool = False

    @property
    def has_simulated(self) -> bool:
        """Whether any figure shown is simulated or an example."""
        return (
            self.is_example
            or any(indicator.is_simulated for indicator in self.indicators)
            or any(decision.is_example for decision in self.decisions)
        )

    def find_measure(self, code: str) -> Measure | None:
        return next((measure for measure in self.measures if measure.code == code), None)

    def find_indicator(self, code: str) -> Indicator | None:
        return next((indicator for indicator in self.indicators if indicator.code == code), None)


_encode = msgspec.json.Encoder(order="deterministic")
_decode = msgspec.json.Decoder(Snapshot)


def encode(snapshot: Snapshot) -> bytes:
    """The canonical JSON: UTF-8, keys in their order, no white space; equal snapshots are equal bytes."""
    return _encode.encode(snapshot)


def decode(content: bytes) -> Snapshot:
    """What `encode` wrote. Raises msgspec.ValidationError for anything else."""
    return _decode.decode(content)


def digest(content: bytes) -> str:
    """The checksum that a report prints: SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def same_state(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots show the same, whenever they were taken."""
    moment = msgspec.structs.replace(other, moment=one.moment)
    return encode(one) == encode(moment)
