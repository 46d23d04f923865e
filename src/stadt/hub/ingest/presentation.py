"""Puts sources' and devices' facts into tables, lists and map layers."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from stadt.hub.ingest.mapping import NoteCode
from stadt.hub.ingest.models import Device, RawFrame, Refusal, Source
from stadt.hub.ingest.queries import StreamNow, is_silent
from stadt.web import formats
from stadt.web.maps import MapFeature, MapLayer, State, point
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

WEAK_BATTERY = 20.0
WEAK_SIGNAL = -115.0
"""dBm; LoRaWAN end devices are lost from about -120 dBm on."""

REFUSAL_TITLES = {
    "bad-request": gettext_noop("kein JSON"),
    "invalid": gettext_noop("Angabe fehlt oder ist falsch"),
    "too-large": gettext_noop("Nachricht zu groß"),
    "unknown-device": gettext_noop("Gerät unbekannt"),
    "device-switched-off": gettext_noop("Gerät abgeschaltet"),
}
NOTE_TITLES = {
    NoteCode.MISSING: gettext_noop("fehlt in der Nachricht"),
    NoteCode.OUT_OF_RANGE: gettext_noop("außerhalb des gültigen Bereichs"),
    NoteCode.WRONG_TYPE: gettext_noop("falscher Typ"),
    NoteCode.NOT_DECODED: gettext_noop("Nachricht kam ohne dekodierten Inhalt"),
}

Table = tuple[list[TableColumn], list[dict[str, Any]]]


def refusal_rows(refusals: Iterable[Refusal]) -> Table:
    """Refused messages by reason."""
    columns = [
        TableColumn("reason", _("Grund")),
        TableColumn("field", _("Feld"), CellKind.CODE),
        TableColumn("device", _("Gerät"), CellKind.CODE),
        TableColumn("count", _("Anzahl"), CellKind.NUMBER),
        TableColumn("last", _("zuletzt"), CellKind.DATETIME),
    ]
    rows = [
        {
            "reason": _(REFUSAL_TITLES.get(refusal.code, refusal.code)),
            "field": refusal.field,
            "device": refusal.device_id,
            "count": refusal.count,
            "last": refusal.last_at,
        }
        for refusal in refusals
    ]
    return columns, rows


def device_rows(source: Source, devices: Iterable[Device]) -> Table:
    """Devices with profile, last message and health."""
    columns = [
        TableColumn("device", _("Gerät")),
        TableColumn("profile", _("Profil")),
        TableColumn("state", _("Zustand")),
        TableColumn("seen", _("letzte Nachricht"), CellKind.DATETIME),
        TableColumn("battery", _("Batterie"), CellKind.NUMBER, unit="%", digits=0),
        TableColumn("rssi", _("Empfang"), CellKind.NUMBER, unit="dBm", digits=0),
        TableColumn("snr", _("Rauschabstand"), CellKind.NUMBER, unit="dB", digits=1),
    ]
    rows = [
        {
            "device": LinkCell(str(device), device_url(source, device)),
            "profile": device.profile.title,
            "state": device_state(device),
            "seen": device.last_seen_at,
            "battery": device.battery,
            "rssi": device.rssi,
            "snr": device.snr,
        }
        for device in devices
    ]
    return columns, rows


def device_state(device: Device) -> StateCell:
    """How the device is, in one word."""
    if not device.enabled:
        return StateCell(_("abgeschaltet"), State.NEUTRAL)
    if device.last_seen_at is None:
        return StateCell(_("noch nichts empfangen"), State.INFO)
    if is_silent(device):
        return StateCell(_("verstummt"), State.DANGER)
    if device.battery is not None and device.battery < WEAK_BATTERY:
        return StateCell(_("Batterie schwach"), State.WARNING)
    if device.rssi is not None and device.rssi < WEAK_SIGNAL:
        return StateCell(_("Empfang schwach"), State.WARNING)
    return StateCell(_("in Ordnung"), State.SUCCESS)


def device_url(source: Source, device: Device) -> str:
    """The device's page."""
    return reverse("ingest:device", kwargs={"slug": source.slug, "device_id": device.pk})


def device_layer(source: Source, devices: Iterable[Device]) -> MapLayer:
    """The placed devices on the map."""
    features = []
    for device in devices:
        if device.lon is None or device.lat is None:
            continue
        state = device_state(device)
        features.append(
            MapFeature(
                key=str(device.pk),
                title=str(device),
                geometry=point(device.lon, device.lat),
                text=device.profile.title,
                url=device_url(source, device),
                state=state.state,
                state_label=state.text,
            )
        )
    return MapLayer(key="devices", title=_("Geräte"), features=features)


def device_facts(device: Device) -> list[tuple[str, Any]]:
    """What is known of a device."""
    place = None
    if device.lon is not None and device.lat is not None:
        place = f"{formats.number(device.lat, 5)} / {formats.number(device.lon, 5)}"
    return [
        (_("Zustand"), device_state(device)),
        (_("Geräte-ID"), device.device_id),
        (_("DevEUI"), device.dev_eui or None),
        (
            _("Profil"),
            LinkCell(device.profile.title, reverse("ingest:profile", kwargs={"key": device.profile.key})),
        ),
        (_("letzte Nachricht"), formats.moment(device.last_seen_at) if device.last_seen_at else None),
        (_("Nachrichtenzähler"), device.last_count),
        (_("Batterie"), _measure(device.battery, "%", 0)),
        (_("Empfangsstärke (RSSI)"), _measure(device.rssi, "dBm", 0)),
        (_("Rauschabstand (SNR)"), _measure(device.snr, "dB", 1)),
        (_("Empfangende Gateways"), device.gateways),
        (_("Lage (Breite / Länge)"), place),
        (
            _("Herkunft der Lage"),
            (_("hier eingetragen") if device.is_placed else _("vom Netz")) if place else None,
        ),
    ]


def _measure(value: float | None, unit: str, digits: int) -> str | None:
    return None if value is None else f"{formats.number(value, digits)} {unit}"


def stream_rows(streams: Sequence[StreamNow]) -> Table:
    """A device's observed properties with their newest values."""
    columns = [
        TableColumn("name", _("Messgröße")),
        TableColumn("value", _("letzter Wert")),
        TableColumn("time", _("Zeitpunkt"), CellKind.DATETIME),
        TableColumn("public", _("Veröffentlichung")),
        TableColumn("simulated", _("Herkunft")),
    ]
    rows = [
        {
            "name": stream.name,
            "value": shown_value(stream.latest.value, stream.unit) if stream.latest else None,
            "time": stream.latest.time if stream.latest else None,
            "public": _("öffentlich") if stream.is_public else _("intern"),
            "simulated": (_("simuliert") if stream.latest.is_simulated else _("gemessen"))
            if stream.latest
            else None,
        }
        for stream in streams
    ]
    return columns, rows


def shown_value(value: Any, unit: str) -> str:
    """A result as people read it."""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, int | float):
        return f"{formats.number(value)} {unit}".strip()
    return str(value)


def frame_rows(frames: Iterable[RawFrame]) -> Table:
    """A device's newest messages and what was left out of them."""
    columns = [
        TableColumn("received", _("empfangen"), CellKind.DATETIME),
        TableColumn("count", _("Nachrichtenzähler"), CellKind.NUMBER),
        TableColumn("readings", _("gespeicherte Werte"), CellKind.NUMBER),
        TableColumn("notes", _("nicht gespeichert")),
        TableColumn("revision", _("Profilstand"), CellKind.NUMBER),
    ]
    rows = [
        {
            "received": frame.received_at,
            "count": frame.f_cnt,
            "readings": frame.readings,
            "notes": "; ".join(note_text(field, code) for field, code in frame.notes),
            "revision": frame.revision,
        }
        for frame in frames
    ]
    return columns, rows


def note_text(field: str, code: str) -> str:
    """Why a value was left out: "fill_level: außerhalb des gültigen Bereichs"."""
    reason = _(NOTE_TITLES[NoteCode(code)]) if code in set(NoteCode) else code
    return f"{field}: {reason}" if field else reason
