"""Where a name in an expression begins: at the entity in question, or at the member of a collection that was chosen.

A filter may lead through a collection: `Datastreams/name eq 'x'` holds for a Thing when it holds for one of its
Datastreams. The smallest part of the filter that has all uses of a collection speaks of one member, so that in
`Datastreams/name eq 'x' and Datastreams/Observations/result gt 5` both are about the same Datastream, as in the
examples of 18-088, 9.3.3.5. `any` and `all` say the same with a name for the member (OData 4.01, 5.1.1.13).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.joins import get_navigation, reachable
from stadt.hub.sta.entities import BY_NAME
from stadt.hub.sta.model import EntityType
from stadt.hub.sta.syntax.nodes import (
    Call,
    Expression,
    Membership,
    Name,
    Negation,
    Operation,
    Quantified,
    Reference,
)
from stadt.hub.sta.syntax.problems import BadQuery

Prefix = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row in a statement: the entity type and the alias."""

    entity: EntityType
    alias: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean: `chosen` are the members of collections, by the path to the collection, and variables."""

    context: Context
    row: Row
    chosen: Mapping[Prefix, Row] = field(default_factory=dict)

    @classmethod
    def of(cls, context: Context, entity: EntityType, alias: str) -> "Scope":
        """The scope of the entity in question."""
        return cls(context, Row(entity, alias))

    def start(self, names: tuple[Name, ...]) -> tuple[Row, tuple[Name, ...]]:
        """The row a path starts at, and the rest of the path."""
        for length in range(len(names), 0, -1):
            row = self.chosen.get(tuple(name.text for name in names[:length]))
            if row is not None:
                return row, names[length:]
        return self.row, names

    def choosing(self, prefix: Prefix, row: Row) -> "Scope":
        """The same with one member more."""
        return replace(self, chosen={**self.chosen, prefix: row})


def collections(scope: Scope, node: Expression) -> dict[Prefix, Reference]:
    """The collections an expression leads through whose members are not chosen yet, shorter paths first."""
    found: dict[Prefix, Reference] = {}
    for reference in _references(node, frozenset()):
        row, rest = scope.start(reference.names)
        entity, passed = row.entity, len(reference.names) - len(rest)
        for number, name in enumerate(rest, passed + 1):
            navigation = entity.navigation_by_name.get(name.text)
            if navigation is None:
                break
            entity = BY_NAME[navigation.target]
            if navigation.is_many:
                names = reference.names[:number]
                found.setdefault(tuple(item.text for item in names), Reference(names))
    return dict(sorted(found.items(), key=lambda item: len(item[0])))


def _references(node: Expression, variables: frozenset[str]) -> Iterator[Reference]:
    match node:
        case Reference():
            if node.names[0].text not in variables:
                yield node
        case Operation():
            yield from _references(node.left, variables)
            yield from _references(node.right, variables)
        case Negation():
            yield from _references(node.operand, variables)
        case Call():
            for part in node.arguments:
                yield from _references(part, variables)
        case Membership():
            for part in (node.operand, *node.items):
                yield from _references(part, variables)
        case Quantified():
            # The collection itself is what it quantifies over; only the way to it may lead through others.
            *way, last = node.collection.names
            if way:
                yield Reference((*way, replace(last, text="")))
            yield from _references(node.condition, variables | {node.variable.text})


def joined_to(scope: Scope, collection: Reference) -> tuple[Row, list[str], list[str]]:
    """A fresh row for a member of a collection, with what stands in FROM and WHERE.

    Raises:
        BadQuery: the path leads to no collection.
    """
    context = scope.context
    # The collection itself is all of its members, also where one of them was chosen around this.
    row, rest = scope.start(collection.names[:-1])
    rest = (*rest, collection.names[-1])
    sources: list[str] = []
    conditions: list[str] = []
    for name in rest:
        navigation = get_navigation(row.entity, name)
        if navigation.is_many and name is not rest[-1]:
            raise BadQuery(name.position, f"'{name.text}' is a collection; use any or all for its members")
        following = Row(BY_NAME[navigation.target], context.alias(name.position))
        sources.append(context.source(following.entity, following.alias))
        conditions.append(reachable(context, navigation, row.alias, following.alias))
        row = following
    if not navigation.is_many:
        raise BadQuery(collection.position, f"'{collection}' is no collection")
    return row, sources, conditions


def exists(sources: list[str], conditions: list[str]) -> str:
    """That there is such a row."""
    return f"EXISTS (SELECT FROM {', '.join(sources)} WHERE {' AND '.join(conditions)})"
