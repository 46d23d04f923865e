"""The states of a report, the moves between them, and the kinds of reports, as data."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy, gettext_noop
from django.utils.translation import gettext_noop as _


class State(models.TextChoices):
    """A report is made by the worker, looked at as a draft, and released by somebody else than who had it made."""

    PRODUCING = "producing", gettext_lazy("wird erstellt")
    DRAFT = "draft", gettext_lazy("Entwurf")
    RELEASED = "released", gettext_lazy("freigegeben")
    FAILED = "failed", gettext_lazy("nicht gelungen")
    DISCARDED = "discarded", gettext_lazy("verworfen")


MOVES = {
    State.PRODUCING: (State.DRAFT, State.FAILED),
    State.DRAFT: (State.RELEASED, State.DISCARDED),
    State.FAILED: (State.PRODUCING, State.DISCARDED),
    State.RELEASED: (),
    State.DISCARDED: (),
}
STEPS = (_("wartet"), _("sammelt den Stand"), _("setzt PDF und DOCX"), _("legt die Dateien ab"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of report. `is_regular` ones have a place in the calendar; `months` is the interval proposed."""

    key: str
    title: str
    is_regular: bool = False
    months: int = 0


# A grant report or a yearly report is one more line here and one in papers/building.py.
KINDS = {
    "council": Kind("council", gettext_noop("Ratsbericht"), is_regular=True, months=6),
    "measure_sheet": Kind("measure_sheet", gettext_noop("Steckbrief einer Maßnahme")),
}
