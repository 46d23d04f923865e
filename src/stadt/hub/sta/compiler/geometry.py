"""The geo functions: which entities they hold for is found out exactly, before the statement that uses them.

PostgreSQL finds the geometries whose boxes come into question among those that the viewer may see; Shapely decides
about each of them; the statement then asks for their ids (or looks their distance up). Distances and lengths are in
degrees, the unit of the coordinate reference system, as OData has it (4.01, 5.1.1.12).
"""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import shapely

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.operands import Holder, Operand, noun_of
from stadt.hub.sta.compiler.values import Pending, Statement
from stadt.hub.sta.model import Type
from stadt.hub.sta.syntax.nodes import Call
from stadt.hub.sta.syntax.problems import BadQuery

MOST_GEOMETRIES = 50_000
MOST_POINTS = 2_000
SRID = "SRID="

# What is asked of shapes (one, other); with a box, only shapes whose boxes meet can be such.
NEAR = frozenset({"equals", "touches", "within", "overlaps", "crosses", "intersects", "contains"})
GEO: dict[str, str] = {
    "geo.distance": "distance",
    "geo.length": "length",
    "geo.intersects": "intersects",
    "st_equals": "equals",
    "st_disjoint": "disjoint",
    "st_touches": "touches",
    "st_within": "within",
    "st_overlaps": "overlaps",
    "st_crosses": "crosses",
    "st_intersects": "intersects",
    "st_contains": "contains",
    "st_relate": "relate_pattern",
}
ANY = "any"
MEASURES = frozenset({"distance", "length"})
PATTERN = frozenset("TF*012")


@dataclass(frozen=True)
class Lookup(Pending):
    """A question about the geometries of one entity type, answered before the statement that uses it.

    Attributes:
        candidates: gives ids and GeoJSON of the geometries that come into question.
        wkt: the literal geometry; `is_turned` when it is the first argument.
    """

    function: str
    candidates: Statement
    wkt: str = ""
    is_turned: bool = False
    pattern: str = ""

    def answer(self, rows: Sequence[tuple[int, str]]) -> Any:
        """The ids for which it holds, or JSON of the measure by id.

        Raises:
            BadQuery: more geometries than are looked at for one request.
        """
        if len(rows) > MOST_GEOMETRIES:
            raise BadQuery(
                1, f"more than {MOST_GEOMETRIES} geometries come into question; ask about a smaller area"
            )
        ids = np.array([row[0] for row in rows], np.int64)
        shapes = shapely.from_geojson([row[1] for row in rows], on_invalid="ignore") if rows else np.array([])
        usable = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        ids, shapes = ids[usable], shapes[usable]
        broken = ~shapely.is_valid(shapes)
        shapes[broken] = shapely.make_valid(shapes[broken])
        found = self._evaluated(shapes)
        if self.function in MEASURES:
            known = zip(ids.tolist(), found.tolist(), strict=True)
            return msgspec.json.encode({str(number): value for number, value in known}).decode()
        return ids[found.astype(bool)].tolist()

    def _evaluated(self, shapes: Any) -> Any:
        if self.function == ANY:
            return np.ones(len(shapes), bool)
        if self.function == "length":
            return shapely.length(shapes)
        ask = getattr(shapely, self.function)
        literal = shapely.from_wkt(self.wkt)
        shapely.prepare(literal)
        more = (self.pattern,) if self.pattern else ()
        try:
            return ask(literal, shapes, *more) if self.is_turned else ask(shapes, literal, *more)
        except shapely.GEOSException:
            return np.array([self._one(ask, shape, literal, more) for shape in shapes])

    def _one(self, ask: Any, shape: Any, literal: Any, more: tuple[str, ...]) -> bool:
        """What has no answer, such as the relation of a collection, does not hold."""
        try:
            return bool(ask(literal, shape, *more) if self.is_turned else ask(shape, literal, *more))
        except shapely.GEOSException:
            return False


def geo_call(context: Context, node: Call, arguments: Sequence[Operand]) -> Operand:
    """The value of a geo function.

    Raises:
        BadQuery: the arguments are no geometries, or two properties are compared.
    """
    function = GEO[node.function]
    wanted = {"length": 1, "relate_pattern": 3}.get(function, 2)
    if len(arguments) != wanted:
        noun = "argument" if wanted == 1 else "arguments"
        raise BadQuery(node.position, f"'{node.function}' takes {wanted} {noun}, found {len(arguments)}")
    pattern = _pattern(arguments[2]) if wanted == 3 else ""
    shapes = [_geometry(found) for found in arguments[:2]]
    holders = [(number, shape) for number, shape in enumerate(shapes) if isinstance(shape, Holder)]
    literals = [shape for shape in shapes if not isinstance(shape, Holder)]
    if len(holders) > 1:
        raise BadQuery(node.position, "compare a property with a geography'…', not with another property")
    if not holders:
        return _constant(context, node, function, literals, pattern)
    turned, holder = holders[0]
    return _looked_up(
        context, node, function, holder, literals[0] if literals else None, bool(turned), pattern
    )


def _pattern(found: Operand) -> str:
    if found.text is None or found.type is not Type.TEXT or len(found.text) != 9 or set(found.text) - PATTERN:
        raise BadQuery(found.position, "expected nine of the characters T, F, *, 0, 1 and 2 in quotes")
    return found.text


def _geometry(found: Operand) -> Any:
    if found.holder is not None:
        return found.holder
    if found.type is not Type.GEOMETRY or found.text is None:
        raise BadQuery(
            found.position,
            f"expected a geometry, such as location, feature or geography'POINT(7.1 51.5)', found {noun_of(found.type)}",
        )
    text = found.text.strip()
    if text.upper().startswith(SRID):
        srid, _, text = text.partition(";")
        if srid[len(SRID) :] not in {"4326", "0"}:
            raise BadQuery(found.position, "geometries are in SRID 4326, longitude first")
    try:
        shape = shapely.from_wkt(text)
    except (shapely.GEOSException, UnicodeEncodeError):
        shape = None
    if shape is None or shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        raise BadQuery(found.position, "this is no geometry in WKT, such as POINT(7.1 51.5)")
    if shapely.get_num_coordinates(shape) > MOST_POINTS:
        raise BadQuery(found.position, f"a geometry has at most {MOST_POINTS} points")
    return shape if shape.is_valid else shapely.make_valid(shape)


def _constant(context: Context, node: Call, function: str, shapes: list[Any], pattern: str) -> Operand:
    more = (pattern,) if pattern else ()
    try:
        value = getattr(shapely, function)(*shapes, *more)
    except shapely.GEOSException:
        raise BadQuery(node.position, f"'{node.function}' does not know these geometries") from None
    if function in MEASURES:
        sql = context.values.bind(float(value), "double precision")
        return Operand(node.position, Type.NUMBER, sql, is_nullable=False)
    return Operand(
        node.position, Type.BOOLEAN, "true::boolean" if value else "false::boolean", is_nullable=False
    )


def _looked_up(
    context: Context, node: Call, function: str, holder: Holder, shape: Any, is_turned: bool, pattern: str
) -> Operand:
    is_disjoint = function == "disjoint"
    asked = "intersects" if is_disjoint else function
    wkt = shapely.to_wkt(shape, rounding_precision=-1) if shape is not None else ""
    candidates = _candidates(context, holder, shape if asked in NEAR else None)
    lookup = Lookup(asked, candidates, wkt, is_turned, pattern)
    if asked in MEASURES:
        name = context.look_up(node.position, lookup, "jsonb")
        sql = f"(({name} ->> {holder.id_sql}::text)::double precision)"
        return Operand(node.position, Type.NUMBER, sql)
    name = context.look_up(node.position, lookup, "bigint[]")
    found = f"{holder.id_sql} = ANY({name})"
    if is_disjoint:
        boxed = context.look_up(node.position, Lookup(ANY, _candidates(context, holder, None)), "bigint[]")
        found = f"{holder.id_sql} = ANY({boxed}) AND NOT {found}"
    return Operand(node.position, Type.BOOLEAN, f"({found})")


def _candidates(context: Context, holder: Holder, near: Any) -> Statement:
    inner = Context(context.viewer, context.base)
    alias = inner.alias()
    value = holder.found.sql.format(t=alias)
    where = [inner.visible(holder.entity, alias), f"sta_box({value}) IS NOT NULL"]
    if near is not None:
        west, south, east, north = (inner.values.bind(float(edge), "float8") for edge in near.bounds)
        where.append(f"sta_box({value}) && box(point({west}, {south}), point({east}, {north}))")
    sql = (
        f"SELECT {alias}.id, {value}::text FROM {inner.source(holder.entity, alias)}"
        f" WHERE {' AND '.join(where)} LIMIT {MOST_GEOMETRIES + 1}"
    )
    return inner.values.statement(sql)
