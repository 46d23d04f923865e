"""A frozen view as a page shows it: read from the kept JSON alone, never from what is known today."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from stadt.web import formats
from stadt.web.maps import State
from stadt.web.tables import CellKind, StateCell, TableColumn


@dataclass(frozen=True, slots=True)
class ShownSubject:
    """One subject of a view: its facts as terms and values, and its values as rows of a table."""

    code: str
    title: str
    facts: list[tuple[str, Any]]
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ShownView:
    """A view ready for a template."""

    taken_at: datetime | None
    edition: str
    subjects: list[ShownSubject]
    columns: list[TableColumn]
    parts: list[tuple[str, str]]


def shown_view(text: str) -> ShownView | None:
    """The view kept as `text`; None where none was kept."""
    if not text:
        return None
    document = json.loads(text)
    edition = document.get("edition") or {}
    return ShownView(
        taken_at=parse_datetime(document["taken_at"]),
        edition=str(edition.get("name", "")),
        subjects=[_subject(one) for one in document["subjects"]],
        columns=[
            TableColumn("name", gettext("Kennzahl")),
            TableColumn("value", gettext("Wert")),
            TableColumn("interval", gettext("Unsicherheit")),
            TableColumn("period", gettext("Zeitraum bis"), CellKind.DATE),
            TableColumn("state", gettext("Stand")),
        ],
        parts=[
            (name, json.dumps(part, ensure_ascii=False, indent=1, sort_keys=True))
            for name, part in document.get("parts", {}).items()
            if part
        ],
    )


def _subject(one: dict[str, Any]) -> ShownSubject:
    labels = (
        ("state_word", gettext("Stand")),
        ("period", gettext("Zeitraum")),
        ("funding", gettext("Finanzierung")),
        ("owner", gettext("Verantwortlich")),
    )
    return ShownSubject(
        code=one["code"],
        title=one["title"],
        facts=[(label, one[name] or gettext("nicht festgelegt")) for name, label in labels if name in one],
        rows=[row for indicator in one.get("indicators", ()) for row in _rows(indicator)],
    )


def _rows(indicator: dict[str, Any]) -> list[dict[str, Any]]:
    name = f"{indicator['code']} {indicator['name']}"
    if not indicator["values"]:
        return [
            {"name": name, "value": None, "interval": None, "period": None, "state": gettext("kein Wert")}
        ]
    return [
        {
            "name": name,
            "value": formats.number(value["value"]) if value["value"] is not None else None,
            "interval": _interval(value["interval"]),
            "period": parse_datetime(value["period_end"]),
            "state": StateCell(gettext("simuliert"), State.WARNING)
            if value["simulated"]
            else gettext("gemessen"),
        }
        for value in indicator["values"]
    ]


def _interval(interval: dict[str, Any] | None) -> str | None:
    if interval is None:
        return None
    low, high = formats.number(interval["low"]), formats.number(interval["high"])
    return gettext("%(low)s bis %(high)s") % {"low": low, "high": high}
