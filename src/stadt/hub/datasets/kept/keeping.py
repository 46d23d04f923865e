"""How long delivered files are kept, and what to do about work on them that ended without an end."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from stadt.core import city
from stadt.hub.datasets.kept.states import DeliveryState, State, Step
from stadt.hub.datasets.models import Delivery

SECTION, ENTRY = "datasets", "keep_deliveries_days"
KEPT_DAYS, MOST_DAYS = 90, 3650
STUCK_AFTER = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(hours=2)


def kept_days() -> int:
    """For how many days after their receipt delivered files are kept (`city.toml`, `[datasets] keep_deliveries_days`)."""
    days = _said()
    return (
        days if isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= MOST_DAYS else KEPT_DAYS
    )


def problems() -> Iterator[str]:
    """What is wrong with that entry; asked when the city starts."""
    days = _said()
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
        yield f"city.toml: {ENTRY} braucht eine ganze Zahl von 1 bis {MOST_DAYS}."


def _said() -> object:
    section = city.current().more.get(SECTION, {})
    return section.get(ENTRY, KEPT_DAYS) if isinstance(section, dict) else None


def list_outlived() -> list[int]:
    """The deliveries whose files have been kept long enough; those in review wait."""
    before = timezone.now() - timedelta(days=kept_days())
    rows = Delivery.objects.filter(received_at__lt=before).exclude(original="")
    return list(rows.exclude(dataset__state=State.REVIEW).order_by("pk").values_list("pk", flat=True))


def give_up_stuck() -> int:
    """Work that began hours ago and has no end was killed: say so, so that nobody waits. Returns how many."""
    rows = Delivery.objects.filter(step_since__lt=timezone.now() - GIVEN_UP_AFTER).exclude(step=Step.NONE)
    problem = gettext("Die Verarbeitung wurde unterbrochen. Bitte noch einmal versuchen.")
    return rows.update(state=DeliveryState.FAILED, problems=[problem], step=Step.NONE, step_since=None)


def find_stuck() -> str | None:
    """For `stadt doctor`: deliveries that have been worked on for more than an hour."""
    rows = Delivery.objects.filter(step_since__lt=timezone.now() - STUCK_AFTER).exclude(step=Step.NONE)
    names = [
        f"{key} ({number})" for key, number in rows.order_by("pk").values_list("dataset__key", "number")[:5]
    ]
    if not names:
        return None
    return ngettext(
        "Eine Lieferung hängt seit über einer Stunde: %(names)s. Läuft der Worker?",
        "Lieferungen hängen seit über einer Stunde: %(names)s. Läuft der Worker?",
        len(names),
    ) % {"names": ", ".join(names)}
