"""Which properties and relations a body of each entity type has, as data (18-088 clause 8, tables 8-1 to 8-13)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stadt.hub.sta import entities
from stadt.hub.sta.creating import values
from stadt.hub.sta.model import EntityType


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a body: the column it is kept in, the function that reads it, and what stands for its absence."""

    name: str
    column: str
    read: Callable[[Any], Any]
    is_mandatory: bool = False
    empty: Any = None


@dataclass(frozen=True, slots=True)
class Form:
    """What a body of an entity type says.

    `located` names the field that is GeoJSON if `encodingType` says so; of the relations `one_of` there is exactly one.
    """

    entity: EntityType
    fields: tuple[Field, ...]
    mandatory: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    located: str = ""


NAME = Field("name", "name", values.name, is_mandatory=True)
DESCRIPTION = Field("description", "description", values.text, is_mandatory=True)
PROPERTIES = Field("properties", "properties", values.members, empty={})
ENCODING = Field("encodingType", "encoding_type", values.name, is_mandatory=True)
OBSERVED_AREA = Field("observedArea", "observed_area", values.geometry)
# Of datastreams: maintained from the observations, read to refuse nonsense, never kept.
PHENOMENON_TIME = Field("phenomenonTime", "", values.interval)
RESULT_TIME = Field("resultTime", "", values.interval)
MULTI_TYPES, MULTI_UNITS = "multi_observation_data_types", "unit_of_measurements"

FORMS = (
    Form(entities.THING, (NAME, DESCRIPTION, PROPERTIES)),
    Form(
        entities.LOCATION,
        (
            NAME,
            DESCRIPTION,
            ENCODING,
            Field("location", "location", values.document, is_mandatory=True),
            PROPERTIES,
        ),
        located="location",
    ),
    Form(
        entities.HISTORICAL_LOCATION,
        (Field("time", "time", values.moment, is_mandatory=True),),
        mandatory=("Thing", "Locations"),
    ),
    Form(
        entities.DATASTREAM,
        (
            NAME,
            DESCRIPTION,
            Field("observationType", "observation_type", values.name, is_mandatory=True),
            Field("unitOfMeasurement", "unit_of_measurement", values.unit, is_mandatory=True),
            OBSERVED_AREA,
            PHENOMENON_TIME,
            RESULT_TIME,
            PROPERTIES,
        ),
        mandatory=("Thing", "Sensor", "ObservedProperty"),
    ),
    Form(
        entities.MULTI_DATASTREAM,
        (
            NAME,
            DESCRIPTION,
            Field("observationType", "observation_type", values.complex_type, is_mandatory=True),
            Field("multiObservationDataTypes", MULTI_TYPES, values.data_types, is_mandatory=True),
            Field("unitOfMeasurements", MULTI_UNITS, values.units, is_mandatory=True),
            OBSERVED_AREA,
            PHENOMENON_TIME,
            RESULT_TIME,
            PROPERTIES,
        ),
        mandatory=("Thing", "Sensor", "ObservedProperties"),
    ),
    Form(
        entities.SENSOR,
        (
            NAME,
            DESCRIPTION,
            ENCODING,
            Field("metadata", "metadata", values.document, is_mandatory=True),
            PROPERTIES,
        ),
    ),
    Form(
        entities.OBSERVED_PROPERTY,
        (NAME, Field("definition", "definition", values.name, is_mandatory=True), DESCRIPTION, PROPERTIES),
    ),
    Form(
        entities.OBSERVATION,
        (
            Field("phenomenonTime", "phenomenon_time", values.period),
            Field("result", "result", values.result, is_mandatory=True),
            Field("resultTime", "result_time", values.moment),
            Field("resultQuality", "result_quality", values.document),
            Field("validTime", "valid_time", values.interval),
            Field("parameters", "parameters", values.members),
        ),
        one_of=tuple(kind.name for kind in entities.STREAM_TYPES),
    ),
    Form(
        entities.FEATURE_OF_INTEREST,
        (
            NAME,
            DESCRIPTION,
            ENCODING,
            Field("feature", "feature", values.document, is_mandatory=True),
            PROPERTIES,
        ),
        located="feature",
    ),
)
BY_ENTITY = {form.entity.name: form for form in FORMS}
