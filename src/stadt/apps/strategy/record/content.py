"""What a strategy consists of: one frozen struct per kind of item, and the state of all items at one moment.

Whatever the printed strategy does not say is empty, never guessed. Every item has a code that is never given twice:
`V-1` vision, `Z-1` goal, `P-1` principle, `LT-2` guiding theme, `HF-2.1` field of action, `C-6` challenge,
`M-2.1.3` measure, `K2.1-01` indicator, `A-1` annotation, and `S` for the strategy as a whole.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeVar, cast

import msgspec

from stadt.apps.strategy.record.parts import (
    Chain,
    Dependency,
    DependencyKind,
    Effect,
    Funding,
    FundingItem,
    FundingState,
    IndicatorLink,
    IndicatorRole,
    Part,
    Partner,
    Period,
    Phase,
    Precision,
    SourceClass,
    SpaceLevel,
    SpaceType,
    Spatial,
    Tag,
)

__all__ = [
    "KINDS",
    "ActionField",
    "Annotation",
    "Chain",
    "Challenge",
    "Content",
    "Dependency",
    "DependencyKind",
    "Effect",
    "Funding",
    "FundingItem",
    "FundingState",
    "Goal",
    "Head",
    "IndicatorLink",
    "IndicatorRole",
    "Item",
    "Measure",
    "Part",
    "Partner",
    "Period",
    "Phase",
    "Precision",
    "Principle",
    "PrintedIndicator",
    "SourceClass",
    "SpaceLevel",
    "SpaceType",
    "Spatial",
    "Tag",
    "Theme",
    "Vision",
    "decode",
    "encode",
    "field_of",
    "kind_of",
    "natural_order",
]


class Head(msgspec.Struct, frozen=True, tag_field="type", tag="head"):
    """The strategy as a whole: its title, the state of the document and a remark on how to read it."""

    code: str = "S"
    title: str = ""
    as_of: str = ""
    note: str = ""


class Vision(msgspec.Struct, frozen=True, tag_field="type", tag="vision"):
    """One statement about the city of the future. `text` is a summary in own words where `is_summary`."""

    code: str
    title: str
    text: str = ""
    section: str = ""
    is_summary: bool = False


class Goal(msgspec.Struct, frozen=True, tag_field="type", tag="goal"):
    """An aim above the measures."""

    code: str
    title: str
    text: str = ""
    section: str = ""
    is_summary: bool = False


class Principle(msgspec.Struct, frozen=True, tag_field="type", tag="principle"):
    """A rule that every measure is checked against; `checks` are the questions."""

    code: str
    title: str
    text: str = ""
    checks: tuple[str, ...] = ()
    section: str = ""
    is_summary: bool = False


class Theme(msgspec.Struct, frozen=True, tag_field="type", tag="theme"):
    """A guiding theme (Leitthema) or lighthouse project. `slug` is its address and stays when the title changes."""

    code: str
    title: str
    text: str = ""
    section: str = ""
    slug: str = ""
    is_summary: bool = False


class ActionField(msgspec.Struct, frozen=True, tag_field="type", tag="field"):
    """A field of action (Handlungsfeld) of a theme. `slug` is its address and stays when the title changes."""

    code: str
    title: str
    theme: str = ""
    text: str = ""
    section: str = ""
    slug: str = ""
    is_summary: bool = False


class Challenge(msgspec.Struct, frozen=True, tag_field="type", tag="challenge"):
    """An urban challenge that measures answer."""

    code: str
    title: str
    text: str = ""
    section: str = ""
    is_summary: bool = False


class Measure(msgspec.Struct, frozen=True, tag_field="type", tag="measure"):
    """A measure (Maßnahme). `field` is the code of its field of action, `owner` the key of an organisation (empty: not set).

    `state` is a state of `lifecycle`; `state_note` says how far the state can be relied on.
    """

    code: str
    title: str
    field: str = ""
    summary: str = ""
    period: Period = Period()
    funding: Funding = Funding()
    sdgs: tuple[int, ...] = ()
    main_sdg: int | None = None
    dependencies: tuple[Dependency, ...] = ()
    spatial: Spatial = Spatial()
    challenges: tuple[str, ...] = ()
    indicators: tuple[IndicatorLink, ...] = ()
    owner: str = ""
    partners: tuple[Partner, ...] = ()
    tags: tuple[Tag, ...] = ()
    state: str = ""
    state_note: str = ""
    software: str = ""
    evaluate_on: date | None = None

    @property
    def number(self) -> str:
        return self.code.removeprefix("M-")

    @property
    def is_struck(self) -> bool:
        return self.state == "struck"

    @property
    def indicator_codes(self) -> tuple[str, ...]:
        return tuple(link.code for link in self.indicators)


class PrintedIndicator(msgspec.Struct, frozen=True, tag_field="type", tag="indicator"):
    """An indicator of the strategy. `repeats` is the code that this row repeats by mistake; such a row is inactive.

    `interval` is an ISO 8601 duration such as `P1Y` (empty: not set), `expected_delay_days` how late values may come.
    """

    code: str
    name: str
    field: str = ""
    unit: str = ""
    direction: str = ""
    kind: str = ""
    formula: str = ""
    standard: str = ""
    source: str = ""
    is_active: bool = True
    repeats: str = ""
    priority: bool = False
    is_context: bool = False
    interval: str = ""
    expected_delay_days: int | None = None
    owner: str = ""
    chain: Chain = ""

    @property
    def title(self) -> str:
        return self.name


class Annotation(msgspec.Struct, frozen=True, tag_field="type", tag="annotation"):
    """A remark on something in the strategy that is not corrected in place. `about` is the code of the item, `S` for the whole."""

    code: str
    about: str
    text: str
    source: str = ""

    @property
    def title(self) -> str:
        return self.text


Item = (
    Head
    | Vision
    | Goal
    | Principle
    | Theme
    | ActionField
    | Challenge
    | Measure
    | PrintedIndicator
    | Annotation
)

_Kind = TypeVar("_Kind", bound=Item)

#: Kind → (struct, shape of its code), in the order in which a strategy is told.
KINDS: Final[Mapping[str, tuple[type[Item], re.Pattern[str]]]] = MappingProxyType(
    {
        "head": (Head, re.compile(r"S")),
        "vision": (Vision, re.compile(r"V-([1-9][0-9]{0,3})")),
        "goal": (Goal, re.compile(r"Z-([1-9][0-9]{0,3})")),
        "principle": (Principle, re.compile(r"P-([1-9][0-9]{0,3})")),
        "challenge": (Challenge, re.compile(r"C-([1-9][0-9]{0,3})")),
        "theme": (Theme, re.compile(r"LT-([1-9][0-9]{0,3})")),
        "field": (ActionField, re.compile(r"HF-([1-9][0-9]{0,3})\.([1-9][0-9]{0,3})")),
        "measure": (
            Measure,
            re.compile(r"M-([1-9][0-9]{0,3})\.([1-9][0-9]{0,3})\.([1-9][0-9]{0,3})([a-z]?)"),
        ),
        "indicator": (PrintedIndicator, re.compile(r"K([1-9][0-9]{0,3})\.([1-9][0-9]{0,3})-([0-9]{1,4})")),
        "annotation": (Annotation, re.compile(r"A-([1-9][0-9]{0,3})")),
    }
)
_RANK: Final = {kind: rank for rank, kind in enumerate(KINDS)}
_decode = msgspec.json.Decoder(Item)


def kind_of(code: str) -> str:
    """The kind of item that a code belongs to, such as `measure`; empty where no item can have this code."""
    for kind, (_struct, shape) in KINDS.items():
        if shape.fullmatch(code):
            return kind
    return ""


def natural_order(code: str) -> tuple[int, tuple[int, ...], str]:
    """Sorts by kind, then M-1.2.2 before M-1.2.10 and M-4.3.4 before M-4.3.4a; unknown codes come last."""
    kind = kind_of(code)
    if not kind:
        return len(_RANK), (), code
    match = KINDS[kind][1].fullmatch(code)
    parts = match.groups() if match else ()
    numbers = tuple(int(part) for part in parts if part.isdecimal())
    return _RANK[kind], numbers, "".join(part for part in parts if not part.isdecimal())


def field_of(code: str) -> str:
    """The field of action whose number a measure's or indicator's code carries: `HF-2.1` for `M-2.1.3`; else empty."""
    kind = kind_of(code)
    if kind not in {"measure", "indicator"}:
        return ""
    match = KINDS[kind][1].fullmatch(code)
    return f"HF-{int(match[1])}.{int(match[2])}" if match else ""


def encode(item: Item) -> bytes:
    """The item as JSON with its `type`, the same bytes for equal items."""
    return msgspec.json.encode(item)


def decode(raw: bytes | str) -> Item:
    """The item that `encode` wrote.

    Raises:
        msgspec.ValidationError: the JSON is of no kind of item.
    """
    return cast(Item, _decode.decode(raw))


class Content:
    """All items of a strategy in one state, by code in natural order. Two contents are equal when their items are."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        ordered = sorted(items, key=lambda item: natural_order(item.code))
        self.items: Mapping[str, Item] = MappingProxyType({item.code: item for item in ordered})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and dict(self.items) == dict(other.items)

    def __hash__(self) -> int:
        return hash(tuple(self.items))

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items.values())

    def __contains__(self, code: object) -> bool:
        return code in self.items

    def find(self, code: str) -> Item | None:
        return self.items.get(code)

    def _of(self, kind: type[_Kind]) -> Mapping[str, _Kind]:
        return MappingProxyType({code: item for code, item in self.items.items() if isinstance(item, kind)})

    @cached_property
    def head(self) -> Head:
        return next(iter(self._of(Head).values()), Head())

    @cached_property
    def visions(self) -> Mapping[str, Vision]:
        return self._of(Vision)

    @cached_property
    def goals(self) -> Mapping[str, Goal]:
        return self._of(Goal)

    @cached_property
    def principles(self) -> Mapping[str, Principle]:
        return self._of(Principle)

    @cached_property
    def challenges(self) -> Mapping[str, Challenge]:
        return self._of(Challenge)

    @cached_property
    def themes(self) -> Mapping[str, Theme]:
        return self._of(Theme)

    @cached_property
    def fields(self) -> Mapping[str, ActionField]:
        return self._of(ActionField)

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """Every measure that ever got a number, struck ones too."""
        return self._of(Measure)

    @cached_property
    def indicators(self) -> Mapping[str, PrintedIndicator]:
        return self._of(PrintedIndicator)

    @cached_property
    def annotations(self) -> Mapping[str, Annotation]:
        return self._of(Annotation)

    def annotations_of(self, code: str) -> tuple[Annotation, ...]:
        return tuple(note for note in self.annotations.values() if note.about == code)
