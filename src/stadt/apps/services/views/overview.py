"""What the city offers, and what of its texts is still left open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stadt.apps.services import offers
from stadt.apps.services.left_open import list_open_texts
from stadt.apps.services.speech import is_plain, remembers_speech, switch_of
from stadt.core.people.access import actor_of
from stadt.web.search import clean_words


@require_safe
@remembers_speech
def overview(request: HttpRequest) -> HttpResponse:
    """`/dienste/`: what can be asked of the city, by group; `?q=` narrows it."""
    words = clean_words(request.GET.get("q", ""))
    offered = offers.list_offers()
    found = offers.matching(offered, words)
    groups = offers.grouped(found) if not words else [offers.OfferGroup("", found)] if found else []
    context = {
        "words": words,
        "groups": groups,
        "has_offers": bool(offered),
        "is_plain": is_plain(request),
        "speech": switch_of(request),
        "is_known": actor_of(request).is_known,
    }
    return render(request, "services/overview.html", context)


@require_safe
def left_open(request: HttpRequest) -> HttpResponse:
    """`/dienste/offen/`: texts that the city still has to fill in, for the office."""
    return render(request, "services/left_open.html", {"rows": list_open_texts()})
