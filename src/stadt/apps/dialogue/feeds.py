"""News of a topic as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

from stadt.apps.dialogue import wording
from stadt.apps.dialogue.models import News
from stadt.apps.dialogue.topics import WHOLE, Topic
from stadt.core.city import current

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
LENGTH = 100
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def address_of(code: str) -> str:
    """The feed's path."""
    return reverse("dialogue:feed") if code == WHOLE else reverse("dialogue:topic_feed", args=[code])


def render_feed(topic: Topic, news: Sequence[News]) -> bytes:
    """The feed, newest first. An entry's id stays, so that a reader tells each once."""
    base = settings.STADT.url
    ET.register_namespace("", ATOM)
    feed = ET.Element(_tag("feed"), {"xml:lang": get_language() or "de"})
    address = base + address_of(topic.code)
    _text(feed, "id", address)
    title = {"city": current().name, "topic": topic.heading}
    _text(feed, "title", gettext("Strategie %(city)s: %(topic)s") % title)
    _text(feed, "updated", max((item.happened_at for item in news), default=NEVER).isoformat())
    _text(ET.SubElement(feed, _tag("author")), "name", current().name)
    ET.SubElement(feed, _tag("link"), {"rel": "self", "href": address})
    ET.SubElement(feed, _tag("link"), {"rel": "alternate", "href": base + topic.url})
    for item in news:
        entry = ET.SubElement(feed, _tag("entry"))
        _text(entry, "id", f"{base}{reverse('dialogue:feed')}#{item.key}")
        _text(entry, "title", wording.heading(item))
        _text(entry, "updated", item.happened_at.isoformat())
        said = wording.sentence(item)
        _text(entry, "summary", f"{said} ({gettext('simuliert')})" if item.is_simulated else said)
        ET.SubElement(entry, _tag("category"), {"term": item.kind, "label": wording.kind_word(item)})
        ET.SubElement(entry, _tag("link"), {"rel": "alternate", "href": base + item.path})
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _tag(name)).text = "".join(
        sign for sign in text if sign.isprintable() or sign in "\n\t"
    )
