"""Carries changes and deletions out: columns, links, what follows from a move, and the standard's cascades."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

import msgspec
from django.db.models import F, Q

from stadt.core.errors import Conflict, FieldError, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.hub.observations import models as tables
from stadt.hub.observations import services as observing
from stadt.hub.observations.multi_registration import observe
from stadt.hub.observations.rights import MANAGE
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.shapes import entity_json
from stadt.hub.sta.creating.changes import Change
from stadt.hub.sta.creating.features import FORGET, generate_features
from stadt.hub.sta.creating.forms import MULTI_TYPES, MULTI_UNITS
from stadt.hub.sta.creating.links import find_linked, raw_cursor
from stadt.hub.sta.creating.storing import COLUMNS, GUARDED, MODELS, NAMES, STREAMS, Storage
from stadt.hub.sta.creating.values import BadEntity, point_of
from stadt.hub.sta.entities import BY_NAME, MULTI_DATASTREAM, STREAM_TYPES
from stadt.hub.sta.model import EntityType
from stadt.hub.sta.syntax.nodes import Name, Query, Reference

# So many observations are deleted with a feature in one transaction; more go with their Datastreams.
MOST_OBSERVATIONS = 100_000
KEY = "SELECT datastream_id, phenomenon_time, id FROM observations_observation WHERE id = $1"
OF_FEATURE = """
SELECT o.datastream_id, o.phenomenon_time, o.id FROM observations_observation o
WHERE o.datastream_id = ANY($1::bigint[]) AND o.phenomenon_time >= $2 AND o.phenomenon_time <= $3
AND (o.feature_of_interest_id = $4 OR (o.feature_of_interest_id IS NULL AND o.datastream_id = ANY($5::bigint[])))
LIMIT $6
"""


def document_of(entity: EntityType, identifier: int) -> dict[str, Any]:
    """The properties of an entity as they are in JSON, without control information; the caller has checked access.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    context = Context(Visibility.ALL, "")
    alias = context.alias()
    names = tuple(Reference((Name(1, item.name),)) for item in entity.properties if item.name != "id")
    shown = entity_json(context, entity, alias, Query(select=names))
    number = context.values.bind(identifier, "bigint")
    sql = f"SELECT {shown} FROM {context.source(entity, alias)} WHERE {alias}.id = {number}"  # noqa: S608 - from the entity model
    row = raw_cursor().execute(sql.encode(), context.values.statement(sql).values).fetchone()
    if row is None:
        raise NotFound("Nothing found.")
    found = msgspec.json.decode(str(row[0]))
    assert isinstance(found, dict)  # noqa: S101 - by entity_json
    return found


@dataclass(frozen=True, slots=True)
class Updating:
    """One change by one actor, in the caller's transaction."""

    actor: Actor

    def apply(self, entity: EntityType, identifier: int, change: Change) -> None:
        """Change an entity that the actor may manage.

        Raises:
            NotFound: it was deleted meanwhile.
            Forbidden: a link would take from somebody else.
            BadEntity: a link leads nowhere.
        """
        links = {
            name: [self._linked(entity, name, number, one) for number, one in enumerate(ids)]
            for name, ids in change.links.items()
        }
        if entity.name == "Observation":
            self._correct(identifier, change.values, links)
            return
        values = dict(change.values)
        for name, ids in links.items():
            navigation = entity.navigation_by_name[name]
            if not navigation.is_many:
                values[COLUMNS[name]] = ids[0]
        if entity.name == "Location" and "location" in values:
            values["lon"], values["lat"] = point_of(values["location"]) or (None, None)
        rows = MODELS[entity.name]._default_manager.select_for_update().filter(pk=identifier)
        if not rows.exists():
            raise NotFound("Nothing found.")
        if entity is MULTI_DATASTREAM:
            _refuse_other_size(identifier, values, links)
        if values:
            rows.update(**values)
        for name, ids in links.items():
            if entity.navigation_by_name[name].is_many:
                self._relate(entity, identifier, name, ids)
        if entity.name == "Location" and "location" in values:
            self._moved(identifier)
        if entity.name in STREAMS and "thing_id" in values:
            self._forget_feature(identifier)

    def _linked(self, entity: EntityType, name: str, number: int, identifier: int) -> int:
        navigation = entity.navigation_by_name[name]
        place = f"{name}[{number}]" if navigation.is_many else name
        found = find_linked(self.actor, BY_NAME[navigation.target], identifier)
        if found is None:
            raise BadEntity.of([FieldError(place, f"there is no {navigation.target}({identifier})")])
        if navigation.target in {*GUARDED, "HistoricalLocation"}:
            self.actor.require(MANAGE, found.organisation_id)
        return found.id

    def _relate(self, entity: EntityType, identifier: int, name: str, ids: list[int]) -> None:
        """Lead a relation to many elsewhere: Things' Locations replace the former, everything else is added."""
        storage = Storage(self.actor)
        match entity.name, name:
            case "Thing", "Locations":
                storage.locate(identifier, ids)
            case "Location", "Things":
                for thing in ids:
                    storage.locate(thing, [identifier])
            case "HistoricalLocation", "Locations":
                tables.HistoricalLocation.objects.get(pk=identifier).locations.set(ids)
            case "Location", "HistoricalLocations":
                tables.Location.objects.get(pk=identifier).historical_locations.add(*ids)
            case "MultiDatastream", "ObservedProperties":
                observe(identifier, ids)
            case "ObservedProperty", "MultiDatastreams":
                message = "observe it by their own list: change ObservedProperties of the MultiDatastream"
                raise BadEntity.of([FieldError(name, message)])
            case _, "Datastreams" | "MultiDatastreams":
                column = COLUMNS[entity.navigation_by_name[name].inverse]
                tables.Datastream.objects.filter(pk__in=ids).update(**{column: identifier})
                if entity.name == "Thing":
                    for datastream in ids:
                        self._forget_feature(datastream)
            case "Thing", "HistoricalLocations":
                tables.HistoricalLocation.objects.filter(pk__in=ids).update(thing_id=identifier)
            case _:
                message = "belong to their Datastream and are not led elsewhere"
                raise BadEntity.of([FieldError(name, message)])

    def _moved(self, location: int) -> None:
        """What is at a place that was corrected observes something else from now on."""
        for thing in tables.Thing.objects.filter(locations=location).values_list("pk", flat=True):
            raw_cursor().execute(FORGET, (thing,))
            streams = tables.Datastream.objects.filter(thing_id=thing).values_list("pk", flat=True)
            generate_features(raw_cursor(), list(streams))

    def _forget_feature(self, datastream: int) -> None:
        tables.Datastream.objects.filter(pk=datastream).update(feature=None)
        generate_features(raw_cursor(), [datastream])

    def _correct(self, identifier: int, values: dict[str, Any], links: dict[str, list[int]]) -> None:
        """A change of an observation is a correction: a new revision beside the old one."""
        key = observation_key(identifier)
        for kind in STREAM_TYPES:
            if links.get(kind.name, [key.datastream_id]) != [key.datastream_id]:
                raise BadEntity.of([FieldError(kind.name, f"an Observation stays with its {kind.name}")])
        more: dict[str, Any] = {
            name: values[name]
            for name in ("result", "result_time", "result_quality", "parameters")
            if name in values
        }
        if "phenomenon_time" in values:
            more["moved_to"], more["phenomenon_time_end"] = values["phenomenon_time"]
        if "valid_time" in values:
            more["valid_time_start"], more["valid_time_end"] = values["valid_time"] or (None, None)
        if "FeatureOfInterest" in links:
            (feature,) = links["FeatureOfInterest"]
            more["feature_of_interest_id"] = feature
            tables.FeatureOfInterest.objects.get(pk=feature).datastreams.add(key.datastream_id)
        if not more:
            return
        try:
            observing.correct_observations(self.actor, [observing.Correction(*key, **more)])
        except Invalid as refused:
            raise BadEntity.of(_fields_of(refused)) from None

    def delete(self, entity: EntityType, identifier: int) -> None:
        """Delete an entity and what cannot be without it (18-088, table 25).

        Raises:
            Forbidden: without the right for one of the Datastreams that go with it.
            Conflict: something else in the city needs it, or too much would go at once.
        """
        match entity.name:
            case "Thing":
                observing.delete_things(self.actor, [identifier])
                return
            case "Datastream" | "MultiDatastream":
                observing.delete_datastreams(self.actor, [identifier])
                return
            case "Observation":
                observing.delete_observations(self.actor, [observation_key(identifier)])
                return
            case "Sensor":
                owned = tables.Datastream.objects.filter(sensor_id=identifier)
                observing.delete_datastreams(self.actor, list(owned.values_list("pk", flat=True)))
            case "ObservedProperty":
                seen = Q(observed_property_id=identifier) | Q(
                    multi_properties__observed_property_id=identifier
                )
                owned = tables.Datastream.objects.filter(seen).distinct()
                observing.delete_datastreams(self.actor, list(owned.values_list("pk", flat=True)))
            case "Location":
                self._delete_past(identifier)
            case "FeatureOfInterest":
                self._delete_observed(identifier)
        MODELS[entity.name]._default_manager.filter(pk=identifier).delete()

    def _delete_past(self, location: int) -> None:
        past = tables.HistoricalLocation.objects.filter(locations=location)
        for organisation_id in set(past.values_list("thing__organisation_id", flat=True)):
            self.actor.require(MANAGE, organisation_id)
        tables.HistoricalLocation.objects.filter(pk__in=list(past.values_list("pk", flat=True))).delete()

    def _delete_observed(self, feature: int) -> None:
        """Delete the observations of a feature: those that name it, and those of datastreams it stands for."""
        implied = list(tables.Datastream.objects.filter(feature_id=feature).values_list("pk", flat=True))
        states = tables.DatastreamState.objects.filter(
            Q(datastream__features=feature) | Q(datastream__feature=feature), first_time__isnull=False
        ).distinct()
        spans = list(states.values_list(F("datastream_id"), "first_time", "last_time"))
        if not spans:
            return
        values = (
            [span[0] for span in spans],
            min(span[1] for span in spans),
            max(span[2] for span in spans),
            feature,
            implied,
            MOST_OBSERVATIONS + 1,
        )
        rows: list[Any] = raw_cursor().execute(OF_FEATURE, values).fetchall()
        if len(rows) > MOST_OBSERVATIONS:
            raise Conflict(
                f"More than {MOST_OBSERVATIONS} Observations are about this feature; delete their Datastreams first."
            )
        observing.delete_observations(self.actor, [observing.ObservationKey(*row) for row in rows])


def _refuse_other_size(identifier: int, values: dict[str, Any], links: dict[str, list[int]]) -> None:
    """The size of a MultiDatastream stays what it was when it was made, so that its Observations stay right."""
    size = tables.MultiObservedProperty.objects.filter(datastream_id=identifier).count()
    given = {
        "multiObservationDataTypes": values.get(MULTI_TYPES),
        "unitOfMeasurements": values.get(MULTI_UNITS),
        "ObservedProperties": links.get("ObservedProperties"),
    }
    errors = [
        FieldError(name, f"has {len(found)} entries; this MultiDatastream stays one of {size}")
        for name, found in given.items()
        if found is not None and len(found) != size
    ]
    if errors:
        raise BadEntity.of(errors)


def _fields_of(refused: Invalid) -> list[FieldError]:
    """What is wrong with the one correction, by the names of the standard."""
    names = [item.field.partition(".")[2] for item in refused.fields]
    return [
        FieldError(NAMES.get(name, name), item.message)
        for name, item in zip(names, refused.fields, strict=True)
    ]


def observation_key(identifier: int) -> observing.ObservationKey:
    """The key of an observation.

    Raises:
        NotFound: there is none (any more).
    """
    row: Any = raw_cursor().execute(KEY, (identifier,)).fetchone()
    if row is None:
        raise NotFound("Nothing found.")
    datastream, time, number = row
    return observing.ObservationKey(datastream, time.astimezone(UTC), number)
