"""Published reports as Atom feeds: of the city, of an area, of a category."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from stadt.apps.issues.shown import words
from stadt.apps.issues.shown.caching import cached
from stadt.apps.issues.shown.queries import Issue, IssueQuery, list_changed
from stadt.core.city import current
from stadt.core.errors import NotFound
from stadt.hub.places.queries import get_area
from stadt.web import atom

LENGTH = 50
FEED_SECONDS = 300


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
    names = words.names_of(issues)
    return atom.render_feed(
        atom.Feed(
            base + address, title, base + page, current().name, [_entry(issue, names) for issue in issues]
        )
    )


def _entry(issue: Issue, names: dict[int, str]) -> atom.Entry:
    address = settings.STADT.url + words.url_of(issue)
    _state, word = words.state_of(issue)
    said = gettext("Stand: %(state)s.") % {"state": word}
    if issue.reason:
        said = f"{said} {issue.reason}"
    return atom.Entry(
        address,
        words.title_of(issue, names),
        issue.changed_at,
        address,
        summary=f"{said} ({gettext('simuliert')})" if issue.is_example else said,
        category=(issue.category, words.category_title(issue.category)),
        point=issue.point,
    )


def _answer(request: HttpRequest, title: str, query: IssueQuery, page: str) -> HttpResponse:
    content = render_feed(title, list_changed(query, LENGTH), request.path, page)
    return cached(request, content, atom.MEDIA_TYPE, FEED_SECONDS)
