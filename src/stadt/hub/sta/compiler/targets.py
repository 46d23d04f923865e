"""What a resource path leads to: the steps through the entity model, and the condition of the last one's rows."""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from dataclasses import dataclass

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.entities import BY_NAME, BY_SET
from stadt.hub.sta.model import EntityType, Navigation, Property
from stadt.hub.sta.syntax.nodes import Name, Path, Segment
from stadt.hub.sta.syntax.problems import UnknownPath

COUNT, REF, VALUE = "$count", "$ref", "$value"


@dataclass(frozen=True, slots=True)
class Step:
    """An entity set, or what a navigation property leads to; with a key, or a navigation to one, a single entity."""

    entity: EntityType
    key: int | None = None
    navigation: Navigation | None = None

    @property
    def listed(self) -> Navigation | None:
        """The relation whose members are listed, each as often as it comes."""
        return self.navigation if self.key is None else None

    @property
    def is_single(self) -> bool:
        return self.key is not None or (self.navigation is not None and not self.navigation.is_many)


@dataclass(frozen=True, slots=True)
class Target:
    """A resource path that was found in the model. `ending` is `$count`, `$ref`, `$value` or empty."""

    steps: tuple[Step, ...]
    found: Property | None = None
    members: tuple[Name, ...] = ()
    ending: str = ""

    @property
    def entity(self) -> EntityType:
        return self.steps[-1].entity

    @property
    def is_collection(self) -> bool:
        return not self.steps[-1].is_single


def find_target(path: Path) -> Target:
    """The target of a path.

    Raises:
        UnknownPath: no such resource in the model.
    """
    first, *rest = path.segments
    if first.name.text not in BY_SET:
        raise UnknownPath.of(first.name, "entity set", BY_SET)
    steps = [Step(BY_SET[first.name.text], first.key)]
    while rest:
        step = _next_step(steps[-1], rest[0])
        if step is None:
            break
        steps.append(step)
        rest = rest[1:]
    return _with_ending(tuple(steps), rest)


def _next_step(current: Step, segment: Segment) -> Step | None:
    name = segment.name
    navigation = current.entity.navigation_by_name.get(name.text)
    if navigation is None:
        return None
    if not current.is_single:
        raise UnknownPath(name.position, f"'{current.entity.set_name}' is a collection; give a key", "path")
    if segment.key is not None and not navigation.is_many:
        raise UnknownPath(name.position, f"'{name.text}' is one entity and takes no key", "path")
    return Step(BY_NAME[navigation.target], segment.key, navigation)


def _with_ending(steps: tuple[Step, ...], rest: list[Segment]) -> Target:
    if not rest:
        return Target(steps)
    current, name = steps[-1], rest[0].name
    keyed = next((segment.name for segment in rest if segment.key is not None), None)
    if keyed is not None:
        raise UnknownPath.of(keyed, "navigation property", current.entity.navigation_by_name)
    if name.text == COUNT and len(rest) == 1 and not current.is_single:
        return Target(steps, ending=COUNT)
    if name.text == REF and len(rest) == 1:
        return Target(steps, ending=REF)
    found = current.entity.find_property(name.text) if current.is_single else None
    if found is None:
        known = [*current.entity.properties_by_name, *current.entity.navigation_by_name]
        raise UnknownPath.of(name, "resource", known if current.is_single else [COUNT, REF])
    members = [segment.name for segment in rest[1:]]
    ending = VALUE if members and members[-1].text == VALUE else ""
    if ending:
        members.pop()
    wrong = next((member for member in members if member.text.startswith("$")), None)
    if wrong is not None:
        raise UnknownPath.of(wrong, "resource", [VALUE])
    return Target(steps, found, tuple(members), ending)


def conditions(context: Context, steps: tuple[Step, ...], alias: str) -> list[str]:
    """The conditions that row `alias` is what the steps lead to, and that the viewer may see all of them.

    Raises:
        BadQuery: the path is too long.
    """
    step, parents = steps[-1], steps[:-1]
    found = [] if step.key is None else [f"{alias}.id = {context.values.bind(step.key, 'bigint')}"]
    if step.navigation is None or not step.navigation.is_implied:
        found.append(context.visible(step.entity, alias))
    if step.navigation is not None:
        found.append(_from_parent(context, parents, step, step.navigation, alias))
    return found


def _from_parent(
    context: Context, parents: tuple[Step, ...], step: Step, navigation: Navigation, alias: str
) -> str:
    """The parent is one row at most: as a scalar subquery it is found once, before the rows."""
    parent, source = parents[-1].entity, context.alias()
    where = " AND ".join(conditions(context, parents, source))
    origin = f"FROM {context.source(parent, source)} WHERE {where}"
    if step.listed and navigation.listing is not None:
        return f"{navigation.listing.near.format(t=alias)} = (SELECT {source}.id {origin})"
    if navigation.link is not None:
        link = navigation.link
        return f"{alias}.id IN (SELECT l.{link.far} FROM {link.table} l WHERE l.{link.near} = (SELECT {source}.id {origin}))"
    if not navigation.far:
        return f"EXISTS (SELECT {origin} AND {navigation.narrow.format(s=source, t=alias)})"
    return f"{navigation.far.format(t=alias)} = (SELECT {navigation.near.format(s=source)} {origin})"


def exists(context: Context, steps: tuple[Step, ...]) -> str:
    """A query with one row if the single entity that the steps lead to exists and may be seen."""
    alias = context.alias()
    where = " AND ".join(conditions(context, steps, alias))
    return f"SELECT true FROM {context.source(steps[-1].entity, alias)} WHERE {where} LIMIT 1"
