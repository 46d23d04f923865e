"""Published reports as Atom feeds (RFC 4287): of the city, of an area, of a category."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from stadt.apps.issues.shown import words
from stadt.apps.issues.shown.caching import cached
from stadt.apps.issues.shown.queries import Issue, IssueQuery, list_changed
from stadt.core.city import current
from stadt.core.errors import NotFound
from stadt.hub.places.queries import get_area

ATOM = "http://www.w3.org/2005/Atom"
GEORSS = "http://www.georss.org/georss"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
LENGTH = 50
FEED_SECONDS = 300
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@require_safe
def show_city_feed(request: HttpRequest) -> HttpResponse:
    """`/melden/neues.atom`: what changed last anywhere."""
    title = gettext("Meldungen in %(place)s") % {"place": current().name}
    return _answer(request, title, IssueQuery(), reverse("issues:map"))


@require_safe
def show_area_feed(request: HttpRequest, key: str) -> HttpResponse:
    """`/melden/in/<area>.atom`: what changed last in an area. Raises NotFound."""
    area = get_area(key)
    title = gettext("Meldungen in %(place)s") % {"place": area.name}
    return _answer(request, title, IssueQuery(area=area), words.area_url(area))


@require_safe
def show_category_feed(request: HttpRequest, key: str) -> HttpResponse:
    """`/melden/thema/<category>.atom`: what changed last in a category. Raises NotFound."""
    if key not in words.public_categories():
        raise NotFound(gettext("Dieses Thema gibt es nicht."))
    title = gettext("Meldungen: %(topic)s") % {"topic": words.category_title(key)}
    return _answer(request, title, IssueQuery(categories=(key,)), f"{reverse('issues:map')}?kategorie={key}")


def render_feed(title: str, issues: Sequence[Issue], address: str, page: str) -> bytes:
    """The feed, newest change first. An entry's id stays with its report, so that a reader shows the change."""
    base = settings.STADT.url
    ET.register_namespace("", ATOM)
    ET.register_namespace("georss", GEORSS)
    feed = ET.Element(_tag("feed"), {"xml:lang": get_language() or "de"})
    _text(feed, "id", base + address)
    _text(feed, "title", title)
    _text(feed, "updated", max((issue.changed_at for issue in issues), default=NEVER).isoformat())
    _text(ET.SubElement(feed, _tag("author")), "name", current().name)
    ET.SubElement(feed, _tag("link"), {"rel": "self", "href": base + address})
    ET.SubElement(feed, _tag("link"), {"rel": "alternate", "href": base + page})
    names = words.names_of(issues)
    for issue in issues:
        _entry(feed, issue, names, base)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: ET.Element, issue: Issue, names: dict[int, str], base: str) -> None:
    entry = ET.SubElement(feed, _tag("entry"))
    _text(entry, "id", base + words.url_of(issue))
    _text(entry, "title", words.title_of(issue, names))
    _text(entry, "updated", issue.changed_at.isoformat())
    _state, word = words.state_of(issue)
    said = gettext("Stand: %(state)s.") % {"state": word}
    if issue.reason:
        said = f"{said} {issue.reason}"
    _text(entry, "summary", f"{said} ({gettext('simuliert')})" if issue.is_example else said)
    label = words.category_title(issue.category)
    ET.SubElement(entry, _tag("category"), {"term": issue.category, "label": label})
    ET.SubElement(entry, _tag("link"), {"rel": "alternate", "href": base + words.url_of(issue)})
    if issue.point:
        ET.SubElement(entry, f"{{{GEORSS}}}point").text = f"{issue.lat} {issue.lon}"


def _answer(request: HttpRequest, title: str, query: IssueQuery, page: str) -> HttpResponse:
    content = render_feed(title, list_changed(query, LENGTH), request.path, page)
    return cached(request, content, MEDIA_TYPE, FEED_SECONDS)


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _tag(name)).text = "".join(
        sign for sign in text if sign.isprintable() or sign in "\n\t"
    )
