"""The newest snapshots as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

from stadt.core.city import current
from stadt.hub.opendata.records import Record

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def render_feed(records: Sequence[Record]) -> bytes:
    """The feed of published records, newest first. An entry's id names its snapshot, so that each is told once."""
    base = settings.STADT.url
    published = sorted(
        ((record.modified_at, record) for record in records if record.modified_at),
        key=lambda item: item[0],
        reverse=True,
    )
    ET.register_namespace("", ATOM)
    feed = ET.Element(_tag("feed"), {"xml:lang": get_language() or "de"})
    address = base + reverse("catalogue:feed")
    _text(feed, "id", address)
    _text(feed, "title", gettext("Offene Daten: %(city)s") % {"city": current().name})
    _text(feed, "updated", (published[0][0] if published else NEVER).isoformat())
    ET.SubElement(feed, _tag("link"), {"rel": "self", "href": address})
    ET.SubElement(feed, _tag("link"), {"rel": "alternate", "href": base + reverse("catalogue:list")})
    for moment, record in published:
        entry = ET.SubElement(feed, _tag("entry"))
        number = record.snapshot.number if record.snapshot else 0
        _text(entry, "id", f"{base}{record.url}#{number}")
        _text(entry, "title", record.title)
        _text(entry, "updated", moment.isoformat())
        _text(ET.SubElement(entry, _tag("author")), "name", record.publisher)
        _text(entry, "summary", record.description or record.title)
        _text(entry, "rights", record.licence.title)
        ET.SubElement(entry, _tag("category"), {"term": record.dataset.theme.name, "label": record.theme})
        ET.SubElement(entry, _tag("link"), {"rel": "alternate", "href": base + record.url})
        for item in record.distributions:
            link = {
                "rel": "enclosure",
                "type": item.media_type or "application/octet-stream",
                "title": item.title,
                "href": base + item.permanent_url if record.link is None else item.address,
            }
            if item.size_bytes is not None:
                link["length"] = str(item.size_bytes)
            ET.SubElement(entry, _tag("link"), link)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _tag(name)).text = "".join(
        sign for sign in text if sign.isprintable() or sign in "\n\t"
    )
