"""Every write of the inventory of containers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from stadt.apps.waste.models import Container, ContainerKind
from stadt.apps.waste.rights import MANAGE
from stadt.core.audit import record
from stadt.core.errors import FieldError, Invalid
from stadt.core.people.actor import Actor
from stadt.hub.places.handed import tell_sites_changed

SITES = "waste.containers"
"""Under this key the places are handed over to address search."""
NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?\Z")
RESERVED = frozenset({"verwalten"})
LARGEST_L = 100_000


@dataclass(frozen=True, slots=True)
class ContainerDraft:
    """A container as somebody wants it; see `Container`."""

    number: str
    kind: str
    title: str
    lon: float
    lat: float
    capacity_l: int | None = None
    thing_key: str = ""
    is_simulated: bool = False


@transaction.atomic
def add_containers(actor: Actor, drafts: Sequence[ContainerDraft]) -> list[Container]:
    """Add containers to the inventory, all or none.

    Raises:
        Forbidden: without `waste.manage`.
        Invalid: naming the field, when a number is taken, a thing has a container already or a value is impossible.
    """
    actor.require(MANAGE)
    errors = [error for draft in drafts for error in _errors(draft)]
    errors += _taken(drafts, exclude=None)
    _refuse(errors)
    containers = Container.objects.bulk_create(
        Container(**_fields(draft), number=draft.number) for draft in drafts
    )
    record(actor, "add_containers", "containers", {"ids": [container.pk for container in containers]})
    tell_sites_changed(SITES)
    return containers


@transaction.atomic
def change_container(actor: Actor, container: Container, draft: ContainerDraft) -> Container:
    """Change everything but the number. Raises Forbidden, Invalid."""
    actor.require(MANAGE)
    _refuse([*_errors(draft), *_taken([draft], exclude=container.pk)])
    for name, value in _fields(draft).items():
        setattr(container, name, value)
    container.save()
    record(actor, "change_container", f"container:{container.pk}", {"kind": draft.kind})
    tell_sites_changed(SITES)
    return container


@transaction.atomic
def remove_container(actor: Actor, container: Container) -> None:
    """Take a container out of the inventory; its readings stay with the Thing."""
    actor.require(MANAGE)
    record(actor, "remove_container", f"container:{container.pk}", {"number": container.number})
    tell_sites_changed(SITES)
    container.delete()


def _errors(draft: ContainerDraft) -> list[FieldError]:
    errors = []
    if not NUMBER.match(draft.number) or draft.number.lower() in RESERVED:
        errors.append(FieldError("number", _("besteht aus Buchstaben, Ziffern und Bindestrichen")))
    if draft.kind not in ContainerKind.values:
        errors.append(FieldError("kind", _("gibt es nicht")))
    if not draft.title.strip():
        errors.append(FieldError("title", _("fehlt")))
    if not abs(draft.lon) <= 180:
        errors.append(FieldError("lon", _("liegt nicht zwischen −180 und 180")))
    if not abs(draft.lat) <= 90:
        errors.append(FieldError("lat", _("liegt nicht zwischen −90 und 90")))
    if draft.capacity_l is not None and not 0 < draft.capacity_l <= LARGEST_L:
        errors.append(
            FieldError("capacity_l", _("liegt nicht zwischen 1 und %(most)d Litern") % {"most": LARGEST_L})
        )
    return errors


def _taken(drafts: Sequence[ContainerDraft], exclude: int | None) -> list[FieldError]:
    others = Container.objects.exclude(pk=exclude) if exclude else Container.objects.all()
    numbers = [draft.number for draft in drafts]
    things = [draft.thing_key for draft in drafts if draft.thing_key]
    errors = [
        FieldError("number", _("%(number)s gibt es schon") % {"number": number})
        for number in others.filter(number__in=numbers).values_list("number", flat=True)
    ]
    errors += [
        FieldError("thing_key", _("%(key)s gehört schon zu einem anderen Behälter") % {"key": key})
        for key in others.filter(thing_key__in=things).values_list("thing_key", flat=True)
    ]
    if len(set(numbers)) < len(numbers):
        errors.append(FieldError("number", _("steht mehrfach in der Liste")))
    if len(set(things)) < len(things):
        errors.append(FieldError("thing_key", _("steht mehrfach in der Liste")))
    return errors


def _refuse(errors: Sequence[FieldError]) -> None:
    if errors:
        raise Invalid(_("Der Behälter lässt sich so nicht eintragen."), fields=tuple(errors))


def _fields(draft: ContainerDraft) -> dict[str, str | float | int | bool | None]:
    return {
        "kind": draft.kind,
        "title": draft.title.strip(),
        "lon": draft.lon,
        "lat": draft.lat,
        "capacity_l": draft.capacity_l,
        "thing_key": draft.thing_key,
        "is_simulated": draft.is_simulated,
    }
