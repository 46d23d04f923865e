"""Kinds and states of everything the bodies work with, and which step leads where: as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BodyKind(models.TextChoices):
    """What a body is for the strategy (chapters 6.1 and 7)."""

    COUNCIL = "council", _("Rat")
    MAYOR = "mayor", _("Stadtspitze")
    BOARD = "board", _("Verwaltungsvorstand")
    STAFF_UNIT = "staff_unit", _("Stabsstelle")
    STEERING_GROUP = "steering_group", _("Lenkungskreis")
    ADVISORY_BOARD = "advisory_board", _("Beirat")
    OTHER = "other", _("weiteres Gremium")


DECIDING = frozenset({BodyKind.COUNCIL, BodyKind.MAYOR, BodyKind.BOARD})


class SeatRole(models.TextChoices):
    """What somebody is in a body."""

    CHAIR = "chair", _("Vorsitz")
    DEPUTY_CHAIR = "deputy_chair", _("stellvertretender Vorsitz")
    MEMBER = "member", _("Mitglied")
    SECRETARY = "secretary", _("Geschäftsführung")


class DecisionKind(models.TextChoices):
    """What was decided (R-03)."""

    START = "start", _("Beginn")
    STOP = "stop", _("Ende")
    RESCHEDULE = "reschedule", _("Verschiebung")
    TARGETS = "targets", _("Zielwerte")
    FUNDING = "funding", _("Finanzierung")
    ADOPT = "adopt", _("Fassung der Strategie")
    OTHER = "other", _("Sonstiges")


class DraftState(models.TextChoices):
    """Where a draft of a decision stands."""

    DRAFT = "draft", _("Entwurf")
    SUBMITTED = "submitted", _("vorgelegt")
    DECIDED = "decided", _("beschlossen")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


DRAFT_MOVES = {
    DraftState.DRAFT: frozenset({DraftState.SUBMITTED, DraftState.WITHDRAWN}),
    DraftState.SUBMITTED: frozenset({DraftState.DRAFT, DraftState.DECIDED, DraftState.WITHDRAWN}),
    DraftState.DECIDED: frozenset[DraftState](),
    DraftState.WITHDRAWN: frozenset[DraftState](),
}


class Gate(models.TextChoices):
    """Where a measure is checked against the principles."""

    DECISION = "decision", _("vor dem Beschluss")
    START = "start", _("vor dem Beginn")
    TRANSFER = "transfer", _("vor der Übertragung auf andere Quartiere")


class AnswerChoice(models.TextChoices):
    """An answer of the checklist."""

    YES = "yes", _("ja")
    NO = "no", _("nein")
    NOT_APPLICABLE = "not_applicable", _("nicht anwendbar")


class RoundState(models.TextChoices):
    """Where a survey round stands (M-01)."""

    OPEN = "open", _("läuft")
    COLLECTED = "collected", _("abgeschlossen, noch nicht festgeschrieben")
    FROZEN = "frozen", _("festgeschrieben")


class MeetingState(models.TextChoices):
    """Where a meeting stands; members read what is released."""

    PLANNED = "planned", _("geplant")
    RELEASED = "released", _("Protokoll freigegeben")


class ItemKind(models.TextChoices):
    """What an item of an agenda is about (R-07)."""

    MEASURE = "measure", _("Maßnahme")
    REQUEST = "request", _("Änderungsantrag")
    WARNING = "warning", _("Warnung")
    IDEA = "idea", _("Idee oder Hindernis")
    OTHER = "other", _("Sonstiges")


class IdeaKind(models.TextChoices):
    """What somebody tells (R-10)."""

    IDEA = "idea", _("Idee")
    OBSTACLE = "obstacle", _("Hindernis")


class IdeaState(models.TextChoices):
    """What became of it."""

    NEW = "new", _("noch ohne Antwort")
    TAKEN_UP = "taken_up", _("aufgegriffen")
    ANSWERED = "answered", _("beantwortet")


class AlignmentState(models.TextChoices):
    """How a sector strategy goes with a part of the strategy (R-08)."""

    OPEN = "open", _("noch nicht abgeglichen")
    ALIGNED = "aligned", _("im Einklang")
    CONFLICT = "conflict", _("Widerspruch")
