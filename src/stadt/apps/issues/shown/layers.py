"""Reports on every map, in the site's search and on the start page: published facts only."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.issues.shown import queries, statistics, words
from stadt.apps.issues.shown.queries import IssueQuery
from stadt.core.manifest import Hit, Layer, Panel, SearchSource
from stadt.core.once import once_a_page
from stadt.web.maps import MapFeature

MOST_ON_MAP = 100
"""A page holds them as a list too; `/melden/` shows all of them, grouped."""
RECENT = timedelta(days=14)


@once_a_page
def features() -> list[MapFeature]:
    """The newest reports that are open or were closed in the last two weeks."""
    query = IssueQuery(is_recent_since=timezone.localdate() - RECENT)
    found = queries.list_rows(query, MOST_ON_MAP)
    names = words.names_of(found)
    return [feature for issue in found if (feature := words.feature_of(issue, names)) is not None]


def search(text: str, limit: int) -> Iterator[Hit]:
    """A report by its number, and reports whose published place, category or text has the words."""
    query = IssueQuery(words=text, named=words.categories_of_words(text))
    found = queries.list_rows(query, limit)
    exact = queries.find_public(text)
    if exact is not None and exact.merged_into:
        exact = queries.find_public(exact.merged_into)
    if exact is not None:
        found = [exact, *(issue for issue in found if issue.reference != exact.reference)][:limit]
    names = words.names_of(found)
    for issue in found:
        _state, label = words.state_of(issue)
        said = gettext("Nr. %(reference)s · %(state)s") % {"reference": issue.reference, "state": label}
        if issue.is_example:
            said = f"{said} · {gettext('simuliert')}"
        yield Hit(words.title_of(issue, names), words.url_of(issue), said, gettext("Meldung"))


def panel(_request: HttpRequest) -> dict[str, Any]:
    """The block on the start page."""
    return dict(statistics.today_counts(timezone.localdate()))


LAYERS = (Layer("issues.reports", _("Neueste Meldungen"), features, shape="diamond", order=105),)
SEARCH = (SearchSource("issues.reports", _("Meldungen"), search),)
PANELS = (Panel("home.now", "issues/shown/panel.html", panel, order=5),)
