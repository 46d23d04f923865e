"""A small catalogue of its own, requests without a server, and published reports."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import httpx
import msgspec
from django.utils import timezone

from stadt.apps.open311.documents import MEDIA_TYPES, error_document, form_of, written
from stadt.apps.open311.endpoint import read, respond
from stadt.core.city import current
from stadt.core.errors import StadtError

DATA = Path(__file__).parent / "data"
QUESTIONS: dict[str, Any] = {
    "key": "probe_pothole",
    "title": "Fragen zum Schlagloch",
    "steps": [
        {
            "key": "questions",
            "title": "Fragen",
            "fields": [
                {"key": "info", "kind": "info", "title": "Hinweis", "text": "Bleiben Sie am Rand."},
                {
                    "key": "size",
                    "kind": "choice",
                    "title": "Wie groß ist das Loch?",
                    "required": True,
                    "choices": [
                        {"value": "small", "title": "klein"},
                        {"value": "large", "title": "groß"},
                        {"value": "abyss", "title": "bodenlos", "disables": "Rufen Sie 112."},
                    ],
                },
                {
                    "key": "where",
                    "kind": "choices",
                    "title": "Wo liegt es?",
                    "choices": [{"value": "lane", "title": "Fahrbahn"}, {"value": "path", "title": "Gehweg"}],
                },
                {"key": "depth", "kind": "number", "title": "Wie tief?", "hint": "in Zentimetern"},
                {"key": "seen", "kind": "date", "title": "Seit wann?"},
                {
                    "key": "name_it",
                    "kind": "text",
                    "title": "In einem Wort",
                    "visible": "size == 'large'",
                    "required": True,
                },
                {"key": "more", "kind": "long_text", "title": "Mehr dazu"},
                {"key": "danger", "kind": "yes_no", "title": "Ist es gefährlich?"},
            ],
        }
    ],
}


@dataclass(frozen=True)
class Told:
    """An answer: its status, headers that matter, and its body as it was sent."""

    status: int
    media_type: str
    body: bytes
    next_url: str = ""

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def xml(self) -> ET.Element:
        assert self.body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
        return ET.fromstring(self.body)


def ask(
    path: str,
    query: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
    files: Any = None,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    method: str = "",
) -> Told:
    """One request below `/open311/`; posts when there is something to post."""
    way = method or ("POST" if data is not None or files or body is not None else "GET")
    address = f"http://localhost/open311/{path}"
    request = httpx.Request(way, address, params=query, data=data, files=files, headers=headers, content=body)
    scope: dict[str, Any] = {
        "type": "http",
        "method": way,
        "path": f"/open311/{path}",
        "query_string": urlencode(query or {}, doseq=True).encode(),
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }
    form = form_of(scope["path"])
    try:
        document = respond(read(scope, request.read()))
    except StadtError as error:
        document = error_document(error)
    return Told(document.status, MEDIA_TYPES[form], written(document, form), document.next_url)


def publish(reference: str, **more: Any) -> Any:
    """A published report as the projection keeps it."""
    from stadt.apps.issues.models import PublicIssue

    lon, lat = current().centre
    now = timezone.now()
    known: dict[str, Any] = {
        "case_id": PublicIssue.objects.count() + 1_000_000,
        "type_key": "pothole",
        "category": "pothole",
        "face": "received",
        "is_closed": False,
        "text": "Ein Loch.",
        "lon": round(lon, 4),
        "lat": round(lat, 4),
        "street": "Probeweg",
        "agency": "Amt für Straßen",
        "received_on": timezone.localdate(),
        "changed_at": now,
        "history": [{"on": timezone.localdate().isoformat(), "face": "received", "text": ""}],
    }
    row = known | more
    row.setdefault("received_at", at_noon(row["received_on"]))
    if row.get("closed_on"):
        row.setdefault("closed_at", at_noon(row["closed_on"]))
    return PublicIssue.objects.create(reference=reference, **row)


def at_noon(day: date) -> datetime:
    """Noon of a day, or now while it is still morning."""
    return min(datetime.combine(day, time(12), timezone.get_default_timezone()), timezone.now())


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def w3(days: int = 0) -> str:
    return (timezone.localtime() - timedelta(days=days)).replace(microsecond=0).isoformat()


def is_w3(text: str) -> bool:
    return datetime.fromisoformat(text).tzinfo is not None and "T" in text
