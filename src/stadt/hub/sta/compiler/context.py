"""What the parts of one compilation share: the viewer, the values, fresh aliases and a bound on the work."""

import json
from typing import Any

from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.compiler.access import visible
from stadt.hub.sta.compiler.values import Values
from stadt.hub.sta.model import EntityType, Navigation
from stadt.hub.sta.syntax.problems import BadQuery

MOST_PLACES = 40
# So many factors of a double's or literal's size cannot leave PostgreSQL's numeric (131,072 digits): an overflow would
# be an error that tells about rows which the viewer may not see.
MOST_SUMS = 50
MOST_LOOKUPS = 8


class Context:
    """One statement in the making. `base` is the service root with a slash at its end, as it stands in JSON."""

    def __init__(self, viewer: Visibility, base: str) -> None:
        self.viewer = viewer
        self.base = json.dumps(base, ensure_ascii=False)[1:-1]
        self.values = Values()
        self._came: dict[str, str] = {}
        self._aliases = 0
        self._sums = 0
        self._lookups: list[Any] = []

    def alias(self, position: int = 1) -> str:
        """A fresh alias.

        Raises:
            BadQuery: when the request would join too many entity types.
        """
        self._aliases += 1
        if self._aliases > MOST_PLACES:
            raise BadQuery(position, f"the request names entities in more than {MOST_PLACES} places")
        return f"t{self._aliases}"

    def source(self, entity: EntityType, alias: str, listed: Navigation | None = None) -> str:
        """The entity's tables, for FROM; `listed` is the relation whose members are listed."""
        listing = listed.listing if listed is not None else None
        return (entity.source if listing is None else listing.source).format(t=alias)

    def note_way(self, alias: str, navigation: Navigation | None) -> None:
        """Remember along which relation one came to the row `alias`."""
        if navigation is not None:
            self._came[alias] = navigation.inverse

    def leads(self, entity: EntityType, navigation: Navigation, alias: str) -> str:
        """The condition that a relation leads anywhere from a row: empty for always, `false` for never.

        Of relations that exclude each other the one that one came along is known.
        """
        back = entity.navigation_by_name.get(self._came.get(alias, ""))
        if navigation.when and back is not None and back.when:
            return "" if back is navigation else "false"
        return navigation.when.format(s=alias)

    def visible(self, entity: EntityType, alias: str) -> str:
        """The access condition of a row."""
        return visible(self.viewer, self.values, entity.name, alias)

    def look_up(self, position: int, lookup: Any, cast: str) -> str:
        """The placeholder of what is to be found out before the statement runs.

        Raises:
            BadQuery: when there is too much of it.
        """
        if lookup not in self._lookups:
            self._lookups.append(lookup)
        if len(self._lookups) > MOST_LOOKUPS:
            raise BadQuery(position, f"more than {MOST_LOOKUPS} different questions about geometries")
        return self.values.share(f"lookup {self._lookups.index(lookup)}", lookup, cast)

    def count_sum(self, position: int) -> None:
        """Note one arithmetic operation.

        Raises:
            BadQuery: when there are too many.
        """
        self._sums += 1
        if self._sums > MOST_SUMS:
            raise BadQuery(position, f"more than {MOST_SUMS} arithmetic operations")
