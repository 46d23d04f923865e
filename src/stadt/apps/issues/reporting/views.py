"""Pages of the report flow. Each takes what somebody wrote in any order and gives it back until it can be sent."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from stadt.apps.issues.reporting import area, draft, limits, offers, services
from stadt.apps.issues.reporting.draft import PREFIX, Draft
from stadt.apps.issues.reporting.duplicates import Likeness, find_likely, say_me_too
from stadt.apps.issues.reporting.guard import Guard
from stadt.apps.issues.reporting.hints import hints_for
from stadt.apps.issues.reporting.page import Page, hints_context
from stadt.apps.issues.reporting.photos import kept_photos, take_photos
from stadt.apps.issues.reporting.places import find_place
from stadt.apps.issues.reporting.sameness import clean_line
from stadt.apps.issues.shown.votes import remember_voice, voice_of
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import case_of_link
from stadt.civic.cases.rights import HANDLE
from stadt.civic.messages.services.links import confine
from stadt.core.errors import FieldError, Invalid, NotFound, StadtError
from stadt.core.people.access import actor_of, client_of

STEP = f"{PREFIX}step"
SEND, ALSO = "send", f"{PREFIX}also"


def report(request: HttpRequest) -> HttpResponse:
    """`/melden/neu/`: tell the city; begin with a photo, a place or a category."""
    if request.method != "POST":
        return _show(request, Page(draft.begin(request.GET), Guard()))
    page = Page(draft.read(request.POST), Guard(request.POST), is_checked=True)
    is_human = page.guard.is_valid()  # also keeps the time at which the form was opened
    _keep_photos(request, page)
    find_place(page)
    is_also = bool(request.POST.get(ALSO))
    if not is_human and (is_also or request.POST.get(STEP) == SEND):
        page.errors += [FieldError("", str(text)) for texts in page.guard.errors.values() for text in texts]
    elif is_also:
        return _me_too(request, page)
    elif request.POST.get(STEP) == SEND and not page.errors:
        answer = _send(request, page)
        if answer is not None:
            return answer
    if page.errors and _wants_json(request):
        raise Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=tuple(page.errors))
    return _show(request, page)


@require_safe
def show_hints(request: HttpRequest) -> HttpResponse:
    """`/melden/neu/hinweise/`: what belongs to a category at a place, as a part of the page."""
    begun = draft.begin(request.GET)
    asked = replace(begun, text=request.GET.get("text", "")[: limits.LONGEST_TEXT])
    offer = offers.find_offer(asked.category)
    hints = hints_for(offer, asked) if offer else None
    return render(request, "issues/_hints.html", hints_context(hints, asked))


@require_safe
def show_place(request: HttpRequest) -> HttpResponse:
    """`/melden/neu/ort/`: what lies at a point, for the place picker."""
    lon, lat = draft.read_point(request.GET.get("lon"), request.GET.get("lat"))
    if lon is None or lat is None:
        raise Invalid(
            gettext("Zu einem Ort gehören Länge und Breite."), fields=(FieldError("lon", gettext("fehlt")),)
        )
    near = area.describe(lon, lat)
    return JsonResponse({"text": near.text, "address": near.address, "is_inside": near.is_inside})


@require_safe
def show_receipt(request: HttpRequest, secret: str) -> HttpResponse:
    """`/melden/danke/<secret>/`: the receipt, for whoever holds the link."""
    case = case_of_link(secret)
    if case is None:
        raise NotFound(gettext("Diesen Link gibt es nicht (mehr)."))
    return _receipt(request, case, secret)


def _receipt(request: HttpRequest, case: Case, secret: str | None) -> HttpResponse:
    offer = offers.find_offer(case.category)
    context = {
        "case": case,
        "title": offer.title(get_language() or "de") if offer else case.title,
        "promise": services.promise_for(offer, case.district_id) if offer else None,
        "case_url": reverse("services:case_by_link", args=[secret]) if secret else "",
        "is_held": case.state == services.HELD,
    }
    return confine(render(request, "issues/receipt.html", context))


def _keep_photos(request: HttpRequest, page: Page) -> None:
    """Keep what was uploaded, so that no later step loses it."""
    uploads = request.FILES.getlist(f"{PREFIX}photo")
    if not uploads:
        return
    try:
        page.draft = take_photos(actor_of(request), page.draft, uploads)
    except Invalid as error:
        page.add(error)


def _send(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Send the report; None where the page has to ask something first."""
    actor = actor_of(request)
    wants_json = _wants_json(request)
    likely = _likely(page.draft)
    if not wants_json and any(item.reference not in page.draft.seen for item in likely):
        return None
    if not actor.can(HANDLE):
        limits.take_report(client_of(request))
    files = tuple(photo.pk for photo in kept_photos(page.draft))
    try:
        receipt = services.report_issue(actor, page.draft.as_report(files))
    except Invalid as error:
        page.add(error)
        return None
    if receipt.secret is None and wants_json:
        return JsonResponse({"reference": receipt.reference, "url": ""}, status=201)
    if receipt.secret is None:
        return _receipt(request, Case.objects.get(pk=receipt.case_id), None)
    url = reverse("issues:receipt", args=[receipt.secret])
    if wants_json:
        return JsonResponse({"reference": receipt.reference, "url": url}, status=201)
    return redirect(url)


def _me_too(request: HttpRequest, page: Page) -> HttpResponse:
    """Join a report that is known already instead of telling it again."""
    actor, reference = actor_of(request), clean_line(request.POST.get(ALSO, ""))[:20]
    limits.take_report(client_of(request))
    try:
        say_me_too(actor, reference, voice_of(request), page.draft.email, address=client_of(request))
    except StadtError as error:
        page.add(error)
        return _show(request, page)
    answer = render(request, "issues/me_too.html", {"reference": reference, "email": page.draft.email})
    return remember_voice(request, answer)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _likely(one: Draft) -> Sequence[Likeness]:
    offer = offers.find_offer(one.category)
    return find_likely(offer, one.lon, one.lat, one.text, one.asset) if offer else ()


def _show(request: HttpRequest, page: Page) -> HttpResponse:
    return render(
        request,
        "issues/report.html",
        page.context(get_language() or "de"),
        status=422 if page.errors else 200,
    )
