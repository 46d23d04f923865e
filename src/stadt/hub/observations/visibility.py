"""Whose eyes a query reads with: everybody's, an actor's, or the platform's own."""

from dataclasses import dataclass
from typing import ClassVar, Self

from stadt.core.people.actor import ALL, Actor
from stadt.hub.observations.rights import READ


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which datastreams a query may see: public ones, and those of these organisations (0: of none), or all."""

    sees_all: bool = False
    organisations: tuple[int, ...] = ()

    PUBLIC: ClassVar["Visibility"]
    ALL: ClassVar["Visibility"]

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """What an actor may read: public datastreams, and its organisations' with `observations.read`."""
        if actor.kind == "system":
            return cls(sees_all=True)
        held = actor.grants.get(READ.key, frozenset()) | actor.grants.get(ALL, frozenset())
        return cls(organisations=tuple(sorted(held)))

    def condition(self) -> tuple[str, list[object]]:
        """SQL about a datastream `d`, and its parameters."""
        if self.sees_all:
            return "true", []
        if not self.organisations:
            return "d.is_public", []
        return "(d.is_public OR coalesce(d.organisation_id, 0) = ANY(%s))", [list(self.organisations)]


Visibility.PUBLIC = Visibility()
Visibility.ALL = Visibility(sees_all=True)
