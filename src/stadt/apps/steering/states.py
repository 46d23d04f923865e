"""The states of targets, evaluations and warnings, and the choices of forms, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetState(models.TextChoices):
    """A target is proposed by one person and decided by another; nothing of it changes afterwards."""

    PROPOSED = "proposed", _("vorgeschlagen")
    DECIDED = "decided", _("beschlossen")
    DECLINED = "declined", _("abgelehnt")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


class EvaluationState(models.TextChoices):
    """An evaluation is provisional until a second person confirmed it."""

    PROVISIONAL = "provisional", _("vorläufig")
    CONFIRMED = "confirmed", _("bestätigt")
    REFUSED = "refused", _("nicht bestätigt")


class Outcome(models.TextChoices):
    """How a measure turned out; the values are those of the strategy's life cycle."""

    SUCCESSFUL = "successful", _("erfolgreich umgesetzt")
    PARTLY = "partly", _("teilweise erfolgreich")
    NOT_SUCCESSFUL = "not_successful", _("nicht erfolgreich")


class Rule(models.TextChoices):
    """Which indicators of a measure must stand in their range for success."""

    ALL_MAIN = "all_main", _("alle Hauptkennzahlen")
    WEIGHTED = "weighted", _("gewichteter Anteil der Hauptkennzahlen")
    LEAD = "lead", _("nur die erste Hauptkennzahl")


class WarningState(models.TextChoices):
    """A warning waits for an answer; it clears by itself when its cause is gone."""

    OPEN = "open", _("wartet auf Antwort")
    ANSWERED = "answered", _("beantwortet")
    CLEARED = "cleared", _("erledigt")


class AnswerKind(models.TextChoices):
    """What is done about a warning (M-17)."""

    ACTION = "action", _("gegensteuern")
    ACCEPT = "accept", _("hinnehmen")
    REPLAN = "replan", _("neu planen")
    STOP = "stop", _("beenden")


class Level(models.IntegerChoices):
    """Who has to answer: a warning climbs when nobody did."""

    OWNER = 0, _("zuständige Stelle")
    STAFF = 1, _("Stabsstelle")
    BOARD = 2, _("Verwaltungsvorstand")


class InfluenceSide(models.TextChoices):
    """Whether an influence comes from the measure and the city, or from elsewhere."""

    INSIDE = "inside", _("innen")
    OUTSIDE = "outside", _("außen")


class InfluenceEffect(models.TextChoices):
    """What an influence did to the indicator."""

    HELPED = "helped", _("hat geholfen")
    HINDERED = "hindered", _("hat geschadet")
    NONE = "none", _("ohne Wirkung")
    UNCLEAR = "unclear", _("unklar")
