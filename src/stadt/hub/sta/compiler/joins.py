"""Conditions that lead from one entity to another along a navigation property."""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.entities import BY_NAME
from stadt.hub.sta.model import EntityType, Navigation, Property
from stadt.hub.sta.syntax.nodes import Name
from stadt.hub.sta.syntax.problems import BadQuery, unknown


def joined(navigation: Navigation, source: str, target: str, *, is_list: bool = False) -> str:
    """The condition that row `target` is what `navigation` leads to from row `source`; with `is_list`, each time it is."""
    conditions = []
    if is_list and navigation.listing is not None:
        conditions.append(f"{navigation.listing.near.format(t=target)} = {source}.id")
    elif navigation.link is not None:
        link = navigation.link
        conditions.append(
            f"{target}.id IN (SELECT l.{link.far} FROM {link.table} l WHERE l.{link.near} = {source}.id)"
        )
    elif navigation.far:
        conditions.append(f"{navigation.far.format(t=target)} = {navigation.near.format(s=source)}")
    if navigation.narrow:
        conditions.append(navigation.narrow.format(s=source, t=target))
    return " AND ".join(conditions)


def reachable(
    context: Context, navigation: Navigation, source: str, target: str, *, is_list: bool = False
) -> str:
    """As `joined`, and the viewer may see `target`, given that `source` was found visible."""
    condition = joined(navigation, source, target, is_list=is_list)
    if navigation.is_implied:
        return condition
    return f"{condition} AND {context.visible(BY_NAME[navigation.target], target)}"


def get_property(entity: EntityType, name: Name) -> Property:
    """The property of that name.

    Raises:
        BadQuery: naming the nearest property.
    """
    found = entity.find_property(name.text)
    if found is None:
        raise unknown(name.position, "property", name.text, names_of(entity))
    return found


def get_navigation(entity: EntityType, name: Name) -> Navigation:
    """The navigation property of that name.

    Raises:
        BadQuery: naming the nearest navigation property.
    """
    found = entity.navigation_by_name.get(name.text)
    if found is None:
        if entity.find_property(name.text):
            raise BadQuery(name.position, f"'{name.text}' is a property, not a navigation property")
        raise unknown(name.position, "navigation property", name.text, entity.navigation_by_name)
    return found


def names_of(entity: EntityType) -> list[str]:
    """Every name that may stand in a query option about an entity type."""
    return [*entity.properties_by_name, *entity.aliases, *entity.navigation_by_name]
