"""What is known before observations are read: the extent and the number of the datastreams in question.

Observations are partitioned by time. The maintained extent, fetched first, becomes bounds that let PostgreSQL skip
partitions before it opens them; it also answers whether the datastream exists and how many observations it has.
"""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from dataclasses import dataclass

from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.targets import Step, Target, conditions
from stadt.hub.sta.compiler.values import Extent, Statement
from stadt.hub.sta.entities import DATASTREAM, EVERY_STREAM, OBSERVATION, STREAM_TYPES
from stadt.hub.sta.model import EntityType
from stadt.hub.sta.syntax.nodes import Expression, Literal, LiteralKind, Operation, Reference

IDS = {f"{kind.name}/{name}": kind for kind in STREAM_TYPES for name in ("id", "@iot.id")}


@dataclass(frozen=True, slots=True)
class Anchor:
    """A statement with one row (datastream's id, first time, last time, count) or none.

    Attributes:
        is_one: it is about one datastream, not about all that may be seen.
        is_required: without a row there is no such resource.
    """

    statement: Statement
    is_one: bool
    is_required: bool


def anchor_of(viewer: Visibility, base: str, target: Target, filtered: Expression | None) -> Anchor | None:
    """The anchor of a request for observations, None for every other.

    Raises:
        BadQuery: the path is too long.
    """
    step = target.steps[-1]
    if step.entity is not OBSERVATION:
        return None
    context = Context(viewer, base)
    if step.navigation is not None:
        if target.steps[-2].entity not in STREAM_TYPES:
            return None
        return _of_one(context, target.steps[:-1], is_required=True)
    if step.key is not None:
        return None
    one = _stream_in(filtered)
    return _of_one(context, (Step(*one),), is_required=False) if one is not None else _of_all(context)


def anchored(context: Context, anchor: Anchor, alias: str) -> list[str]:
    """The conditions that an anchor puts on the row `alias` of an observation."""
    first = context.values.share("first", Extent.FIRST, "timestamptz")
    last = context.values.share("last", Extent.LAST, "timestamptz")
    bounds = [f"{alias}.phenomenon_time >= {first}", f"{alias}.phenomenon_time <= {last}"]
    if anchor.is_one:
        return [
            f"{alias}.datastream_id = {context.values.share('datastream', Extent.DATASTREAM, 'bigint')}",
            *bounds,
        ]
    return [context.visible(OBSERVATION, alias), *bounds]


def _of_one(context: Context, steps: tuple[Step, ...], *, is_required: bool) -> Anchor:
    alias = context.alias()
    where = " AND ".join(conditions(context, steps, alias))
    sql = (
        f"SELECT {alias}.id, {alias}_state.first_time, {alias}_state.last_time, coalesce({alias}_state.count, 0)"
        f" FROM {context.source(steps[-1].entity, alias)} WHERE {where}"
    )
    return Anchor(context.values.statement(sql), is_one=True, is_required=is_required)


def _of_all(context: Context) -> Anchor:
    alias = context.alias()
    sql = (
        f"SELECT 0::bigint, min({alias}_state.first_time), max({alias}_state.last_time),"
        f" coalesce(sum({alias}_state.count), 0)::bigint"
        f" FROM {EVERY_STREAM.format(t=alias)} WHERE {context.visible(DATASTREAM, alias)}"
    )
    return Anchor(context.values.statement(sql), is_one=False, is_required=False)


def _stream_in(node: Expression | None) -> tuple[EntityType, int] | None:
    """The id in `Datastream/id eq 5` or `MultiDatastream/id eq 5`, when the filter demands it of every row."""
    if not isinstance(node, Operation):
        return None
    if node.operator == "and":
        left = _stream_in(node.left)
        return left if left is not None else _stream_in(node.right)
    if node.operator != "eq":
        return None
    for one, other in ((node.left, node.right), (node.right, node.left)):
        kind = IDS.get(str(one)) if isinstance(one, Reference) else None
        if (
            kind is not None
            and isinstance(other, Literal)
            and other.kind is LiteralKind.NUMBER
            and isinstance(other.value, int)
        ):
            return kind, other.value if 0 < other.value < 2**53 else -1
    return None
