"""Other forms of a page than JSON objects: rows for data arrays and CSV, and features for GeoJSON."""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from dataclasses import dataclass
from enum import Enum

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.joins import reachable
from stadt.hub.sta.compiler.shapes import Pieces, entity_json, selected_of
from stadt.hub.sta.entities import BY_NAME, OBSERVATION
from stadt.hub.sta.model import EntityType, Property, Type
from stadt.hub.sta.syntax.nodes import Query
from stadt.hub.sta.syntax.problems import BadQuery, told_within

SHAPES = (
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
)


class Format(Enum):
    """How a page is written; the values are those of `$resultFormat`."""

    JSON = ""
    DATA_ARRAY = "dataArray"
    CSV = "CSV"
    GEOJSON = "GeoJSON"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the geometry of an entity type's feature comes from: its own property, or that of a related entity."""

    found: str
    navigation: str = ""


PLACES = {
    "Location": Place("location"),
    "FeatureOfInterest": Place("feature"),
    "Datastream": Place("observedArea"),
    "MultiDatastream": Place("observedArea"),
    "Thing": Place("location", "Locations"),
    "HistoricalLocation": Place("location", "Locations"),
    "Observation": Place("feature", "FeatureOfInterest"),
}


def format_of(entity: EntityType, query: Query) -> Format:
    """The format a request asks for.

    Raises:
        BadQuery: it does not fit the entity type or the other options.
    """
    wanted = Format(query.resultFormat or "")
    if wanted is Format.DATA_ARRAY and entity is not OBSERVATION:
        raise BadQuery(1, "dataArray is a form of Observations", "$resultFormat")
    if wanted in {Format.DATA_ARRAY, Format.CSV} and query.expand:
        raise BadQuery(1, f"{wanted.value} has no place for expanded entities", "$expand")
    if wanted is Format.GEOJSON and entity.name not in PLACES:
        raise BadQuery(1, f"{entity.set_name} have no geometry", "$resultFormat")
    return wanted


def components_of(entity: EntityType, query: Query) -> list[Property]:
    """The properties that make up a row, in the order of `$select`, else in the standard's.

    Raises:
        BadQuery: `$select` names a link or a part of a property.
    """
    with told_within("$select"):
        selected = selected_of(entity, query.select)
        if selected is None:
            return list(entity.properties)
        for item in query.select:
            name = item.names[-1]
            if len(item.names) > 1 or entity.find_property(name.text) is None:
                raise BadQuery(name.position, "rows hold whole properties only")
    return [entity.properties_by_name[name] for name in selected]


def row_json(entity: EntityType, alias: str, components: list[Property]) -> str:
    """SQL that gives the values of a row as a JSON list; what is absent is null."""
    pieces = Pieces().text("[")
    for number, item in enumerate(components):
        pieces.text("," if number else "")
        if item.parts:
            for part in item.parts:
                pieces.sql(part.format(t=alias))
        else:
            pieces.sql(f"coalesce({item.json.format(t=alias)}, 'null')")
    return pieces.text("]").concat()


def feature_json(context: Context, entity: EntityType, alias: str, query: Query) -> str:
    """SQL that gives the entity as a GeoJSON feature (RFC 7946); without a place its geometry is null."""
    place = PLACES[entity.name]
    without = "" if place.navigation else place.found
    shown = entity_json(context, entity, alias, query, without=without)
    pieces = Pieces().text('{"type":"Feature","id":').sql(f"{alias}.id").text(',"geometry":')
    pieces.sql(f"coalesce({_geometry(context, entity, alias, place)}::text, 'null')")
    return pieces.text(',"properties":').sql(shown).text("}").concat()


def _geometry(context: Context, entity: EntityType, alias: str, place: Place) -> str:
    if not place.navigation:
        return _bare(entity.properties_by_name[place.found].sql.format(t=alias))
    navigation = entity.navigation_by_name[place.navigation]
    target, inner = BY_NAME[navigation.target], context.alias()
    value = target.properties_by_name[place.found].sql.format(t=inner)
    return (
        f"(SELECT {_bare(value)} FROM {context.source(target, inner)}"
        f" WHERE {reachable(context, navigation, alias, inner)} ORDER BY {inner}.id LIMIT 1)"
    )


def _bare(value: str) -> str:
    """The geometry of a GeoJSON geometry or feature; null for other encodings."""
    shapes = ", ".join(f"'{shape}'" for shape in SHAPES)
    return (
        f"CASE WHEN {value} ->> 'type' IN ({shapes}) THEN {value}"
        f" WHEN {value} ->> 'type' = 'Feature' THEN {value} -> 'geometry' END"
    )


def is_json(item: Property) -> bool:
    """Whether a property's value may be an object or a list."""
    return item.type in {Type.JSON, Type.GEOMETRY}
