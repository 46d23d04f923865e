"""The eight entity types of 18-088 clause 8, the MultiDatastream of clause 12, and the tables they are kept in."""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from stadt.hub.observations.multi import FIRST_MULTI_ID
from stadt.hub.sta.model import EntityType, Key, Link, Listing, Navigation, Property, Type

INSTANT = "left(to_json(timezone('UTC', {0}))::text, -1) || 'Z\"'"


def _text(name: str, column: str) -> Property:
    value = f"{{t}}.{column}"
    return Property(name, Type.TEXT, value, f"to_json({value})::text", is_mandatory=True)


def _json(name: str, column: str, *, is_mandatory: bool = False, kind: Type = Type.JSON) -> Property:
    value = f"{{t}}.{column}"
    return Property(name, kind, value, f"{value}::text", is_mandatory=is_mandatory, is_nullable=True)


def _time(name: str, column: str, *, is_nullable: bool = False) -> Property:
    value = f"{{t}}.{column}"
    return Property(name, Type.TIME, value, INSTANT.format(value), is_mandatory=True, is_nullable=is_nullable)


def interval(name: str, start: str, end: str, *, is_nullable: bool = True) -> Property:
    """An interval whose end may be null, which makes it an instant."""
    parts = (
        f"left(to_json(timezone('UTC', {start}))::text, -1)",
        f"'Z/' || trim('\"' from to_json(timezone('UTC', {end}))::text)",
        "'Z\"'",
    )
    shown = f"{parts[0]} || coalesce({parts[1]}, '') || {parts[2]}"
    return Property(
        name,
        Type.INTERVAL,
        start,
        shown,
        end=end,
        parts=() if is_nullable else parts,
        is_mandatory=not is_nullable,
        is_nullable=is_nullable,
    )


ID = Property("id", Type.ID, "{t}.id", "{t}.id::text", is_mandatory=True)
NAME = _text("name", "name")
DESCRIPTION = _text("description", "description")
PROPERTIES = Property(
    "properties", Type.JSON, "{t}.properties", "nullif({t}.properties, '{{}}'::jsonb)::text", is_nullable=True
)
ENCODING = _text("encodingType", "encoding_type")

# Datastreams of both kinds, and each kind alone: PostgreSQL reads the inner query as if it were not there.
STREAMS = (
    "{0} {{t}} LEFT JOIN observations_datastreamstate {{t}}_state ON {{t}}_state.datastream_id = {{t}}.id"
)
EVERY_STREAM = STREAMS.format("observations_datastream")
PLAIN_STREAMS = STREAMS.format(f"(SELECT * FROM observations_datastream WHERE id < {FIRST_MULTI_ID})")
MULTI_STREAMS = STREAMS.format(f"(SELECT * FROM observations_datastream WHERE id >= {FIRST_MULTI_ID})")
IS_PLAIN = f"{{s}}.datastream_id < {FIRST_MULTI_ID}"
IS_MULTI = f"{{s}}.datastream_id >= {FIRST_MULTI_ID}"

# Below one datastream this order comes from the primary key.
ORDER_BELOW_DATASTREAM = (Key("{t}.phenomenon_time", "timestamptz"), Key("{t}.id", "bigint"))

# Observations are partitioned by time: the datastream's maintained extent says which partitions can hold any.
WITHIN_EXTENT = "{t}.phenomenon_time BETWEEN {s}_state.first_time AND {s}_state.last_time"
# What an observation that names no feature is about.
FEATURE = (
    "coalesce({s}.feature_of_interest_id,"
    " (SELECT f.feature_id FROM observations_datastream f WHERE f.id = {s}.datastream_id))"
)
DATASTREAMS_OF_FEATURE = (
    "SELECT f.id FROM observations_datastream f WHERE f.feature_id = {s}.id UNION ALL"
    " SELECT g.datastream_id FROM observations_featureofinterest_datastreams g WHERE g.featureofinterest_id = {s}.id"
)
OF_FEATURE = (
    "coalesce({t}.feature_of_interest_id,"
    " (SELECT f.feature_id FROM observations_datastream f WHERE f.id = {t}.datastream_id)) = {s}.id"
    f" AND {{t}}.datastream_id IN ({DATASTREAMS_OF_FEATURE})"
    " AND {t}.phenomenon_time >= (SELECT min(h.first_time) FROM observations_datastreamstate h"
    f" WHERE h.datastream_id IN ({DATASTREAMS_OF_FEATURE}))"
    " AND {t}.phenomenon_time <= (SELECT max(h.last_time) FROM observations_datastreamstate h"
    f" WHERE h.datastream_id IN ({DATASTREAMS_OF_FEATURE}))"
)

THING = EntityType(
    "Thing",
    "Things",
    "observations_thing {t}",
    (ID, NAME, DESCRIPTION, PROPERTIES),
    (
        Navigation(
            "Locations",
            "Location",
            True,
            "Things",
            link=Link("observations_thing_locations", "thing_id", "location_id"),
            is_implied=True,
        ),
        Navigation(
            "HistoricalLocations", "HistoricalLocation", True, "Thing", far="{t}.thing_id", is_implied=True
        ),
        Navigation("Datastreams", "Datastream", True, "Thing", far="{t}.thing_id"),
        Navigation("MultiDatastreams", "MultiDatastream", True, "Thing", far="{t}.thing_id"),
    ),
)

LOCATION = EntityType(
    "Location",
    "Locations",
    "observations_location {t}",
    (
        ID,
        NAME,
        DESCRIPTION,
        ENCODING,
        _json("location", "location", is_mandatory=True, kind=Type.GEOMETRY),
        PROPERTIES,
    ),
    (
        Navigation(
            "Things",
            "Thing",
            True,
            "Locations",
            link=Link("observations_thing_locations", "location_id", "thing_id"),
        ),
        Navigation(
            "HistoricalLocations",
            "HistoricalLocation",
            True,
            "Locations",
            link=Link("observations_historicallocation_locations", "location_id", "historicallocation_id"),
        ),
    ),
)

HISTORICAL_LOCATION = EntityType(
    "HistoricalLocation",
    "HistoricalLocations",
    "observations_historicallocation {t}",
    (ID, _time("time", "time")),
    (
        Navigation("Thing", "Thing", False, "HistoricalLocations", near="{s}.thing_id", is_implied=True),
        Navigation(
            "Locations",
            "Location",
            True,
            "HistoricalLocations",
            link=Link("observations_historicallocation_locations", "historicallocation_id", "location_id"),
            is_implied=True,
        ),
    ),
)

PHENOMENON_TIME = interval(
    "phenomenonTime", "{t}_state.first_time", "greatest({t}_state.last_time, {t}_state.end_time)"
)
RESULT_TIME = interval("resultTime", "{t}_state.first_result_time", "{t}_state.last_result_time")


def _of_streams(inverse: str) -> tuple[Navigation, ...]:
    """What both kinds of datastreams lead to; `inverse` is the way back to many of them."""
    return (
        Navigation("Thing", "Thing", False, inverse, near="{s}.thing_id", is_implied=True),
        Navigation("Sensor", "Sensor", False, inverse, near="{s}.sensor_id", is_implied=True),
    )


def _latest_observation(inverse: str) -> Navigation:
    """The maintained newest observation, found by its primary key."""
    return Navigation(
        "LatestObservation",
        "Observation",
        False,
        inverse,
        near="{s}_state.last_id",
        far="",
        narrow=(
            "{t}.datastream_id = {s}.id AND {t}.phenomenon_time = {s}_state.last_time AND {t}.id = {s}_state.last_id"
        ),
        is_implied=True,
        is_derived=True,
    )


def _observations(inverse: str) -> Navigation:
    return Navigation(
        "Observations",
        "Observation",
        True,
        inverse,
        far="{t}.datastream_id",
        narrow=WITHIN_EXTENT,
        is_implied=True,
        count="coalesce({s}_state.count, 0)",
        newest="{t}.phenomenon_time = {s}_state.last_time",
        order=ORDER_BELOW_DATASTREAM,
    )


DATASTREAM = EntityType(
    "Datastream",
    "Datastreams",
    PLAIN_STREAMS,
    (
        ID,
        NAME,
        DESCRIPTION,
        _text("observationType", "observation_type"),
        _json("unitOfMeasurement", "unit_of_measurement", is_mandatory=True),
        _json("observedArea", "observed_area", kind=Type.GEOMETRY),
        PHENOMENON_TIME,
        RESULT_TIME,
        PROPERTIES,
    ),
    (
        *_of_streams("Datastreams"),
        Navigation(
            "ObservedProperty",
            "ObservedProperty",
            False,
            "Datastreams",
            near="{s}.observed_property_id",
            is_implied=True,
        ),
        _observations("Datastream"),
        _latest_observation("Datastream"),
    ),
)

MULTI_DATASTREAM = EntityType(
    "MultiDatastream",
    "MultiDatastreams",
    MULTI_STREAMS,
    (
        ID,
        NAME,
        DESCRIPTION,
        _text("observationType", "observation_type"),
        _json("multiObservationDataTypes", "multi_observation_data_types", is_mandatory=True),
        _json("unitOfMeasurements", "unit_of_measurements", is_mandatory=True),
        _json("observedArea", "observed_area", kind=Type.GEOMETRY),
        PHENOMENON_TIME,
        RESULT_TIME,
        PROPERTIES,
    ),
    (
        *_of_streams("MultiDatastreams"),
        Navigation(
            "ObservedProperties",
            "ObservedProperty",
            True,
            "MultiDatastreams",
            link=Link("observations_multiobservedproperty", "datastream_id", "observed_property_id"),
            is_implied=True,
            order=(Key("{t}_place.position", "bigint"),),
            listing=Listing(
                "observations_observedproperty {t} JOIN observations_multiobservedproperty {t}_place"
                " ON {t}_place.observed_property_id = {t}.id",
                "{t}_place.datastream_id",
            ),
        ),
        _observations("MultiDatastream"),
        _latest_observation("MultiDatastream"),
    ),
)

SENSOR = EntityType(
    "Sensor",
    "Sensors",
    "observations_sensor {t}",
    (ID, NAME, DESCRIPTION, ENCODING, _json("metadata", "metadata", is_mandatory=True), PROPERTIES),
    (
        Navigation("Datastreams", "Datastream", True, "Sensor", far="{t}.sensor_id"),
        Navigation("MultiDatastreams", "MultiDatastream", True, "Sensor", far="{t}.sensor_id"),
    ),
)

OBSERVED_PROPERTY = EntityType(
    "ObservedProperty",
    "ObservedProperties",
    "observations_observedproperty {t}",
    (ID, NAME, _text("definition", "definition"), DESCRIPTION, PROPERTIES),
    (
        Navigation("Datastreams", "Datastream", True, "ObservedProperty", far="{t}.observed_property_id"),
        Navigation(
            "MultiDatastreams",
            "MultiDatastream",
            True,
            "ObservedProperties",
            link=Link("observations_multiobservedproperty", "observed_property_id", "datastream_id"),
        ),
    ),
)

OBSERVATION = EntityType(
    "Observation",
    "Observations",
    "observations_observation {t}",
    (
        ID,
        interval("phenomenonTime", "{t}.phenomenon_time", "{t}.phenomenon_time_end", is_nullable=False),
        Property(
            "result",
            Type.JSON,
            "coalesce({t}.result_json, to_jsonb({t}.result_number))",
            "concat({t}.result_number, {t}.result_json)",
            number="{t}.result_number",
            parts=("{t}.result_number", "{t}.result_json"),
            is_mandatory=True,
        ),
        _time("resultTime", "result_time", is_nullable=True),
        _json("resultQuality", "result_quality"),
        interval("validTime", "{t}.valid_time_start", "{t}.valid_time_end"),
        _json("parameters", "parameters"),
    ),
    (
        *(
            Navigation(
                kind,
                kind,
                False,
                "Observations",
                near="{s}.datastream_id",
                is_implied=True,
                when=when,
                id_sql=f"(CASE WHEN {when} THEN {{s}}.datastream_id END)",
            )
            for kind, when in (("Datastream", IS_PLAIN), ("MultiDatastream", IS_MULTI))
        ),
        Navigation("FeatureOfInterest", "FeatureOfInterest", False, "Observations", near=FEATURE),
    ),
)

FEATURE_OF_INTEREST = EntityType(
    "FeatureOfInterest",
    "FeaturesOfInterest",
    "observations_featureofinterest {t}",
    (
        ID,
        NAME,
        DESCRIPTION,
        ENCODING,
        _json("feature", "feature", is_mandatory=True, kind=Type.GEOMETRY),
        PROPERTIES,
    ),
    (Navigation("Observations", "Observation", True, "FeatureOfInterest", far="", narrow=OF_FEATURE),),
)

# Order of 18-088, clauses 8 and 12; also that of the landing document.
ENTITY_TYPES = (
    THING,
    LOCATION,
    HISTORICAL_LOCATION,
    DATASTREAM,
    SENSOR,
    OBSERVED_PROPERTY,
    OBSERVATION,
    FEATURE_OF_INTEREST,
    MULTI_DATASTREAM,
)
# What Observations belong to: each to one of one of these kinds.
STREAM_TYPES = (DATASTREAM, MULTI_DATASTREAM)
BY_NAME = {item.name: item for item in ENTITY_TYPES}
BY_SET = {item.set_name: item for item in ENTITY_TYPES}
