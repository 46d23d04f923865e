"""Stores a tree of drafts: what is pointed at first, then the entity, then what belongs to it, observations last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models
from django.utils import timezone

from stadt.core.errors import FieldError
from stadt.core.people.actor import Actor
from stadt.hub.observations import models as tables
from stadt.hub.observations.append import append
from stadt.hub.observations.batch import Batch, Reading
from stadt.hub.observations.multi_registration import next_multi_id, observe
from stadt.hub.observations.rights import WRITE
from stadt.hub.sta.creating.drafts import Draft
from stadt.hub.sta.creating.features import FORGET, generate_features
from stadt.hub.sta.creating.links import find_linked, raw_cursor
from stadt.hub.sta.creating.values import BadEntity, point_of
from stadt.hub.sta.entities import BY_NAME, STREAM_TYPES
from stadt.hub.sta.model import Navigation

MODELS: dict[str, type[models.Model]] = {
    "Thing": tables.Thing,
    "Location": tables.Location,
    "HistoricalLocation": tables.HistoricalLocation,
    "Datastream": tables.Datastream,
    "MultiDatastream": tables.Datastream,
    "Sensor": tables.Sensor,
    "ObservedProperty": tables.ObservedProperty,
    "FeatureOfInterest": tables.FeatureOfInterest,
}
COLUMNS = {"Thing": "thing_id", "Sensor": "sensor_id", "ObservedProperty": "observed_property_id"}
STREAMS = frozenset(kind.name for kind in STREAM_TYPES)
# Adding to these changes what somebody else may own.
GUARDED = STREAMS | {"Thing"}
# Relations that are stored with the entity itself, not after it as what belongs to it.
STORED_WITH = {"Locations", "ObservedProperties"}


@dataclass
class Storage:
    """One body on its way into the tables; all of it in the caller's transaction."""

    actor: Actor
    pending: list[tuple[Draft, int, int | None]] = field(default_factory=list)

    def store(self, draft: Draft, given: dict[str, int]) -> int:
        """Store an entity and everything below it, but observations; `given` are relations known from its place.

        Returns:
            The new id; 0 for an observation, which `finish` stores.
        """
        singles = dict(given)
        for name, parts in draft.relations.items():
            navigation = draft.entity.navigation_by_name[name]
            if not navigation.is_many:
                singles[name] = self._one(draft, navigation, parts[0])
        if draft.entity.name == "Observation":
            stream = next(singles[name] for name in STREAMS if name in singles)
            self.pending.append((draft, stream, singles.get("FeatureOfInterest")))
            return 0
        stored = self._insert(draft, singles)
        for name, parts in draft.relations.items():
            navigation = draft.entity.navigation_by_name[name]
            if navigation.is_many and name not in STORED_WITH and draft.entity.name != "HistoricalLocation":
                self._many(draft, navigation, stored, parts)
        return stored

    def finish(self) -> list[int]:
        """Store the observations. A datastream whose observations name no feature gets that of its thing's place.

        Raises:
            BadEntity: one of them cannot be stored.
        """
        if not self.pending:
            return []
        lacking = sorted({datastream for _, datastream, feature in self.pending if feature is None})
        features = self._features(lacking)
        link_features(
            {(feature, datastream) for _, datastream, feature in self.pending if feature is not None}
        )
        readings = [
            _reading(draft, datastream, feature or features[datastream])
            for draft, datastream, feature in self.pending
        ]
        return append_all(readings, lambda row, name: self.pending[row][0].where(NAMES.get(name, name)))

    def _one(self, draft: Draft, navigation: Navigation, part: Draft | int) -> int:
        if isinstance(part, Draft):
            return self.store(part, {})
        return self._linked(draft.where(navigation.name), navigation.target, part)

    def _linked(self, place: str, target: str, identifier: int) -> int:
        found = find_linked(self.actor, BY_NAME[target], identifier)
        if found is None:
            raise BadEntity.of([FieldError(place, f"there is no {target}({identifier})")])
        if target in GUARDED:
            self.actor.require(WRITE, found.organisation_id)
        return found.id

    def _insert(self, draft: Draft, singles: dict[str, int]) -> int:
        kind = draft.entity.name
        values: dict[str, Any] = dict(draft.values)
        if kind != "HistoricalLocation":
            values["organisation_id"] = self.actor.organisation_id
        if kind == "Location" and (point := point_of(values["location"])):
            values["lon"], values["lat"] = point
        values |= {COLUMNS[name]: stored for name, stored in singles.items() if name in COLUMNS}
        if kind == "MultiDatastream":
            values["id"] = next_multi_id()
        stored = MODELS[kind]._default_manager.create(**values).pk
        if kind == "MultiDatastream":
            parts = draft.relations.get("ObservedProperties", [])
            given = [singles["ObservedProperties"]] if "ObservedProperties" in singles else []
            observe(stored, given or self._all(draft, "ObservedProperties", parts))
        if kind in STREAMS:
            tables.DatastreamState.objects.create(datastream_id=stored, updated_at=timezone.now())
        places = draft.relations.get("Locations")
        if kind == "Thing" and places is not None:
            self.locate(stored, self._all(draft, "Locations", places))
        elif kind == "HistoricalLocation":
            self._remember(
                stored, singles["Thing"], values["time"], self._all(draft, "Locations", places or [])
            )
        elif kind == "Location" and "Things" in singles:
            self.locate(singles["Things"], [stored])
        return int(stored)

    def _all(self, draft: Draft, name: str, parts: list[Draft | int]) -> list[int]:
        """Ids of the entities of a relation, new ones stored without their way back."""
        navigation = draft.entity.navigation_by_name[name]
        return [self._one_of_many(draft, navigation, number, part) for number, part in enumerate(parts)]

    def _one_of_many(self, draft: Draft, navigation: Navigation, number: int, part: Draft | int) -> int:
        if isinstance(part, Draft):
            return self.store(part, {})
        return self._linked(f"{draft.where(navigation.name)}[{number}]", navigation.target, part)

    def _many(self, draft: Draft, navigation: Navigation, stored: int, parts: list[Draft | int]) -> None:
        place = draft.where(navigation.name)
        for number, part in enumerate(parts):
            if isinstance(part, Draft):
                self.store(part, {navigation.inverse: stored})
            elif draft.entity.name == "Location" and navigation.name == "Things":
                self.locate(self._linked(f"{place}[{number}]", "Thing", part), [stored])
            else:
                message = (
                    f"{navigation.target}({part}) belongs elsewhere already; only new ones can be given here"
                )
                raise BadEntity.of([FieldError(f"{place}[{number}]", message)])

    def locate(self, thing_id: int, location_ids: list[int], time: datetime | None = None) -> None:
        """Let a thing be at these locations and keep since when (18-088, 10.2.1: automatic HistoricalLocation)."""
        self._move(thing_id, location_ids)
        if time is None:
            moment = tables.HistoricalLocation.objects.create(thing_id=thing_id, time=datetime.now(UTC))
            moment.locations.set(location_ids)

    def _move(self, thing_id: int, location_ids: list[int]) -> None:
        tables.Thing.objects.get(pk=thing_id).locations.set(location_ids)
        streams = list(
            tables.Datastream.objects.filter(thing_id=thing_id, feature__isnull=False).values_list(
                "pk", flat=True
            )
        )
        if streams:
            raw_cursor().execute(FORGET, (thing_id,))
            generate_features(raw_cursor(), streams)

    def _remember(self, stored: int, thing_id: int, time: datetime, location_ids: list[int]) -> None:
        """A HistoricalLocation made by hand; the newest one moves the thing (18-088, 10.2.1)."""
        moment = tables.HistoricalLocation.objects.get(pk=stored)
        moment.locations.set(location_ids)
        later = tables.HistoricalLocation.objects.filter(thing_id=thing_id, time__gt=time).exclude(pk=stored)
        if not later.exists() and time <= datetime.now(UTC):
            self._move(thing_id, location_ids)

    def _features(self, lacking: list[int]) -> dict[int, int]:
        known = dict(
            tables.Datastream.objects.filter(pk__in=lacking, feature__isnull=False).values_list(
                "pk", "feature_id"
            )
        )
        missing = [datastream for datastream in lacking if datastream not in known]
        if missing:
            known |= generate_features(raw_cursor(), missing)
        for draft, datastream, feature in self.pending:
            if feature is None and datastream not in known:
                message = "is missing, and the Thing has no Location it could be made from"
                raise BadEntity.of([FieldError(draft.where("FeatureOfInterest"), message)])
        return known


def append_all(readings: Sequence[Reading], place: Callable[[int, str], str]) -> list[int]:
    """Append readings in Django's transaction; returns their ids. `place` names a row's attribute in the body.

    Raises:
        BadEntity: one of them cannot be stored.
    """
    connection.ensure_connection()
    assert connection.connection is not None  # noqa: S101 - just made
    result = append(connection.connection, Batch.of(readings), whole=True)
    if result.refusals:
        raise BadEntity.of(
            FieldError(place(item.row, item.field), item.message) for item in result.refusals[:20]
        )
    return list(result.ids)


def link_features(pairs: set[tuple[int, int]]) -> None:
    """Keep what leads from features to datastreams with observations of them: pairs (feature, datastream)."""
    through = tables.FeatureOfInterest.datastreams.through
    through._default_manager.bulk_create(
        [
            through(featureofinterest_id=feature, datastream_id=datastream)
            for feature, datastream in sorted(pairs)
        ],
        ignore_conflicts=True,
    )


# Names of a reading's attributes in the standard.
NAMES = {
    "datastream_id": "Datastream",
    "feature_of_interest_id": "FeatureOfInterest",
    "phenomenon_time": "phenomenonTime",
    "phenomenon_time_end": "phenomenonTime",
    "result_time": "resultTime",
    "result_quality": "resultQuality",
    "valid_time_start": "validTime",
    "valid_time_end": "validTime",
}


def _reading(draft: Draft, datastream_id: int, feature_id: int) -> Reading:
    """Without a phenomenonTime the observation is of now (18-088, table 8-11)."""
    values = draft.values
    start, end = values.get("phenomenon_time", (datetime.now(UTC), None))
    valid_start, valid_end = values.get("valid_time", (None, None))
    return Reading(
        datastream_id,
        start,
        values["result"],
        phenomenon_time_end=end,
        result_time=values.get("result_time"),
        result_quality=values.get("result_quality"),
        valid_time_start=valid_start,
        valid_time_end=valid_end,
        parameters=values.get("parameters"),
        feature_of_interest_id=feature_id,
    )
