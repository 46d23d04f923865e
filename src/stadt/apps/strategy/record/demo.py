"""The demo's change request: one that is still being discussed, marked as an example, so that the city's strategy stays true."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from stadt.apps.strategy.record import services
from stadt.apps.strategy.record.models import ChangeRequest
from stadt.apps.strategy.record.queries import strategy_at
from stadt.apps.strategy.record.states import UNDECIDED
from stadt.core.people.actor import Actor

OFFICER, COLLEAGUE = Actor.system("demo:strategy"), Actor.system("demo:colleague")
TITLE = "Zeitplan einer Maßnahme anpassen"


def fill(progress: Callable[[str], None]) -> None:
    """One open request about the first measure that has a period; nothing when it is there already."""
    if ChangeRequest.objects.filter(is_example=True, state__in=UNDECIDED).exists():
        return
    measure = next(
        (one for one in strategy_at().measures.values() if one.period.start and one.period.end), None
    )
    if measure is None:
        return
    request = services.open_change_request(
        OFFICER, TITLE, "Beispiel: Der Zeitraum ist vorbei; vorgeschlagen wird ein neuer.", is_example=True
    )
    services.put_change(
        OFFICER,
        request.pk,
        services.ChangeDraft(
            "reschedule", measure.code, {"period": "2027-2028"}, "Beispiel: neue Reihenfolge der Vorhaben"
        ),
    )
    services.comment(COLLEAGUE, request.pk, "Beispiel: Ist die Finanzierung für den neuen Zeitraum geklärt?")
    progress(_("Ein Änderungsantrag zur Strategie als Beispiel"))


def clear() -> None:
    """Withdraw the example; it stays in the list, as every request does."""
    for request in ChangeRequest.objects.filter(is_example=True, state__in=UNDECIDED):
        services.withdraw(OFFICER, request.pk)
