"""Made-up applications and requests for the demo city."""

from collections.abc import Callable

from django.utils.translation import gettext_noop

from stadt.apps.reuse import services
from stadt.apps.reuse.models import Application, DataRequest
from stadt.apps.reuse.services import ApplicationDraft, RequestDraft
from stadt.apps.reuse.workflow import ApplicationState, RequestState
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor
from stadt.hub.datasets.public import get_public

ACTOR = Actor.system("demo")

APPLICATIONS = (
    ApplicationDraft(
        "Wann ist die Tonne voll?",
        "Zeigt auf einer Karte, welche Sammelbehälter in der Nähe noch Platz haben.",
        "https://example.org/tonnen",
        "Schülerfirma der Gesamtschule (erfunden)",
        ("waste.containers",),
        is_simulated=True,
    ),
    ApplicationDraft(
        "Durchatmen",
        "Vergleicht die Luft an den Messstellen der letzten Tage und sagt, wann es besser war.",
        "https://example.org/luft",
        datasets=("environment.measurements",),
        is_simulated=True,
    ),
)
REQUESTS = (
    (
        RequestDraft(
            "Standorte öffentlicher Trinkbrunnen",
            "Für eine Karte mit schattigen Wegen fehlen uns die Brunnen mit ihren Betriebszeiten.",
            is_simulated=True,
        ),
        RequestState.OPEN,
        "",
        "",
    ),
    (
        RequestDraft(
            "Füllstände der Glascontainer",
            "Wir möchten im Quartier wissen, wann sich der Weg zum Container lohnt.",
            is_simulated=True,
        ),
        RequestState.FULFILLED,
        "Die Füllstände aller überwachten Behälter stehen jetzt als Datensatz bereit.",
        "waste.containers",
    ),
)
DONE = gettext_noop("Anwendungen und Datenwünsche")


def fill(progress: Callable[[str], None]) -> None:
    """Register the applications and answer the requests, unless they are there already."""
    if Application.objects.filter(is_simulated=True).exists():
        return
    for draft in APPLICATIONS:
        known = tuple(key for key in draft.datasets if _is_public(key))
        made = services.propose_application(
            ACTOR,
            ApplicationDraft(draft.name, draft.description, draft.url, draft.maker, known, is_simulated=True),
        )
        services.decide_application(ACTOR, made.pk, ApplicationState.PUBLIC)
    for wish, state, answer, key in REQUESTS:
        asked = services.request_data(ACTOR, wish)
        services.decide_request(ACTOR, asked.pk, state, answer=answer, dataset=key if _is_public(key) else "")
    progress(DONE)


def clear() -> None:
    """Remove what was made up."""
    Application.objects.filter(is_simulated=True).delete()
    DataRequest.objects.filter(is_simulated=True).delete()


def _is_public(key: str) -> bool:
    try:
        return bool(key) and bool(get_public(key))
    except NotFound:
        return False
