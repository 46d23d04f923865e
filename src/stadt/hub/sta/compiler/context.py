"""What the parts of one compilation share: the viewer, the values, fresh aliases and a bound on the work."""

from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.compiler.access import visible
from stadt.hub.sta.compiler.values import Values
from stadt.hub.sta.model import EntityType
from stadt.hub.sta.syntax.problems import BadQuery

MOST_ROWS_OF = 40


class Context:
    """One statement in the making. `base` is the service root with a slash at its end."""

    def __init__(self, viewer: Visibility, base: str) -> None:
        self.viewer = viewer
        self.base_text = base
        self.values = Values()
        self._aliases = 0

    @property
    def base(self) -> str:
        """The placeholder of the service root."""
        return self.values.share("base", self.base_text, "text")

    def alias(self, position: int = 1) -> str:
        """A fresh alias.

        Raises:
            BadQuery: when the request would join too many entity types.
        """
        self._aliases += 1
        if self._aliases > MOST_ROWS_OF:
            raise BadQuery(position, f"the request names entities in more than {MOST_ROWS_OF} places")
        return f"t{self._aliases}"

    def source(self, entity: EntityType, alias: str) -> str:
        """The entity's tables, for FROM."""
        return entity.source.format(t=alias)

    def visible(self, entity: EntityType, alias: str) -> str:
        """The access condition of a row."""
        return visible(self.viewer, self.values, entity.name, alias)
