"""Released reports as an Atom feed."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from stadt.apps.reports.models import Report
from stadt.apps.reports.showing import title_of
from stadt.core.city import current
from stadt.web import atom
from stadt.web.formats import day


def render(reports: Sequence[Report]) -> bytes:
    """The feed, newest first; an entry's id is the report's address, which stays for ever."""
    base = settings.STADT.url
    return atom.render_feed(
        atom.Feed(
            base + reverse("reports:feed"),
            gettext("Berichte: %(city)s") % {"city": current().name},
            base + reverse("reports:overview"),
            current().name,
            [_entry(report) for report in reports],
        )
    )


def _entry(report: Report) -> atom.Entry:
    page = settings.STADT.url + reverse("reports:report", args=[report.pk])
    title = f"{title_of(report)}, {day(report.released_at)}"
    return atom.Entry(page, title, report.released_at or atom.NEVER, page)
