"""The tables of SensorThings 1.1: what observes, what is observed, and the partitioned store of observations.

Names are the standard's (OGC 18-088 §8). Names of entities are never unique; `key` is our own permanent key. The tables
of observations themselves are in `storage.py`.
"""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from stadt.core.people.models import Organisation
from stadt.hub.observations.storage import (
    Change,
    DatastreamDay,
    DatastreamState,
    IngestKey,
    Observation,
    ObservationRevision,
    Rollup,
)

__all__ = [
    "Change",
    "Datastream",
    "DatastreamDay",
    "DatastreamState",
    "DatastreamTombstone",
    "FeatureOfInterest",
    "HistoricalLocation",
    "IngestKey",
    "Location",
    "MultiObservedProperty",
    "Observation",
    "ObservationRevision",
    "ObservedProperty",
    "Rollup",
    "Sensor",
    "Thing",
]

GEOJSON = "application/geo+json"
MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


class Entity(models.Model):
    """What all entities share."""

    name = models.TextField()
    description = models.TextField(blank=True)
    properties = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class OwnedEntity(Entity):
    """An entity that belongs to an organisation, or to nobody in particular."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class Location(OwnedEntity):
    """Where things are. `location` is GeoJSON in WGS 84; `lon`/`lat` are its point, or a point of it."""

    encoding_type = models.TextField(default=GEOJSON)
    location = models.JSONField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=("lon", "lat"), name="observations_location_point")
        ]


class Thing(OwnedEntity):
    """A device or installation that owns datastreams."""

    key = models.CharField(max_length=200, unique=True, null=True)
    locations = models.ManyToManyField(Location, related_name="things")


class HistoricalLocation(models.Model):
    """Since when a thing was at some locations; made whenever its locations change."""

    thing = models.ForeignKey(Thing, models.CASCADE, related_name="historical_locations")
    time = models.DateTimeField(default=timezone.now)
    locations = models.ManyToManyField(Location, related_name="historical_locations")

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=("thing", "-time"), name="observations_where_when")
        ]


class Sensor(OwnedEntity):
    """The instrument or procedure. `metadata` is its description in the form `encoding_type` names, often a link."""

    key = models.CharField(max_length=200, unique=True, null=True)
    encoding_type = models.TextField(default="text/html")
    metadata = models.JSONField(default=str)


class ObservedProperty(OwnedEntity):
    """What is observed; `definition` is a URI."""

    key = models.CharField(max_length=200, unique=True, null=True)
    definition = models.TextField()


class FeatureOfInterest(OwnedEntity):
    """The object that observations are about.

    `datastreams` are those with an observation that names this feature: what leads from a feature to its observations.
    """

    encoding_type = models.TextField(default=GEOJSON)
    feature = models.JSONField()
    datastreams: "models.ManyToManyField[Datastream, Any]" = models.ManyToManyField(
        "Datastream", related_name="features"
    )


class Datastream(OwnedEntity):
    """Observations of one property by one sensor of one thing, or, as a MultiDatastream, of several at once.

    `unit_of_measurement` has `name`, `symbol` and `definition` (a UCUM code or a URI). Its extent in time, count and last
    value are in `DatastreamState`, made together with it. `is_public` is the publication state; `is_simulated` marks all
    its observations as made up. `feature` is what those of its observations are about that name no feature themselves.

    A MultiDatastream (`multi.py`) has an id from `FIRST_MULTI_ID` on, lists of units and of the types of a result's values
    instead of one unit, and its properties in `multi_properties`; whatever asks for `observed_property` meets plain ones
    only.
    """

    key = models.CharField(max_length=200, unique=True, null=True)
    thing = models.ForeignKey(Thing, models.PROTECT, related_name="datastreams")
    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="datastreams")
    observed_property = models.ForeignKey(
        ObservedProperty, models.PROTECT, null=True, related_name="datastreams"
    )
    unit_of_measurement = models.JSONField(default=dict)
    unit_of_measurements = models.JSONField(null=True)
    multi_observation_data_types = models.JSONField(null=True)
    observation_type = models.TextField(default=MEASUREMENT)
    observed_area = models.JSONField(null=True)
    feature = models.ForeignKey(FeatureOfInterest, models.SET_NULL, null=True, related_name="+")
    is_public = models.BooleanField(default=False)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            GinIndex(
                fields=("properties",), name="observations_datastream_props", opclasses=("jsonb_path_ops",)
            ),
        ]


class MultiObservedProperty(models.Model):
    """What the value at a position (from 0) of a MultiDatastream's results observes; a property may come again."""

    datastream = models.ForeignKey(Datastream, models.CASCADE, related_name="multi_properties")
    position = models.BigIntegerField()
    observed_property = models.ForeignKey(ObservedProperty, models.PROTECT, related_name="multi_datastreams")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=("datastream", "position"), name="observations_multi_position")
        ]


class DatastreamTombstone(models.Model):
    """A deleted datastream: its observations can no longer be read and are purged by the job."""

    datastream_id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=200, null=True)
    count = models.BigIntegerField()
    first_time = models.DateTimeField(null=True)
    last_time = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(default=timezone.now)
    purged_at = models.DateTimeField(null=True)
