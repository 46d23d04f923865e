"""From path and query options to the statements that answer a request. Nothing here touches the database."""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.compiler.aggregating import (
    bucket_source,
    bucket_type,
    require_applicable,
    with_all_selected,
)
from stadt.hub.sta.compiler.anchors import Anchor, anchor_of, anchored
from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.filters import condition
from stadt.hub.sta.compiler.formats import Format, components_of, feature_json, format_of, row_json
from stadt.hub.sta.compiler.ordering import Order, Token, key_text, order_of, read_token, write_token
from stadt.hub.sta.compiler.scopes import Scope
from stadt.hub.sta.compiler.shapes import entity_json, most_entities, page_size, reference_json
from stadt.hub.sta.compiler.targets import COUNT, REF, VALUE, Target, conditions, exists, find_target
from stadt.hub.sta.compiler.values import Extent, Pending, Statement
from stadt.hub.sta.entities import OBSERVATION, ORDER_BELOW_DATASTREAM
from stadt.hub.sta.model import EntityType, Key
from stadt.hub.sta.syntax.nodes import Path, Query
from stadt.hub.sta.syntax.problems import BadQuery, told_within
from stadt.hub.sta.syntax.writing import write_query_string

# Pages that can hold more entities are read piece by piece, so that they can end before their answer is too large.
# Others come whole, and PostgreSQL remembers how to find them.
SMALL = 1_200


class Form(Enum):
    """What the answer looks like."""

    COLLECTION = "collection"
    ENTITY = "entity"
    PROPERTY = "property"
    VALUE = "value"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Plan:
    """The statements of one request.

    Attributes:
        rows: gives JSON text and, in collections, the keys of the row; one row more than the page holds.
        anchor: to be run first; its row completes the values of the others.
        parent: of a path through an entity: has a row if that exists, to be asked when `rows` gives none.
        count: the number of all entities; None when it was not asked for, or when the anchor knows it.
        is_counted: the answer has a count.
        size: how many rows the page holds.
        name: of the property.
        address, query: of the resource, for the link to the next page.
        order: the next page continues behind the last row's keys, which follow `lead` columns.
        format: how a page is written; `components` are the names of a row's values, `root` is the service root.
        is_large: the answer may be much longer than one row of the database.
    """

    form: Form
    rows: Statement | None = None
    anchor: Anchor | None = None
    parent: Statement | None = None
    count: Statement | None = None
    is_counted: bool = False
    size: int = 1
    name: str = ""
    address: str = ""
    query: Query = field(default_factory=Query)
    order: Order | None = None
    format: Format = Format.JSON
    components: tuple[str, ...] = ()
    root: str = ""
    is_large: bool = False

    @property
    def lead(self) -> int:
        """How many columns stand before the keys."""
        return 2 if self.format is Format.DATA_ARRAY else 1

    @property
    def pending(self) -> list[Pending]:
        """What has to be found out before the statements can run, each once."""
        found: list[Pending] = []
        for statement in (self.rows, self.count):
            found += [item for item in (statement.pending if statement else ()) if item not in found]
        return found

    def keys(self, values: Sequence[bytes | None]) -> Token:
        """The keys of a row from what the database sends in binary form."""
        assert self.order is not None  # noqa: S101 - collections have one
        is_plain = self.order.is_plain
        return tuple(
            key_text(part, value, is_plain=is_plain)
            for part, value in zip(self.order.parts, values, strict=True)
        )

    def link(self, keys: Token, shown: int) -> str:
        """The address of the page behind the one of `shown` rows that ends with a row of these keys."""
        token = write_token(keys)
        if token is not None:
            following = replace(self.query, skip=None, skiptoken=token)
        else:
            following = replace(self.query, skip=(self.query.skip or 0) + shown)
        return f"{self.address}?{write_query_string(following)}"


def compile_request(path: Path, query: Query, viewer: Visibility, base: str, address: str) -> Plan:
    """The plan of a GET request. `address` is that of the resource, without query options.

    Raises:
        BadQuery: path or options name what does not exist, or cannot be combined.
        NotSupported: something of the standard that is not done here.
    """
    target = find_target(path)
    planner = _Planner(target, query, viewer, base)
    if target.ending == COUNT:
        return _for(query, ("filter",), planner.count())
    if target.found is not None:
        return _for(query, (), planner.value())
    if query.apply is not None:
        return planner.buckets(address)
    if target.is_collection:
        allowed = ("top", "skip", "count", "orderby", "filter", "skiptoken")
        plan = planner.collection(address)
        return _for(query, allowed, plan) if target.ending == REF else plan
    return _for(query, () if target.ending == REF else ("select", "expand"), planner.entity())


def compile_live(path: Path, query: Query, viewer: Visibility, base: str) -> Plan:
    """The plan of a stream: as a GET would show them, the resource's entities among `Extent.IDS`, each with its id.

    Observations lie between `Extent.FIRST` and `Extent.LAST`. The anchor, where there is one, says whether the one
    datastream in question is there for this viewer.

    Raises:
        BadQuery: path or options name what does not exist, or an option that has no meaning for a stream.
        NotSupported: something of the standard that is not done here.
    """
    target = find_target(path)
    if target.ending:
        raise BadQuery(1, f"{target.ending} has no stream", "path")
    _refuse_others(query, ("filter", "select", "expand"), "a stream")
    return _Planner(target, query, viewer, base).live()


def _for(query: Query, allowed: tuple[str, ...], plan: Plan) -> Plan:
    """Refuse options that mean nothing for the kind of resource (18-088, 9.3.1)."""
    _refuse_others(query, allowed, _NOUNS[plan.form])
    return plan


def _refuse_others(query: Query, allowed: tuple[str, ...], noun: str) -> None:
    for option in query.given:
        if option not in allowed:
            raise BadQuery(1, f"the option does not apply to {noun}", f"${option}")


ROWS = frozenset({Format.DATA_ARRAY, Format.CSV})
_NOUNS = {
    Form.COLLECTION: "a collection of references",
    Form.ENTITY: "one entity",
    Form.PROPERTY: "a property",
    Form.VALUE: "a raw value",
    Form.COUNT: "a count",
}


@dataclass(frozen=True, slots=True)
class _Planner:
    target: Target
    query: Query
    viewer: Visibility
    base: str

    def count(self) -> Plan:
        anchor = anchor_of(self.viewer, self.base, self.target, self.query.filter)
        return Plan(
            Form.COUNT, anchor=anchor, count=self._count(anchor), parent=self._parent(), is_counted=True
        )

    def value(self) -> Plan:
        found, members = self.target.found, self.target.members
        assert found is not None  # noqa: S101 - by compile_request
        context = Context(self.viewer, self.base)
        alias = context.alias()
        sql = found.json.format(t=alias)
        if members:
            if not found.sql or found.type.value not in {"json", "geometry"}:
                raise BadQuery(members[0].position, f"'{found.name}' has no members", "path")
            names = context.values.bind([name.text for name in members], "text[]")
            sql = f"({found.sql.format(t=alias)} #> {names})::text"
        form = Form.VALUE if self.target.ending == VALUE else Form.PROPERTY
        name = members[-1].text if members else found.name
        return Plan(form, self._single(context, alias, sql), name="@iot.id" if name == "id" else name)

    def entity(self) -> Plan:
        context = Context(self.viewer, self.base)
        alias = context.alias()
        return Plan(Form.ENTITY, self._single(context, alias, self._shape(context, alias)))

    def collection(self, address: str) -> Plan:
        query, target = self.query, self.target
        anchor = anchor_of(self.viewer, self.base, target, query.filter)
        context = Context(self.viewer, self.base)
        alias = context.alias()
        context.note_way(alias, target.steps[-1].navigation)
        where = self._where(context, alias, anchor)
        with told_within("$orderby"):
            order = order_of(context, target.entity, alias, query.orderby, self._default_order(anchor))
        if query.skiptoken is not None:
            where.append(order.behind(context, read_token(order, query.skiptoken)))
        written = Format.JSON if target.ending == REF else format_of(target.entity, query)
        components = components_of(target.entity, query) if written in ROWS else []
        if written is Format.GEOJSON:
            columns = [feature_json(context, target.entity, alias, query)]
        elif written in ROWS:
            columns = [row_json(target.entity, alias, components)]
        else:
            columns = [self._shape(context, alias)]
        if written is Format.DATA_ARRAY:
            columns.append(f"{alias}.datastream_id")
        source = f"{self._source(context, alias)} WHERE {' AND '.join(where)}"
        return replace(
            self._page(context, columns, source, order, address),
            anchor=anchor,
            count=self._count(anchor) if query.count else None,
            format=written,
            components=tuple(item.name for item in components),
            is_large=page_size(query) * most_entities(target.entity, query) > SMALL,
        )

    def _page(self, context: Context, columns: list[str], source: str, order: Order, address: str) -> Plan:
        """One page of a collection and the row beyond it; `source` is what stands behind FROM, with its conditions."""
        query, size, bind = self.query, page_size(self.query), context.values.bind
        statement = context.values.statement(
            f"SELECT {', '.join([*columns, *order.columns])} FROM {source} ORDER BY {order.sql}"
            f" LIMIT {bind(size + 1, 'bigint')} OFFSET {bind(query.skip or 0, 'bigint')}"
        )
        return Plan(
            Form.COLLECTION,
            statement,
            parent=self._parent(),
            is_counted=bool(query.count),
            size=size,
            address=address,
            query=query,
            order=order,
            root=self.base,
        )

    def buckets(self, address: str) -> Plan:
        """Figures in buckets of time: as a collection of entities that are made by the statement itself."""
        query, target = self.query, self.target
        anchor = anchor_of(self.viewer, self.base, target, None)
        require_applicable(target, anchor, query)
        context = Context(self.viewer, self.base)
        alias = context.alias()
        assert query.apply is not None  # noqa: S101 - by compile_request
        entity = bucket_type(query.apply)
        with told_within("$orderby"):
            order = order_of(context, entity, alias, query.orderby, entity.order)
        token = read_token(order, query.skiptoken) if query.skiptoken is not None else None
        written = Format(query.resultFormat or "")
        components = components_of(entity, query) if written in ROWS else []
        if components:
            columns = [row_json(entity, alias, components)]
        else:
            columns = [entity_json(context, entity, alias, with_all_selected(entity, query))]
        if written is Format.DATA_ARRAY:
            columns.append(f"{alias}.datastream_id")
        where = self._bucket_condition(context, entity, alias)
        if token is not None:
            where = f"{where} AND {order.behind(context, token)}"
        source = f"{bucket_source(context, query, alias, token, order)} WHERE {where}"
        return replace(
            self._page(context, columns, source, order, address),
            anchor=anchor,
            count=self._bucket_count(entity, order) if query.count else None,
            format=written,
            components=tuple(item.name for item in components),
        )

    def _bucket_condition(self, context: Context, entity: EntityType, alias: str) -> str:
        if self.query.filter is None:
            return "true"
        with told_within("$filter"):
            return condition(Scope.of(context, entity, alias), self.query.filter)

    def _bucket_count(self, entity: EntityType, order: Order) -> Statement:
        context = Context(self.viewer, self.base)
        alias = context.alias()
        where = self._bucket_condition(context, entity, alias)
        source = bucket_source(context, self.query, alias, None, order)
        return context.values.statement(f"SELECT count(*) FROM {source} WHERE {where}")

    def _source(self, context: Context, alias: str) -> str:
        step = self.target.steps[-1]
        return context.source(step.entity, alias, step.listed)

    def live(self) -> Plan:
        target = self.target
        anchor = anchor_of(self.viewer, self.base, target, self.query.filter)
        context = Context(self.viewer, self.base)
        alias = context.alias()
        where = self._where(context, alias, anchor)
        where.append(f"{alias}.id = ANY({context.values.share('ids', Extent.IDS, 'bigint[]')})")
        if target.entity is OBSERVATION and anchor is None:
            first = context.values.share("first", Extent.FIRST, "timestamptz")
            last = context.values.share("last", Extent.LAST, "timestamptz")
            where += [f"{alias}.phenomenon_time >= {first}", f"{alias}.phenomenon_time <= {last}"]
        if target.found is None:
            form, shown = Form.COLLECTION, self._shape(context, alias)
        else:
            form, shown = Form.PROPERTY, target.found.json.format(t=alias)
        sql = f"SELECT {shown}, {alias}.id FROM {self._source(context, alias)} WHERE {' AND '.join(where)}"
        return Plan(
            form,
            context.values.statement(sql),
            anchor if anchor is not None and anchor.is_one else None,
            self._parent(),
            name=target.found.name if target.found else "",
        )

    def _shape(self, context: Context, alias: str) -> str:
        if self.target.ending == REF:
            return reference_json(context, self.target.entity, alias)
        return entity_json(context, self.target.entity, alias, self.query)

    def _single(self, context: Context, alias: str, sql: str) -> Statement:
        where = " AND ".join(conditions(context, self.target.steps, alias))
        return context.values.statement(f"SELECT {sql} FROM {self._source(context, alias)} WHERE {where}")

    def _where(self, context: Context, alias: str, anchor: Anchor | None) -> list[str]:
        found = anchored(context, anchor, alias) if anchor else conditions(context, self.target.steps, alias)
        if self.query.filter is not None:
            with told_within("$filter"):
                found.append(condition(Scope.of(context, self.target.entity, alias), self.query.filter))
        return found

    def _count(self, anchor: Anchor | None) -> Statement | None:
        if anchor is not None and self.query.filter is None:
            return None
        context = Context(self.viewer, self.base)
        alias = context.alias()
        where = " AND ".join(self._where(context, alias, anchor))
        sql = f"SELECT count(*) FROM {self._source(context, alias)} WHERE {where}"
        return context.values.statement(sql)

    def _parent(self) -> Statement | None:
        if len(self.target.steps) == 1:
            return None
        context = Context(self.viewer, self.base)
        return context.values.statement(exists(context, self.target.steps[:-1]))

    def _default_order(self, anchor: Anchor | None) -> tuple[Key, ...]:
        navigation = self.target.steps[-1].navigation
        if navigation is not None and navigation.order:
            return navigation.order
        if anchor is not None and anchor.is_one:
            return ORDER_BELOW_DATASTREAM
        return self.target.entity.order
