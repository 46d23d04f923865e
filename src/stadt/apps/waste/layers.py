"""The containers on the map."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from stadt.apps.waste.models import ContainerKind
from stadt.apps.waste.queries import ContainerNow, all_containers_now
from stadt.web import formats
from stadt.web.maps import MapFeature, State, point


def features() -> list[MapFeature]:
    """All containers as they are now."""
    return features_of(all_containers_now())


def features_of(containers: Iterable[ContainerNow]) -> list[MapFeature]:
    """Containers as map features."""
    return [_feature(now) for now in containers]


def state_of(now: ContainerNow) -> tuple[State, str]:
    """Colour and word for how full a container is."""
    if now.fill is None:
        return State.NEUTRAL, _("kein Füllstand")
    if now.is_nearly_full:
        return State.WARNING, _("fast voll")
    return State.SUCCESS, _("hat Platz")


def shown_fill(now: ContainerNow) -> str:
    """The fill level as people read it."""
    return formats.percent(now.fill / 100, 0) if now.fill is not None else ""


def _feature(now: ContainerNow) -> MapFeature:
    state, label = state_of(now)
    container = now.container
    kind = str(ContainerKind(container.kind).label)
    text = (
        _("%(kind)s, gemeldet %(time)s") % {"kind": kind, "time": formats.ago(now.seen_at)}
        if now.seen_at
        else kind
    )
    return MapFeature(
        key=container.number,
        title=container.title,
        geometry=point(container.lon, container.lat),
        text=text,
        value=shown_fill(now),
        url=reverse("waste:container", kwargs={"number": container.number}),
        state=state,
        state_label=label,
        simulated=now.is_simulated,
    )
