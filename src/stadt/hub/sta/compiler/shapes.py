"""The JSON of entities, put together by PostgreSQL as text: control information, properties, links, expanded entities.

`concat` leaves out null, so that an absent property costs one argument and no comparison.
"""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.filters import condition
from stadt.hub.sta.compiler.joins import get_navigation, names_of, reachable
from stadt.hub.sta.compiler.ordering import LONGEST_TOKEN, order_of, token_in_sql
from stadt.hub.sta.compiler.scopes import Row, Scope
from stadt.hub.sta.entities import BY_NAME
from stadt.hub.sta.model import EntityType, Navigation, Property, Type
from stadt.hub.sta.syntax.nodes import ExpandItem, Name, Query, Reference
from stadt.hub.sta.syntax.problems import BadQuery, told_within, unknown
from stadt.hub.sta.syntax.writing import write_query_string

PAGE = 100
LARGEST_PAGE = 10_000
DEEPEST_EXPAND = 4
# Below one entity of a page: what pages of its collections, and of theirs, hold at most when multiplied.
MOST_EXPANDED = 10_000
SELF_LINK = "@iot.selfLink"

Selected: TypeAlias = dict[str, list[tuple[str, ...]] | None]


@dataclass
class Pieces:
    """Arguments of `concat`; texts that follow each other become one literal."""

    arguments: list[str] = field(default_factory=list)
    _text: str = ""

    def text(self, text: str) -> "Pieces":
        self._text += text
        return self

    def sql(self, sql: str) -> "Pieces":
        self._flush()
        self.arguments.append(sql)
        return self

    def concat(self) -> str:
        self._flush()
        return f"concat({', '.join(self.arguments)})" if self.arguments else "''"

    def _flush(self) -> None:
        if self._text:
            self.arguments.append("'" + self._text.replace("'", "''") + "'")
            self._text = ""


def page_size(query: Query) -> int:
    """How many entities a page holds: what was asked for, within the server's bound."""
    return PAGE if query.top is None else min(query.top, LARGEST_PAGE)


def most_entities(entity: EntityType, query: Query) -> int:
    """How many entities the JSON of one holds at most, itself included."""
    found = 1
    for item in query.expand:
        inner, pages = entity, 1
        for name in item.path.names:
            navigation = inner.navigation_by_name.get(name.text)
            if navigation is None:
                break  # refused where it is compiled
            inner = BY_NAME[navigation.target]
            is_last = name is item.path.names[-1]
            pages *= (page_size(item.query) if is_last else PAGE) if navigation.is_many else 1
        found += pages * most_entities(inner, item.query)
    return found


def entity_json(
    context: Context,
    entity: EntityType,
    alias: str,
    query: Query,
    depth: int = 0,
    room: int = MOST_EXPANDED,
    without: str = "",
) -> str:
    """SQL that gives the JSON object of row `alias` as text, with what `$select` and `$expand` ask for.

    `room` is how many entities may still be expanded below this one; the property `without` is left out.

    Raises:
        BadQuery: unknown names, or `$expand` too deep.
    """
    with told_within("$expand"):
        expanded = _merged(query.expand)
    with told_within("$select" if depth == 0 else "$expand"):
        selected = selected_of(entity, query.select)
    pieces = Pieces()
    begins_with_id = selected is None or "id" in selected
    if begins_with_id:
        pieces.text('{"@iot.id":').sql(f"{alias}.id")
    if selected is None or SELF_LINK in selected:
        _address(context, pieces.text(',"@iot.selfLink":"'), entity, alias).text('"')
    for item in entity.properties:
        if item.name in {"id", without}:
            continue
        if selected is None or selected.get(item.name, ()) is None:
            _property(pieces, item, alias)
        elif item.name in selected:
            _members(context, pieces, item, alias, selected[item.name] or [])
    for navigation in entity.navigation:
        is_shown = not navigation.is_derived if selected is None else navigation.name in selected
        if navigation.name not in expanded and is_shown:
            _link(context, pieces, navigation, Row(entity, alias))
    for name, inner in expanded.values():
        with told_within("$expand"):
            navigation = get_navigation(entity, name)
            if depth >= DEEPEST_EXPAND:
                raise BadQuery(name.position, f"$expand goes at most {DEEPEST_EXPAND} levels deep")
            expand = _expanded_many if navigation.is_many else _expanded_one
            pieces.sql(expand(context, Row(entity, alias), navigation, name, inner, depth + 1, room))
    if begins_with_id:
        return pieces.text("}").concat()
    return f"'{{' || substr({pieces.concat()}, 2) || '}}'"


def reference_json(context: Context, entity: EntityType, alias: str) -> str:
    """SQL that gives the entity's address alone, for `$ref`."""
    pieces = Pieces().text('{"@iot.selfLink":"')
    return _address(context, pieces, entity, alias).text('"}').concat()


def _address(context: Context, pieces: Pieces, entity: EntityType, alias: str) -> Pieces:
    return pieces.text(f"{context.base}{entity.set_name}(").sql(f"{alias}.id").text(")")


def _link(context: Context, pieces: Pieces, navigation: Navigation, row: Row) -> None:
    when = context.leads(row.entity, navigation, row.alias)
    if when == "false":
        return
    link = Pieces() if when else pieces
    link.text(f',"{navigation.name}@iot.navigationLink":"')
    _address(context, link, row.entity, row.alias).text(f'/{navigation.name}"')
    if when:
        pieces.sql(f"CASE WHEN {when} THEN {link.concat()} END")


def _property(pieces: Pieces, item: Property, alias: str) -> None:
    sql = item.json.format(t=alias)
    if not item.is_mandatory:
        pieces.sql(f"""',"{item.name}":' || {sql}""")
    elif item.parts:
        pieces.text(f',"{item.name}":')
        for part in item.parts:
            pieces.sql(part.format(t=alias))
    elif item.is_nullable:
        pieces.text(f',"{item.name}":').sql(f"coalesce({sql}, 'null')")
    else:
        pieces.text(f',"{item.name}":').sql(sql)


def _members(
    context: Context, pieces: Pieces, item: Property, alias: str, paths: list[tuple[str, ...]]
) -> None:
    """Parts of a JSON property, each under the names that lead to it; those that are absent are left out."""
    tree: dict[str, Any] = {}
    for path in paths:
        branch = tree
        for name in path:
            branch = branch.setdefault(name, {})
    built = _built(context, item.sql.format(t=alias), tree, ())
    pieces.sql(f"""',"{item.name}":' || {built}::text""")


def _built(context: Context, value: str, tree: dict[str, Any], way: tuple[str, ...]) -> str:
    rows = []
    for name, branch in tree.items():
        path = (*way, name)
        found = (
            _built(context, value, branch, path)
            if branch
            else f"({value} #> {context.values.bind(list(path), 'text[]')})"
        )
        rows.append(f"({context.values.bind(name, 'text')}, {found})")
    return (
        f"(SELECT jsonb_object_agg(m.k, m.v) FROM (VALUES {', '.join(rows)}) m(k, v) WHERE m.v IS NOT NULL)"
    )


def selected_of(entity: EntityType, items: tuple[Reference, ...]) -> Selected | None:
    """What `$select` names: whole properties and links as None, else the paths of members below a JSON property.

    Raises:
        BadQuery: a name is unknown, or a property has no members.
    """
    if not items:
        return None
    selected: Selected = {}
    for item in items:
        first, *rest = item.names
        found = entity.find_property(first.text)
        if found is None and first.text not in {*entity.navigation_by_name, SELF_LINK}:
            raise unknown(first.position, "property", first.text, names_of(entity))
        if rest and first.text in entity.navigation_by_name:
            raise BadQuery(rest[0].position, f"select below a relation by $expand={first.text}($select=…)")
        if rest and (found is None or found.type not in {Type.JSON, Type.GEOMETRY}):
            raise BadQuery(rest[0].position, f"'{first.text}' has no members")
        name = found.name if found else first.text
        paths = selected.setdefault(name, [])
        if not rest or paths is None:
            selected[name] = None
        else:
            paths.append(tuple(part.text for part in rest))
    return selected


def _merged(items: tuple[ExpandItem, ...]) -> dict[str, tuple[Name, Query]]:
    """`A/B(…),A($top=1)` as A with its options, and B in its `$expand`."""
    merged: dict[str, tuple[Name, Query]] = {}
    for item in items:
        first, *rest = item.path.names
        query = Query(expand=(ExpandItem(Reference(tuple(rest)), item.query),)) if rest else item.query
        if first.text in merged:
            query = _combined(merged[first.text][1], query, first)
        merged[first.text] = (first, query)
    return merged


def _combined(one: Query, other: Query, name: Name) -> Query:
    plain = [replace(query, expand=()) for query in (one, other)]
    if Query() not in plain:
        raise BadQuery(name.position, f"'{name.text}' is expanded twice with options")
    kept = plain[0] if plain[1] == Query() else plain[1]
    return replace(kept, expand=one.expand + other.expand)


def _expanded_one(
    context: Context, row: Row, navigation: Navigation, name: Name, query: Query, depth: int, room: int
) -> str:
    given = [option for option in ("top", "skip", "count", "filter") if getattr(query, option) is not None]
    if given or query.orderby:
        raise BadQuery(name.position, f"'{name.text}' is one entity: only $select and $expand apply")
    target = BY_NAME[navigation.target]
    inner = context.alias(name.position)
    shown = entity_json(context, target, inner, query, depth, room)
    found = reachable(context, navigation, row.alias, inner)
    one = f"(SELECT {shown} FROM {context.source(target, inner)} WHERE {found})"
    when = context.leads(row.entity, navigation, row.alias)
    if when:
        return f"""CASE WHEN {when} THEN concat(',"{navigation.name}":', coalesce({one}, 'null')) END"""
    return f"""',"{navigation.name}":', coalesce({one}, 'null')"""


def _expanded_many(
    context: Context, row: Row, navigation: Navigation, name: Name, query: Query, depth: int, room: int
) -> str:
    entity, alias = row.entity, row.alias
    target, inner = BY_NAME[navigation.target], context.alias(name.position)
    context.note_way(inner, navigation)
    found = _found(context, navigation, alias, target, inner, query)
    order = order_of(context, target, inner, query.orderby, navigation.order or target.order)
    size, skip = min(page_size(query), room), query.skip or 0
    is_newest = navigation.newest and order.descending and size == 1 and not skip and query.filter is None
    if is_newest:
        found += f" AND {navigation.newest.format(s=alias, t=inner)}"
    top = context.values.bind(size, "int")
    rows = (
        f"SELECT {entity_json(context, target, inner, query, depth, max(1, room // max(1, size)))} AS j,"
        f" {order.document} AS k FROM {context.source(target, inner, navigation)}"
        f" WHERE {found} ORDER BY {order.sql}"
        f" LIMIT {context.values.bind(size + 1, 'bigint')} OFFSET {context.values.bind(skip, 'bigint')}"
    )
    counted = navigation.count.format(s=alias) if is_newest else "count(*)"
    following = _address(context, Pieces().text(f',"{navigation.name}@iot.nextLink":"'), entity, alias)
    options = write_query_string(replace(query, skip=None))
    following.text(f"/{navigation.name}?")
    following.sql(context.values.bind(f"{options}&" if options else "", "text"))
    following.sql(_continued(f"(array_agg(x.k))[{top}]", skip + size)).text('"')
    pieces = Pieces()
    if query.count:
        pieces.text(f',"{navigation.name}@iot.count":').sql(
            _counted(context, navigation, alias, target, query, name)
        )
    pieces.text(f',"{navigation.name}":[').sql(f"array_to_string((array_agg(x.j))[1:{top}], ',')").text("]")
    if size:  # $top=0 asks for no page at all
        pieces.sql(f"CASE WHEN {counted} > {top} THEN {following.concat()} END")
    return f"(SELECT {pieces.concat()} FROM ({rows}) x)"


def _continued(document: str, skip: int) -> str:
    """The option with which the next page begins: behind the last row's keys, if those are short enough."""
    token = token_in_sql(document)
    return (
        f"CASE WHEN octet_length({document}) > {LONGEST_TOKEN} THEN '$skip={skip}'"
        f" ELSE '$skiptoken=' || {token} END"
    )


def _found(
    context: Context, navigation: Navigation, alias: str, target: EntityType, inner: str, query: Query
) -> str:
    found = reachable(context, navigation, alias, inner, is_list=True)
    if query.filter is not None:
        found += f" AND {condition(Scope.of(context, target, inner), query.filter)}"
    return found


def _counted(
    context: Context, navigation: Navigation, alias: str, target: EntityType, query: Query, name: Name
) -> str:
    if query.filter is None and navigation.count:
        return navigation.count.format(s=alias)
    inner = context.alias(name.position)
    found = _found(context, navigation, alias, target, inner, query)
    return f"(SELECT count(*) FROM {context.source(target, inner, navigation)} WHERE {found})"
