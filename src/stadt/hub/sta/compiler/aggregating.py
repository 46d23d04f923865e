"""Buckets of `$apply` as an entity type of their own, so that filter, order, pages and forms work on them as on entities.

`$filter`, `$orderby` and `$select` speak of the buckets (OData data aggregation 4.0, 3.1: `$apply` comes first): of
`phenomenonTime`, whose end does not belong to the bucket, and of the figures by the names they were given.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from stadt.hub.observations.rollups import Width, buckets_sql, days_between
from stadt.hub.sta.compiler.anchors import Anchor
from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.filters import condition
from stadt.hub.sta.compiler.formats import Format
from stadt.hub.sta.compiler.ordering import Order, Token
from stadt.hub.sta.compiler.scopes import Scope
from stadt.hub.sta.compiler.targets import REF, Target
from stadt.hub.sta.compiler.values import Extent
from stadt.hub.sta.entities import OBSERVATION, interval
from stadt.hub.sta.model import EntityType, Key, Property, Type
from stadt.hub.sta.syntax.nodes import (
    Apply,
    Expression,
    Interval,
    Literal,
    LiteralKind,
    Name,
    Operation,
    Query,
    Reference,
)
from stadt.hub.sta.syntax.problems import BadQuery, told_within

COLUMNS = {
    "$count": "count",
    "sum": "total",
    "average": "mean",
    "min": "minimum",
    "max": "maximum",
    "p50": "p50",
    "p95": "p95",
    "coverage": "coverage",
}
TIME = "phenomenonTime"
TURNED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq"}


def require_applicable(target: Target, anchor: Anchor | None, query: Query) -> None:
    """Refuse `$apply` where there are not the observations of one datastream, and options that have no sense with it.

    Raises:
        BadQuery: naming what does not fit.
    """
    is_below = target.entity is OBSERVATION and target.steps[-1].navigation is not None
    if target.ending or anchor is None or not anchor.is_one or not is_below:
        noun = "references" if target.ending == REF else "this resource"
        raise BadQuery(
            1,
            f"{noun} cannot be put into buckets; ask below one datastream: Datastreams(1)/Observations",
            "$apply",
        )
    if query.expand:
        raise BadQuery(1, "buckets have nothing to expand", "$expand")
    if query.resultFormat == Format.GEOJSON.value:
        raise BadQuery(1, "buckets have no geometry", "$resultFormat")


def with_all_selected(entity: EntityType, query: Query) -> Query:
    """The query whose `$select` names every property where it names none: buckets have no control information."""
    if query.select:
        return query
    return replace(query, select=tuple(Reference((Name(1, item.name),)) for item in entity.properties))


def bucket_type(apply: Apply) -> EntityType:
    """The entity type of buckets with these figures; `bucket_source` says where they come from."""
    time = interval(TIME, "{t}.start", '{t}."end"', is_nullable=False)
    # The end does not belong to the bucket: what is compared is its last moment.
    time = replace(time, end="({t}.\"end\" - interval '1 microsecond')")
    figures = tuple(_figure(item.name, COLUMNS[item.method]) for item in apply.figures)
    return EntityType("Bucket", "buckets", "", (time, *figures), (), (Key("{t}.start", "timestamptz"),), {})


def bucket_source(context: Context, query: Query, alias: str, token: Token | None, order: Order) -> str:
    """What stands in FROM; days that neither the filter nor the page behind `token` can be about are not looked at.

    Raises:
        BadQuery: the condition of `filter(…)` is wrong.
    """
    apply = query.apply
    assert apply is not None  # noqa: S101 - by the caller
    values, width = context.values, Width(apply.width)
    firsts, lasts = _bounds(query.filter)
    of_rows = _bounds(apply.filter)
    # A bucket that begins before the first row may hold it.
    firsts += [_earlier(moment, width) for moment in of_rows[0]]
    lasts += of_rows[1]
    if token is not None and order.is_plain and token[0] is not None:
        (lasts if order.descending else firsts).append(datetime.fromisoformat(token[0]))
    methods = {item.method for item in apply.figures}
    source = buckets_sql(
        width,
        values.share("datastream", Extent.DATASTREAM, "bigint"),
        values.share("zone", settings.TIME_ZONE, "text"),
        _days(context, width, firsts, lasts),
        percentiles=bool(methods & {"p50", "p95"}),
        coverage="coverage" in methods,
        condition=_chosen(context, apply),
    )
    return f"({source}) AS {alias}"


def _figure(name: str, column: str) -> Property:
    value = f"{{t}}.{column}"
    return Property(name, Type.NUMBER, value, f"{value}::text", is_mandatory=True, is_nullable=True)


def _chosen(context: Context, apply: Apply) -> str:
    if apply.filter is None:
        return ""
    with told_within("$apply"):
        return f"({condition(Scope.of(context, OBSERVATION, 'o'), apply.filter)})"


def _days(context: Context, width: Width, firsts: list[datetime], lasts: list[datetime]) -> str:
    """The condition of the days that buckets overlap which start in the narrowest of these bounds."""
    first, last = days_between(width, max(firsts, default=None), min(lasts, default=None))
    found = ["true"]
    if first is not None:
        found.append(f"day >= {context.values.bind(first, 'date')}")
    if last is not None:
        found.append(f"day <= {context.values.bind(last, 'date')}")
    return " AND ".join(found)


def _earlier(moment: datetime, width: Width) -> datetime:
    try:
        return moment - width.longest
    except OverflowError:
        return moment


def _bounds(node: Expression | None) -> tuple[list[datetime], list[datetime]]:
    """What a filter demands of the start of every bucket, or of the time of every row: from when, until when."""
    firsts: list[datetime] = []
    lasts: list[datetime] = []
    for operator, moment in _demands(node):
        if operator in {"gt", "ge", "eq"}:
            firsts.append(moment.start if isinstance(moment, Interval) else moment)
        if operator in {"lt", "le", "eq"}:
            lasts.append(moment.end if isinstance(moment, Interval) else moment)
    return firsts, lasts


def _demands(node: Expression | None) -> Iterator[tuple[str, datetime | Interval]]:
    """Comparisons of `phenomenonTime` with a constant that hold for whatever the filter holds for."""
    if not isinstance(node, Operation):
        return
    if node.operator == "and":
        yield from _demands(node.left)
        yield from _demands(node.right)
        return
    if node.operator not in TURNED:
        return
    for one, other, operator in (
        (node.left, node.right, node.operator),
        (node.right, node.left, TURNED[node.operator]),
    ):
        if (
            isinstance(one, Reference)
            and str(one) == TIME
            and isinstance(other, Literal)
            and other.kind in {LiteralKind.TIME, LiteralKind.INTERVAL}
            and isinstance(other.value, datetime | Interval)
        ):
            yield operator, other.value
