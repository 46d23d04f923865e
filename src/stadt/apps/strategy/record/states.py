"""The states of change requests and editions, and the moves between them, as data."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext, gettext_lazy

from stadt.core.errors import Conflict


class RequestState(models.TextChoices):
    """A change request is worked on and discussed, then submitted, then decided."""

    OPEN = "open", gettext_lazy("In Arbeit")
    SUBMITTED = "submitted", gettext_lazy("Vorgelegt")
    APPROVED = "approved", gettext_lazy("Beschlossen")
    REJECTED = "rejected", gettext_lazy("Abgelehnt")
    WITHDRAWN = "withdrawn", gettext_lazy("Zurückgezogen")


class EditionState(models.TextChoices):
    """An edition is drafted, adopted by the council, and superseded by the next one."""

    DRAFT = "draft", gettext_lazy("Entwurf")
    ADOPTED = "adopted", gettext_lazy("Beschlossen")
    SUPERSEDED = "superseded", gettext_lazy("Abgelöst")


# Verb → state it starts from → state it leads to; what is not listed cannot happen.
MOVES: Final[Mapping[str, Mapping[str, str]]] = {
    "change": {RequestState.OPEN: RequestState.OPEN},
    "submit": {RequestState.OPEN: RequestState.SUBMITTED},
    "reopen": {RequestState.SUBMITTED: RequestState.OPEN},
    "cosign": {RequestState.SUBMITTED: RequestState.SUBMITTED},
    "approve": {RequestState.SUBMITTED: RequestState.APPROVED},
    "reject": {RequestState.SUBMITTED: RequestState.REJECTED},
    "withdraw": dict.fromkeys((RequestState.OPEN, RequestState.SUBMITTED), RequestState.WITHDRAWN),
}
UNDECIDED: Final = (RequestState.OPEN, RequestState.SUBMITTED)


def next_state(verb: str, state: str) -> str:
    """The state of a change request after a verb.

    Raises:
        Conflict: the verb is not possible in this state.
    """
    found = MOVES[verb].get(state)
    if found is None:
        raise Conflict(
            gettext("Der Änderungsantrag ist im Zustand „%(state)s“; das geht jetzt nicht.")
            % {"state": RequestState(state).label}
        )
    return found
