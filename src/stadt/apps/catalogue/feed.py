"""The newest snapshots as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

from stadt.core.city import current
from stadt.hub.datasets.queries import Version
from stadt.hub.opendata.records import Record
from stadt.web.formats import number

ATOM = "http://www.w3.org/2005/Atom"
# Tombstones of entries that are gone (RFC 6721).
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A version that was told once and is gone; `url` is the dataset's page."""

    url: str
    number: int
    when: datetime


def render_feed(records: Sequence[Record], gone: Sequence[Tombstone] = ()) -> bytes:
    """The feed of published records, newest first. An entry's id names its snapshot, so that each is told once.

    `gone`: newest versions of withdrawn datasets, told as deleted entries.
    """
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
    moments = [*(moment for moment, _record in published[:1]), *(item.when for item in gone)]
    _text(feed, "updated", max(moments, default=NEVER).isoformat())
    ET.SubElement(feed, _tag("link"), {"rel": "self", "href": address})
    ET.SubElement(feed, _tag("link"), {"rel": "alternate", "href": base + reverse("catalogue:list")})
    _add_tombstones(feed, gone)
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


def render_versions(record: Record, versions: Sequence[Version]) -> bytes:
    """The feed of one dataset: an entry for each version that is there, a tombstone for each that is gone."""
    base = settings.STADT.url
    ET.register_namespace("", ATOM)
    feed = ET.Element(_tag("feed"), {"xml:lang": get_language() or "de"})
    address = base + reverse("catalogue:dataset_feed", args=[record.key])
    moments = [version.purged_at or version.published_at for version in versions]
    _text(feed, "id", address)
    _text(feed, "title", record.title)
    _text(feed, "updated", max(moments, default=NEVER).isoformat())
    ET.SubElement(feed, _tag("link"), {"rel": "self", "href": address})
    ET.SubElement(feed, _tag("link"), {"rel": "alternate", "href": base + record.url})
    _text(ET.SubElement(feed, _tag("author")), "name", record.publisher)
    there = [version for version in versions if version.purged_at is None]
    _add_tombstones(
        feed, [Tombstone(record.url, item.number, item.purged_at) for item in versions if item.purged_at]
    )
    for version in there:
        entry = ET.SubElement(feed, _tag("entry"))
        _text(entry, "id", f"{base}{record.url}#{version.number}")
        _text(
            entry,
            "title",
            gettext("%(title)s, Stand %(number)s") % {"title": record.title, "number": version.number},
        )
        _text(entry, "updated", version.published_at.isoformat())
        rows = {"rows": number(version.row_count)}
        _text(entry, "summary", gettext("%(rows)s Zeilen") % rows)
        link = f"{base}{record.url}?stand={version.number}"
        ET.SubElement(entry, _tag("link"), {"rel": "alternate", "href": link})
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add_tombstones(feed: ET.Element, gone: Sequence[Tombstone]) -> None:
    ET.register_namespace("at", TOMBSTONES)
    for item in gone:
        reference = f"{settings.STADT.url}{item.url}#{item.number}"
        attributes = {"ref": reference, "when": item.when.isoformat()}
        ET.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", attributes)


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _tag(name)).text = "".join(
        sign for sign in text if sign.isprintable() or sign in "\n\t"
    )
