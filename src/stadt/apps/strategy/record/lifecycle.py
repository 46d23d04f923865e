"""The life of a measure as data: its states and the steps that are allowed.

The states follow the strategy's own process from the idea to regular operation. A measure without a state (empty) was taken
over from a document and never updated; people say where it stands by `move_state`. Striking is a change of its own, and
`successful`, `partly` and `not_successful` are set by an evaluation only, never by hand.
"""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a measure stands."""

    UNKNOWN = "", _("nicht fortgeschrieben")
    IDEA = "idea", _("Idee")
    ASSESSED = "assessed", _("bewertet")
    PROPOSED = "proposed", _("vorgeschlagen")
    DECIDED = "decided", _("beschlossen")
    FUNDED = "funded", _("finanziert")
    PLANNED = "planned", _("geplant")
    IN_IMPLEMENTATION = "in_implementation", _("in Umsetzung")
    IMPLEMENTED = "implemented", _("umgesetzt")
    EVALUATED = "evaluated", _("in Auswertung")
    SUCCESSFUL = "successful", _("erfolgreich umgesetzt")
    PARTLY = "partly", _("teilweise erfolgreich")
    NOT_SUCCESSFUL = "not_successful", _("nicht erfolgreich")
    TRANSFER = "transfer", _("wird übertragen")
    REGULAR_OPERATION = "regular_operation", _("im Regelbetrieb")
    ENDED = "ended", _("beendet")
    PAUSED = "paused", _("ausgesetzt")
    STRUCK = "struck", _("gestrichen")


OUTCOMES: Final = (State.SUCCESSFUL, State.PARTLY, State.NOT_SUCCESSFUL)
"""Set by `record_evaluation` alone."""
_WORK: Final = (
    State.IDEA,
    State.ASSESSED,
    State.PROPOSED,
    State.DECIDED,
    State.FUNDED,
    State.PLANNED,
    State.IN_IMPLEMENTATION,
    State.IMPLEMENTED,
)
_AFTER: Final = (State.TRANSFER, State.REGULAR_OPERATION, State.ENDED)

STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    State.UNKNOWN: (*_WORK, State.REGULAR_OPERATION, State.ENDED, State.PAUSED),
    State.IDEA: (State.ASSESSED, State.PAUSED),
    State.ASSESSED: (State.PROPOSED, State.IDEA, State.PAUSED),
    State.PROPOSED: (State.DECIDED, State.ASSESSED, State.PAUSED),
    State.DECIDED: (State.FUNDED, State.PLANNED, State.PAUSED),
    State.FUNDED: (State.PLANNED, State.IN_IMPLEMENTATION, State.PAUSED),
    State.PLANNED: (State.FUNDED, State.IN_IMPLEMENTATION, State.PAUSED),
    State.IN_IMPLEMENTATION: (State.IMPLEMENTED, State.PAUSED),
    State.IMPLEMENTED: (State.EVALUATED, State.IN_IMPLEMENTATION),
    State.EVALUATED: (State.IN_IMPLEMENTATION,),
    State.SUCCESSFUL: _AFTER,
    State.PARTLY: (*_AFTER, State.IN_IMPLEMENTATION),
    State.NOT_SUCCESSFUL: (State.ENDED, State.IN_IMPLEMENTATION),
    State.TRANSFER: (State.REGULAR_OPERATION, State.ENDED),
    State.REGULAR_OPERATION: (State.ENDED, State.TRANSFER),
    State.ENDED: (),
    State.PAUSED: _WORK,
    State.STRUCK: (),
}
EVALUABLE: Final = (State.IMPLEMENTED, State.EVALUATED)
"""From here an evaluation may set an outcome."""
STRIKABLE: Final = tuple(state for state in State if state not in {State.STRUCK, State.ENDED})
START: Final = (State.IDEA, State.ASSESSED, State.PROPOSED, State.DECIDED, State.FUNDED, State.PLANNED)
"""Where a new measure may begin."""


def can_move(state: str, target: str) -> bool:
    """Whether a person may move a measure so by a change request."""
    return target in STEPS.get(state, ())


def state_word(state: str) -> str:
    """The state in a resident's words, in the page's language."""
    try:
        return str(State(state).label)
    except ValueError:
        return state
