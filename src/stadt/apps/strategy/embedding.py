"""The cards of a measure or indicator for frames of other sites."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from stadt.apps.strategy.document import strategy
from stadt.apps.strategy.figures import figures_for
from stadt.apps.strategy.now import content
from stadt.apps.strategy.words import measures, periods
from stadt.core.city import current
from stadt.core.errors import NotFound
from stadt.web.security import content_security_policy

HEIGHT = 280


@require_safe
def show_measure(request: HttpRequest, code: str) -> HttpResponse:
    """`/strategie/massnahmen/<code>/einbetten/`: the measure's card alone. Raises NotFound."""
    item = content().measures.get(code)
    if item is None:
        raise NotFound(gettext("Diese Maßnahme gibt es nicht."))
    context = {
        "item": item,
        "state": measures.state_word(item.state),
        "colour": measures.state_colour(item.state),
        "knowledge": measures.knowledge(item, content().head.note),
        "period": periods.in_words(item.period),
    }
    return _framed(render(request, "strategy/embed_measure.html", context))


@require_safe
def show_indicator(request: HttpRequest, code: str) -> HttpResponse:
    """`/strategie/indikatoren/<code>/einbetten/`: the indicator's card alone. Raises NotFound."""
    found = strategy().indicators.get(code)
    if found is None:
        raise NotFound(gettext("Diese Kennzahl gibt es nicht."))
    figures = [figure for figure in figures_for([code]).get(code, []) if figure.value is not None]
    context = {"indicator": found, "figures": figures}
    return _framed(render(request, "strategy/embed_indicator.html", context))


def embed_code(title: str, address: str) -> str:
    """The frame that shows a card in another page."""
    return (
        f'<iframe src="{settings.STADT.url}{address}" title="{escape(title)}" width="100%" height="{HEIGHT}"'
        ' loading="lazy" style="border:0"></iframe>'
    )


def _framed(answer: HttpResponse) -> HttpResponse:
    """Only these pages may stand in a frame; they have no forms and need no session."""
    policy = content_security_policy(current().basemap.origins)
    answer["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
