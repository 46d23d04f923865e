"""Every write of the list of stations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from stadt.apps.environment.models import Station, Surroundings
from stadt.apps.environment.rights import MANAGE
from stadt.core.audit import record
from stadt.core.errors import FieldError, Invalid
from stadt.core.people.actor import Actor
from stadt.hub.places.handed import tell_sites_changed

SITES = "environment.stations"
"""Under this key the places are handed over to address search."""
NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?\Z")
RESERVED = frozenset({"luftqualitaet", "verwalten"})


@dataclass(frozen=True, slots=True)
class StationDraft:
    """A station as somebody wants it; see `Station`."""

    number: str
    title: str
    surroundings: str
    lon: float
    lat: float
    thing_key: str
    is_simulated: bool = False


@transaction.atomic
def add_stations(actor: Actor, drafts: Sequence[StationDraft]) -> list[Station]:
    """Add stations, all or none.

    Raises:
        Forbidden: without `environment.manage`.
        Invalid: naming the field, when a number or thing is taken or a value is impossible.
    """
    actor.require(MANAGE)
    errors = [error for draft in drafts for error in _errors(draft)]
    _refuse([*errors, *_taken(drafts, Station.objects.all())])
    stations = Station.objects.bulk_create(Station(**_fields(draft), number=draft.number) for draft in drafts)
    record(actor, "add_stations", "stations", {"ids": [station.pk for station in stations]})
    tell_sites_changed(SITES)
    return stations


@transaction.atomic
def change_station(actor: Actor, station: Station, draft: StationDraft) -> Station:
    """Change everything but the number. Raises Forbidden, Invalid."""
    actor.require(MANAGE)
    _refuse([*_errors(draft), *_taken([draft], Station.objects.exclude(pk=station.pk))])
    for name, value in _fields(draft).items():
        setattr(station, name, value)
    station.save()
    record(actor, "change_station", f"station:{station.pk}")
    tell_sites_changed(SITES)
    return station


@transaction.atomic
def remove_station(actor: Actor, station: Station) -> None:
    """Take a station off the list; its readings stay with the Thing."""
    actor.require(MANAGE)
    record(actor, "remove_station", f"station:{station.pk}", {"number": station.number})
    tell_sites_changed(SITES)
    station.delete()


def _errors(draft: StationDraft) -> list[FieldError]:
    errors = []
    if not NUMBER.match(draft.number) or draft.number.lower() in RESERVED:
        errors.append(FieldError("number", _("besteht aus Buchstaben, Ziffern und Bindestrichen")))
    if draft.surroundings not in Surroundings.values:
        errors.append(FieldError("surroundings", _("gibt es nicht")))
    errors += [
        FieldError(name, _("fehlt")) for name in ("title", "thing_key") if not getattr(draft, name).strip()
    ]
    if not abs(draft.lon) <= 180:
        errors.append(FieldError("lon", _("liegt nicht zwischen −180 und 180")))
    if not abs(draft.lat) <= 90:
        errors.append(FieldError("lat", _("liegt nicht zwischen −90 und 90")))
    return errors


def _taken(drafts: Sequence[StationDraft], others: QuerySet[Station]) -> list[FieldError]:
    numbers, things = [draft.number for draft in drafts], [draft.thing_key for draft in drafts]
    errors = [
        FieldError("number", _("%(number)s gibt es schon") % {"number": number})
        for number in others.filter(number__in=numbers).values_list("number", flat=True)
    ]
    errors += [
        FieldError("thing_key", _("%(key)s gehört schon zu einer anderen Station") % {"key": key})
        for key in others.filter(thing_key__in=things).values_list("thing_key", flat=True)
    ]
    for name, values in (("number", numbers), ("thing_key", things)):
        if len(set(values)) < len(values):
            errors.append(FieldError(name, _("steht mehrfach in der Liste")))
    return errors


def _refuse(errors: Sequence[FieldError]) -> None:
    if errors:
        raise Invalid(_("Die Station lässt sich so nicht eintragen."), fields=tuple(errors))


def _fields(draft: StationDraft) -> dict[str, str | float | bool]:
    return {
        "title": draft.title.strip(),
        "surroundings": draft.surroundings,
        "lon": draft.lon,
        "lat": draft.lat,
        "thing_key": draft.thing_key,
        "is_simulated": draft.is_simulated,
    }
