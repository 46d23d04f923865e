"""The stations on the map."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stadt.apps.environment.quantities import QUANTITIES, TEMPERATURE, Quantity
from stadt.apps.environment.queries import StationNow, all_stations_now
from stadt.web import formats
from stadt.web.maps import MapFeature, State, point


def features() -> list[MapFeature]:
    """All stations as they are now."""
    return features_of(all_stations_now())


def features_of(stations: Iterable[StationNow]) -> list[MapFeature]:
    """Stations as map features."""
    return [_feature(now) for now in stations]


def air_of(now: StationNow) -> tuple[State, str]:
    """Colour and word for the air at a station in the last full hour."""
    if now.air is None:
        return State.NEUTRAL, _("kein Luftindex")
    return now.air.state, _("Luft %(word)s") % {"word": _(now.air.title)}


def shown(now: StationNow, quantity: Quantity) -> str:
    """The newest value of a quantity as people read it, empty without one."""
    value = now.number(quantity.key)
    return "" if value is None else f"{formats.number(value, quantity.digits)} {quantity.symbol}"


def _feature(now: StationNow) -> MapFeature:
    state, label = air_of(now)
    station = now.station
    is_fresh = now.is_fresh(timezone.now())
    if is_fresh:
        values = ((q, shown(now, q)) for q in QUANTITIES if q is not TEMPERATURE)
        text = ", ".join(f"{_(q.title)} {value}" for q, value in values if value)
    elif now.seen_at:
        text = _("zuletzt gemessen %(time)s") % {"time": formats.ago(now.seen_at)}
    else:
        text = _("noch keine Werte")
    return MapFeature(
        key=station.number,
        title=station.title,
        geometry=point(station.lon, station.lat),
        text=text,
        value=shown(now, TEMPERATURE) if is_fresh else "",
        url=reverse("environment:station", kwargs={"number": station.number}),
        state=state,
        state_label=label,
        simulated=now.is_simulated,
    )
