"""The JSON of entities, put together by PostgreSQL as text: control information, properties, links, expanded entities.

`concat` leaves out null, so that an absent property costs one argument and no comparison.
"""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from dataclasses import dataclass, field, replace

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.filters import condition
from stadt.hub.sta.compiler.joins import get_navigation, names_of, reachable
from stadt.hub.sta.compiler.ordering import order_of
from stadt.hub.sta.compiler.scopes import Scope
from stadt.hub.sta.entities import BY_NAME
from stadt.hub.sta.model import EntityType, Navigation, Property
from stadt.hub.sta.syntax.nodes import ExpandItem, Name, Query, Reference
from stadt.hub.sta.syntax.problems import BadQuery, NotSupported, told_within, unknown
from stadt.hub.sta.syntax.writing import write_query_string

PAGE = 100
LARGEST_PAGE = 10_000
DEEPEST_EXPAND = 4
SELF_LINK = "@iot.selfLink"


@dataclass
class _Pieces:
    """Arguments of `concat`; texts that follow each other become one literal."""

    arguments: list[str] = field(default_factory=list)
    _text: str = ""

    def text(self, text: str) -> "_Pieces":
        self._text += text
        return self

    def sql(self, sql: str) -> "_Pieces":
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


def entity_json(context: Context, entity: EntityType, alias: str, query: Query, depth: int = 0) -> str:
    """SQL that gives the JSON object of row `alias` as text, with what `$select` and `$expand` ask for.

    Raises:
        BadQuery: unknown names, or `$expand` too deep.
    """
    with told_within("$expand"):
        expanded = _merged(query.expand)
    with told_within("$select" if depth == 0 else "$expand"):
        selected = _selected(entity, query.select)
    pieces = _Pieces()
    begins_with_id = selected is None or "id" in selected
    if begins_with_id:
        pieces.text('{"@iot.id":').sql(f"{alias}.id")
    if selected is None or SELF_LINK in selected:
        _address(context, pieces.text(',"@iot.selfLink":"'), entity, alias).text('"')
    for item in entity.properties:
        if item.name != "id" and (selected is None or item.name in selected):
            _property(pieces, item, alias)
    for navigation in entity.navigation:
        if navigation.name not in expanded and (selected is None or navigation.name in selected):
            pieces.text(f',"{navigation.name}@iot.navigationLink":"')
            _address(context, pieces, entity, alias).text(f'/{navigation.name}"')
    for name, inner in expanded.values():
        with told_within("$expand"):
            navigation = get_navigation(entity, name)
            if depth >= DEEPEST_EXPAND:
                raise BadQuery(name.position, f"$expand goes at most {DEEPEST_EXPAND} levels deep")
            expand = _expanded_many if navigation.is_many else _expanded_one
            pieces.sql(expand(context, entity, alias, navigation, name, inner, depth + 1))
    if begins_with_id:
        return pieces.text("}").concat()
    return f"'{{' || substr({pieces.concat()}, 2) || '}}'"


def reference_json(context: Context, entity: EntityType, alias: str) -> str:
    """SQL that gives the entity's address alone, for `$ref`."""
    pieces = _Pieces().text('{"@iot.selfLink":"')
    return _address(context, pieces, entity, alias).text('"}').concat()


def _address(context: Context, pieces: _Pieces, entity: EntityType, alias: str) -> _Pieces:
    return pieces.text(f"{context.base}{entity.set_name}(").sql(f"{alias}.id").text(")")


def _property(pieces: _Pieces, item: Property, alias: str) -> None:
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


def _selected(entity: EntityType, items: tuple[Reference, ...]) -> set[str] | None:
    if not items:
        return None
    selected = set()
    for item in items:
        first, *rest = item.names
        found = entity.find_property(first.text)
        if found is None and first.text not in {*entity.navigation_by_name, SELF_LINK}:
            raise unknown(first.position, "property", first.text, names_of(entity))
        if rest:
            raise NotSupported(rest[0].position, "$select takes whole properties, not parts of them")
        selected.add(found.name if found else first.text)
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
    context: Context,
    entity: EntityType,
    alias: str,
    navigation: Navigation,
    name: Name,
    query: Query,
    depth: int,
) -> str:
    del entity
    given = [option for option in ("top", "skip", "count", "filter") if getattr(query, option) is not None]
    if given or query.orderby:
        raise BadQuery(name.position, f"'{name.text}' is one entity: only $select and $expand apply")
    target = BY_NAME[navigation.target]
    inner = context.alias(name.position)
    shown = entity_json(context, target, inner, query, depth)
    found = reachable(context, navigation, alias, inner)
    row = f"(SELECT {shown} FROM {context.source(target, inner)} WHERE {found})"
    return f"""',"{navigation.name}":', coalesce({row}, 'null')"""


def _expanded_many(
    context: Context,
    entity: EntityType,
    alias: str,
    navigation: Navigation,
    name: Name,
    query: Query,
    depth: int,
) -> str:
    target, inner = BY_NAME[navigation.target], context.alias(name.position)
    found = _found(context, navigation, alias, target, inner, query)
    order = order_of(context, target, inner, query.orderby, navigation.order or target.order)
    size, skip = page_size(query), query.skip or 0
    is_newest = navigation.newest and order.descending and size == 1 and not skip and query.filter is None
    if is_newest:
        found += f" AND {navigation.newest.format(s=alias, t=inner)}"
    top = context.values.bind(size, "int")
    rows = (
        f"SELECT {entity_json(context, target, inner, query, depth)} AS j FROM {context.source(target, inner)}"
        f" WHERE {found} ORDER BY {order.sql}"
        f" LIMIT {context.values.bind(size + 1, 'bigint')} OFFSET {context.values.bind(skip, 'bigint')}"
    )
    counted = navigation.count.format(s=alias) if is_newest else "count(*)"
    following = _address(context, _Pieces().text(f',"{navigation.name}@iot.nextLink":"'), entity, alias)
    following.text(f"/{navigation.name}?")
    following.sql(context.values.bind(write_query_string(replace(query, skip=skip + size)), "text")).text('"')
    pieces = _Pieces()
    if query.count:
        pieces.text(f',"{navigation.name}@iot.count":').sql(
            _counted(context, navigation, alias, target, query, name)
        )
    pieces.text(f',"{navigation.name}":[').sql(f"array_to_string((array_agg(x.j))[1:{top}], ',')").text("]")
    if size:
        pieces.sql(f"CASE WHEN {counted} > {top} THEN {following.concat()} END")
    return f"(SELECT {pieces.concat()} FROM ({rows}) x)"


def _found(
    context: Context, navigation: Navigation, alias: str, target: EntityType, inner: str, query: Query
) -> str:
    found = reachable(context, navigation, alias, inner)
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
    return f"(SELECT count(*) FROM {context.source(target, inner)} WHERE {found})"
