"""How an entity type of the standard is described: its properties, navigation and SQL, as frozen data.

SQL is written as templates: `{t}` is the alias of the entity's row, `{s}` that of the row one came from. Templates are
part of the code; values never become part of them.
"""

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property


class Type(Enum):
    """What a value is, for comparing and ordering; in brackets PostgreSQL's type."""

    ID = "id"  # bigint
    TEXT = "text"  # text
    NUMBER = "number"  # numeric or double precision
    BOOLEAN = "boolean"  # boolean
    TIME = "time"  # timestamptz
    CLOCK = "time of day"  # time
    DURATION = "duration"  # numeric, seconds
    INTERVAL = "interval"  # two timestamptz, start and end
    JSON = "json"  # jsonb
    GEOMETRY = "geometry"  # jsonb holding GeoJSON


@dataclass(frozen=True)
class Property:
    """A property of an entity type.

    Attributes:
        sql: the value, of the type's PostgreSQL type; for an interval its start.
        end: the end of an interval, null where the interval is an instant.
        json: the value as JSON text; null leaves it out, or writes null where `is_mandatory`.
        parts: the same as `json` in pieces that are to be written behind each other, null for nothing.
        number: for JSON that is mostly numbers, the number (double precision) or null.
    """

    name: str
    type: Type
    sql: str
    json: str
    end: str = ""
    number: str = ""
    parts: tuple[str, ...] = ()
    is_mandatory: bool = False
    is_nullable: bool = False


@dataclass(frozen=True)
class Link:
    """A table that joins two entity types: `near` is the column with the id of the one we come from."""

    table: str
    near: str
    far: str


@dataclass(frozen=True)
class Listing:
    """How a relation is listed whose members have places of their own and may come more than once.

    `source` stands in FROM instead of the entity type's; `near` is the column over `{t}` with the id of the one we come from.
    """

    source: str
    near: str


@dataclass(frozen=True)
class Key:
    """One column of the default order: `cast` is the PostgreSQL type its text is read as."""

    sql: str
    cast: str


@dataclass(frozen=True)
class Navigation:
    """A navigation property: `far` over `{t}` equals `near` over `{s}`, or both are joined by `link`.

    Attributes:
        narrow: a further condition over `{s}` (and `{s}_state`) and `{t}`, with which PostgreSQL can skip partitions.
        is_implied: whoever may see where one comes from may see everything the navigation leads to (see `access.py`).
        inverse: the navigation property that leads back.
        count: the maintained number of entities it leads to, over `{s}_state`.
        newest: in descending default order, the condition of the first one.
        order: the default order of what it leads to, where that differs from the entity type's.
        when: the condition over `{s}` under which it leads anywhere at all; without it there is no link.
        id_sql: over `{s}`, the id it leads to, where that is not simply `near`: null unless `when` holds.
        listing: what collections are read from, where `link` cannot say it.
        is_derived: an extension of ours that is only read: bodies do not have it, and its link stands in an entity only
            when `$select` names it, so that clients of the standard meet nothing they do not know.
    """

    name: str
    target: str
    is_many: bool
    inverse: str
    near: str = "{s}.id"
    far: str = "{t}.id"
    link: Link | None = None
    narrow: str = ""
    is_implied: bool = False
    count: str = ""
    newest: str = ""
    order: tuple[Key, ...] = ()
    when: str = ""
    id_sql: str = ""
    listing: Listing | None = None
    is_derived: bool = False


@dataclass(frozen=True)
class EntityType:
    """An entity type.

    Attributes:
        source: what stands in FROM.
        order: columns of the default order: together unique, none ever null.
        aliases: further names of properties, such as `@iot.id`.
    """

    name: str
    set_name: str
    source: str
    properties: tuple[Property, ...]
    navigation: tuple[Navigation, ...]
    order: tuple[Key, ...] = (Key("{t}.id", "bigint"),)
    aliases: dict[str, str] = field(default_factory=lambda: {"@iot.id": "id"})

    @cached_property
    def properties_by_name(self) -> dict[str, Property]:
        return {item.name: item for item in self.properties}

    @cached_property
    def navigation_by_name(self) -> dict[str, Navigation]:
        return {item.name: item for item in self.navigation}

    @cached_property
    def written_navigation(self) -> dict[str, Navigation]:
        """What a body may hold."""
        return {item.name: item for item in self.navigation if not item.is_derived}

    def find_property(self, name: str) -> Property | None:
        """A property by its name, or by a name control information has in JSON."""
        return self.properties_by_name.get(self.aliases.get(name, name))
