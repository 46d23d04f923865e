"""The syntax tree of resource paths and query options; what the names mean is found later, by the compiler."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from typing import TypeAlias


class LiteralKind(Enum):
    """What a literal is; the names are OData's."""

    NULL = "null"
    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "text"
    TIME = "time"
    CLOCK = "time of day"
    INTERVAL = "interval"
    DURATION = "duration"
    GEOGRAPHY = "geography"


@dataclass(frozen=True, slots=True)
class Interval:
    """A time interval `start/end`, both aware."""

    start: datetime
    end: datetime


LiteralValue: TypeAlias = bool | int | float | str | datetime | time | timedelta | Interval | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; geographies keep their text."""

    position: int
    kind: LiteralKind
    value: LiteralValue


@dataclass(frozen=True, slots=True)
class Name:
    """One name in a path, with the position of its first character."""

    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A property path such as `Datastream/Thing/properties/floor`."""

    names: tuple[Name, ...]

    @property
    def position(self) -> int:
        return self.names[0].position

    def __str__(self) -> str:
        return "/".join(name.text for name in self.names)


@dataclass(frozen=True, slots=True)
class Operation:
    """`left operator right`, the operator as OData writes it: or, and, eq, ne, gt, ge, lt, le, add, …"""

    position: int
    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Negation:
    """`not operand`."""

    position: int
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    position: int
    function: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """`operand in (item, item)`."""

    position: int
    operand: "Expression"
    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Quantified:
    """`collection/any(variable: condition)`, or `all`."""

    position: int
    quantifier: str
    collection: Reference
    variable: Name
    condition: "Expression"


Expression: TypeAlias = Literal | Reference | Operation | Negation | Call | Membership | Quantified


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One part of `$orderby`."""

    expression: Expression
    descending: bool


@dataclass(frozen=True, slots=True)
class ExpandItem:
    """One part of `$expand`: a path of navigation properties, and options for what its end holds."""

    path: Reference
    query: "Query"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One figure of `aggregate(…)`: `result with average as mean`, `$count as number`, or the own figure `coverage`."""

    position: int
    method: str
    name: str


@dataclass(frozen=True, slots=True)
class Apply:
    """`$apply`: buckets of time of this length (ISO 8601), of all observations or of those that fit the condition."""

    position: int
    width: str
    figures: tuple[Aggregate, ...]
    filter: Expression | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """All query options of a request or of one expanded navigation property; None and empty mean not given."""

    top: int | None = None
    skip: int | None = None
    count: bool | None = None
    select: tuple[Reference, ...] = ()
    orderby: tuple[OrderItem, ...] = ()
    filter: Expression | None = None
    expand: tuple[ExpandItem, ...] = ()
    skiptoken: str | None = None
    apply: Apply | None = None
    resultFormat: str | None = None  # noqa: N815 - the standard's name

    @property
    def given(self) -> list[str]:
        """Names of the options that are given, without their `$`."""
        return [name for name in self.__dataclass_fields__ if getattr(self, name) not in {None, ()}]


@dataclass(frozen=True, slots=True)
class Segment:
    """One step of a resource path: a name, and the key in parentheses if there is one."""

    name: Name
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """The steps of a resource path behind the service root; `$value`, `$count` and `$ref` are steps too."""

    segments: tuple[Segment, ...]
