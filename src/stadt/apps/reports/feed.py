"""Released reports as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

from stadt.apps.reports.models import Report
from stadt.apps.reports.showing import title_of
from stadt.core.city import current
from stadt.web.formats import day

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def render(reports: Sequence[Report]) -> bytes:
    """The feed, newest first; an entry's id is the report's address, which stays for ever."""
    base = settings.STADT.url
    ET.register_namespace("", ATOM)
    root = ET.Element(_tag("feed"), {"xml:lang": get_language() or "de"})
    address = base + reverse("reports:feed")
    moments = [report.released_at for report in reports if report.released_at]
    _text(root, "id", address)
    _text(root, "title", gettext("Berichte: %(city)s") % {"city": current().name})
    _text(root, "updated", max(moments, default=NEVER).isoformat())
    _text(ET.SubElement(root, _tag("author")), "name", current().name)
    ET.SubElement(root, _tag("link"), {"rel": "self", "href": address})
    ET.SubElement(root, _tag("link"), {"rel": "alternate", "href": base + reverse("reports:overview")})
    for report in reports:
        page = base + reverse("reports:report", args=[report.pk])
        entry = ET.SubElement(root, _tag("entry"))
        _text(entry, "id", page)
        _text(entry, "title", f"{title_of(report)}, {day(report.released_at)}")
        _text(entry, "updated", (report.released_at or NEVER).isoformat())
        ET.SubElement(entry, _tag("link"), {"rel": "alternate", "href": page})
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _tag(name)).text = text
