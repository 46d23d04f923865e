"""The states of a kept dataset and of its deliveries, as data; what is not listed here cannot happen."""

from collections.abc import Mapping
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext, gettext_lazy

from stadt.core.errors import Conflict


class Kind(models.TextChoices):
    """Where the rows come from. UPLOAD: from files people deliver. LINK: there are none here, only an address."""

    UPLOAD = "upload", gettext_lazy("Hochgeladen")
    LINK = "link", gettext_lazy("Verlinkt")


class State(models.TextChoices):
    """How far the work on a dataset is. What readers see is another matter: `KeptDataset.live_access`."""

    DRAFT = "draft", gettext_lazy("Entwurf")
    REVIEW = "review", gettext_lazy("In Prüfung")
    PUBLISHED = "published", gettext_lazy("Veröffentlicht")
    WITHDRAWN = "withdrawn", gettext_lazy("Zurückgezogen")


class AccessClass(models.TextChoices):
    """Who may see a dataset. PERSONAL is never published for anybody."""

    PUBLIC = "public", gettext_lazy("Öffentlich")
    INTERNAL = "internal", gettext_lazy("Intern")
    PERSONAL = "personal", gettext_lazy("Personenbezogen")


class DeliveryState(models.TextChoices):
    """How far a delivered file is."""

    RECEIVED = "received", gettext_lazy("Eingegangen")
    READ = "read", gettext_lazy("Gelesen")
    PREPARED = "prepared", gettext_lazy("Vorbereitet")
    PUBLISHED = "published", gettext_lazy("Veröffentlicht")
    FAILED = "failed", gettext_lazy("Fehlgeschlagen")
    REFUSED = "refused", gettext_lazy("Abgelehnt")
    SUPERSEDED = "superseded", gettext_lazy("Ersetzt")


class Step(StrEnum):
    """What a job is doing with a delivery right now."""

    NONE = ""
    READING = "reading"
    PREPARING = "preparing"


# Verb → state it starts from → state it leads to. A change to what is published or withdrawn begins a new draft;
# readers keep seeing what was approved until the draft is.
MOVES: Mapping[str, Mapping[str, str]] = {
    "change": dict.fromkeys((State.DRAFT, State.PUBLISHED, State.WITHDRAWN), State.DRAFT),
    "discard": {State.DRAFT: State.PUBLISHED},
    "submit": {State.DRAFT: State.REVIEW, State.WITHDRAWN: State.REVIEW},
    "return": {State.REVIEW: State.DRAFT},
    "approve": {State.REVIEW: State.PUBLISHED},
    "withdraw": dict.fromkeys(State, State.WITHDRAWN),
}
# Verb → states of a delivery in which it is allowed.
STEPS: Mapping[str, frozenset[str]] = {
    "read": frozenset(
        {
            DeliveryState.RECEIVED,
            DeliveryState.READ,
            DeliveryState.PREPARED,
            DeliveryState.FAILED,
            DeliveryState.REFUSED,
        }
    ),
    "correct": frozenset(
        {DeliveryState.READ, DeliveryState.PREPARED, DeliveryState.FAILED, DeliveryState.REFUSED}
    ),
    "prepare": frozenset(
        {DeliveryState.READ, DeliveryState.PREPARED, DeliveryState.FAILED, DeliveryState.REFUSED}
    ),
    "accept_drift": frozenset({DeliveryState.PREPARED}),
}
OPEN = frozenset({DeliveryState.RECEIVED, DeliveryState.READ, DeliveryState.PREPARED, DeliveryState.FAILED, DeliveryState.REFUSED})  # fmt: skip
"""Deliveries that are neither published nor replaced: of a dataset there is at most one."""


def next_state(verb: str, state: str) -> str:
    """The state after a verb.

    Raises:
        Conflict: the verb is not possible in this state.
    """
    found = MOVES[verb].get(state)
    if found is None:
        raise Conflict(refusal(verb, state))
    return found


def require_step(verb: str, state: str) -> None:
    """Raises Conflict unless a delivery in this state may be treated so."""
    if state not in STEPS[verb]:
        words = {"state": DeliveryState(state).label}
        raise Conflict(gettext("Die Lieferung ist im Zustand „%(state)s“; das geht jetzt nicht.") % words)


def refusal(verb: str, state: str) -> str:
    """Why a verb is not possible, in a sentence."""
    words = {"state": State(state).label}
    if verb == "change" and state == State.REVIEW:
        return gettext("Der Datensatz wird gerade geprüft und kann solange nicht geändert werden.")
    if verb in {"approve", "return"}:
        return gettext("Der Datensatz ist nicht in Prüfung, sondern im Zustand „%(state)s“.") % words
    return gettext("Im Zustand „%(state)s“ geht das nicht.") % words
