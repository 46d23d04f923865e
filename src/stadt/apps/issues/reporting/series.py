"""`/melden/reihe/`: officers on a round take one report after the other; category and words stay until they change them."""

from dataclasses import replace
from typing import Any, TypedDict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from stadt.apps.issues.reporting import draft, offers, services
from stadt.apps.issues.reporting.draft import PREFIX, Draft
from stadt.apps.issues.reporting.guard import Guard
from stadt.apps.issues.reporting.page import Page
from stadt.apps.issues.reporting.photos import kept_photos, take_photos
from stadt.apps.issues.reporting.places import find_place
from stadt.civic.cases.models import Source
from stadt.core.errors import StadtError
from stadt.core.people.access import actor_of

KEPT = "issues.series"
MOST_KEPT = 30
COPY = "wie"
KEEP_TEXT = f"{PREFIX}keep"


class Taken(TypedDict):
    """A report of this round, as the session keeps it."""

    reference: str
    category: str
    title: str
    address: str
    text: str


def take_series(request: HttpRequest) -> HttpResponse:
    """Take a report, and show the form for the next one."""
    if request.method != "POST":
        return _show(request, Page(_next(request), Guard()))
    page = Page(draft.read(request.POST), Guard(), is_checked=True)
    try:
        if uploads := request.FILES.getlist(f"{PREFIX}photo"):
            page.draft = take_photos(actor_of(request), page.draft, uploads)
        find_place(page)
        if not page.errors and not page.spots:
            return _take(request, page.draft)
    except StadtError as error:
        page.add(error)
    return _show(request, page)


def _take(request: HttpRequest, one: Draft) -> HttpResponse:
    """Open the case and go on. Raises what `report_issue` raises."""
    files = tuple(photo.pk for photo in kept_photos(one))
    receipt = services.report_issue(actor_of(request), one.as_report(files, str(Source.STAFF)))
    offer = offers.find_offer(one.category)
    taken = Taken(
        reference=receipt.reference,
        category=one.category,
        title=offer.title() if offer else one.category,
        address=one.address,
        text=one.text if KEEP_TEXT in request.POST else "",
    )
    if receipt.is_new:
        request.session[KEPT] = [taken, *_taken(request)][:MOST_KEPT]
    messages.success(request, gettext("Aufgenommen: %(reference)s") % {"reference": receipt.reference})
    return redirect(f"{reverse('issues:series')}?{COPY}={receipt.reference}")


def _taken(request: HttpRequest) -> list[Taken]:
    return list(request.session.get(KEPT, []))


def _next(request: HttpRequest) -> Draft:
    """The form for the next report: as one of this round, at another place."""
    begun = draft.begin(request.GET)
    wished = request.GET.get(COPY, "")
    pattern = next((item for item in _taken(request) if item["reference"] == wished), None)
    return replace(begun, category=pattern["category"], text=pattern["text"]) if pattern else begun


def _show(request: HttpRequest, page: Page) -> HttpResponse:
    rows: list[dict[str, Any]] = [
        {
            **item,
            "copy_url": f"?{COPY}={item['reference']}",
        }
        for item in _taken(request)
    ]
    context = {**page.context(get_language() or "de"), "taken": rows, "keeps_text": bool(page.draft.text)}
    return render(request, "issues/series.html", context, status=422 if page.errors else 200)
