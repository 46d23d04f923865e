"""What the desk says about a case in words: its clock, state, priority, way in, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stadt.civic.cases.catalogue import Described, Face, Unit
from stadt.web.formats import day
from stadt.web.maps import State

if TYPE_CHECKING:
    from stadt.civic.cases.models import Case

FACE_LOOKS = {
    Face.RECEIVED: State.NEUTRAL,
    Face.CHECKING: State.INFO,
    Face.PLANNED: State.INFO,
    Face.DONE: State.SUCCESS,
    Face.NOT_POSSIBLE: State.WARNING,
}
PRIORITIES = ((2, _("sofort")), (1, _("hoch")), (0, _("normal")), (-1, _("niedrig")))
PRIORITY_LOOKS = {2: State.DANGER, 1: State.WARNING, -1: State.NEUTRAL}
SOURCES = {
    "web": _("Internet"),
    "phone": _("Telefon"),
    "visit": _("persönlich"),
    "mail": _("Brief oder E-Mail"),
    "staff": _("eigene Feststellung"),
    "open311": _("Open311"),
    "api": _("Schnittstelle"),
}
PARTIES = {
    "reporter": _("hat gemeldet"),
    "applicant": _("hat beantragt"),
    "guardian": _("ist sorgeberechtigt"),
    "follower": _("verfolgt den Vorgang"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Something said with the colour it has as a badge."""

    text: str
    look: State = State.NEUTRAL


def titled(described: Described) -> str:
    """The title of a state, move, category or type in the reader's language."""
    return described.translated("title", get_language() or "de")


def priority_words(priority: int) -> Words | None:
    """None for the usual priority, which need not be said."""
    title = dict(PRIORITIES).get(priority)
    if priority == 0 or title is None:
        return None
    return Words(gettext("Dringlichkeit: %(word)s") % {"word": title}, PRIORITY_LOOKS[priority])


def clock_words(
    *,
    due: date | None,
    left: int | None,
    today: date,
    unit: Unit = "working",
    waits: str = "",
    closed: date | None = None,
) -> Words:
    """How long there is still time.

    Args:
        due: the last day of the deadline; None without one.
        left: days until then, today not counted, in `unit`; None without a deadline.
        waits: why the clock stands still; empty while it runs.
        closed: the day the case was closed.
    """
    if closed is not None:
        return Words(gettext("abgeschlossen am %(day)s") % {"day": day(closed)})
    if waits:
        return Words(gettext("angehalten: %(why)s") % {"why": waits})
    if due is None:
        return Words(gettext("ohne Frist"))
    if due < today:
        days = (today - due).days
        text = ngettext("seit %(count)s Tag überfällig", "seit %(count)s Tagen überfällig", days)
        return Words(text % {"count": days}, State.DANGER)
    if due == today or not left:
        return Words(gettext("heute fällig"), State.WARNING)
    if unit == "calendar":
        text = ngettext("noch %(count)s Tag", "noch %(count)s Tage", left) % {"count": left}
    else:
        text = ngettext("noch %(count)s Arbeitstag", "noch %(count)s Arbeitstage", left) % {"count": left}
    return Words(text, State.WARNING if left == 1 else State.NEUTRAL)


def waiting_words(case: Case, state_title: str) -> str:
    """Why the clock of a case stands still, in words; empty while it runs."""
    return state_title if case.paused_at is not None and case.closed_at is None else ""
