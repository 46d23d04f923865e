"""What this app adds to the strategy's pages: news, ways to hear more, questions and answers."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from stadt.apps.dialogue import feeds, queries
from stadt.apps.dialogue.topics import WHOLE
from stadt.apps.dialogue.views import shown_answer, shown_news

NEWS_SHOWN = 5
ANSWERS_SHOWN = 3


def overview(request: HttpRequest) -> dict[str, Any]:
    """The newest news of the whole strategy."""
    return _about(WHOLE)


def item(request: HttpRequest) -> dict[str, Any]:
    """News and answers about one measure or indicator."""
    return _about(_code(request))


def internal(request: HttpRequest) -> dict[str, Any]:
    """How many questions about it wait."""
    return {"waiting": queries.count_waiting(_code(request)), "inbox_url": reverse("dialogue:inbox")}


def _about(code: str) -> dict[str, Any]:
    answers = queries.list_answers("" if code == WHOLE else code)
    return {
        "code": code,
        "news": [shown_news(found) for found in queries.list_news(code)[:NEWS_SHOWN]],
        "answers": [shown_answer(found) for found in answers[:ANSWERS_SHOWN]],
        "feed_url": feeds.address_of(code),
        "is_whole": code == WHOLE,
    }


def _code(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.kwargs.get("code", "")) if match else ""
