"""What may stand where a number is: the states of a value, and how it was got."""

from django.db import models
from django.utils.translation import gettext_lazy


class ValueState(models.TextChoices):
    """Whether there is a number, and if not, why: never 0 instead (requirement M-03)."""

    VALUE = "value", gettext_lazy("Wert")
    NOT_COLLECTED = "not_collected", gettext_lazy("nicht erhoben")
    NOT_AVAILABLE = "not_available", gettext_lazy("nicht verfügbar")
    NOT_APPLICABLE = "not_applicable", gettext_lazy("trifft nicht zu")
    SUPPRESSED = "suppressed", gettext_lazy("geheim gehalten")


class QualityClass(models.TextChoices):
    """How a value was got: the six classes of the U4SSC verification manual."""

    MEASURED = "measured", gettext_lazy("genau gemessen oder gezählt")
    SURVEY = "survey", gettext_lazy("aus einer Stichprobe hochgerechnet")
    HIGHER_LEVEL = "higher_level", gettext_lazy("aus Zahlen einer größeren Einheit abgeleitet")
    ESTIMATED = "estimated", gettext_lazy("geschätzt nach einem Verfahren")
    PERSONAL = "personal", gettext_lazy("persönliche Schätzung")
    UNKNOWN = "unknown", gettext_lazy("nicht nachvollziehbar")


class Origin(models.TextChoices):
    """Where a value comes from."""

    PLATFORM = "platform", gettext_lazy("von der Plattform berechnet")
    ENTRY = "entry", gettext_lazy("von Hand eingetragen")
    FILE = "file", gettext_lazy("aus einer Datei übernommen")
    DERIVED = "derived", gettext_lazy("aus gespeicherten Werten berechnet")


class Decision(models.TextChoices):
    """How far an entered figure is: from ENTERED to one of the others, and nowhere else."""

    ENTERED = "entered", gettext_lazy("wartet auf Bestätigung")
    CONFIRMED = "confirmed", gettext_lazy("bestätigt")
    REFUSED = "refused", gettext_lazy("abgelehnt")


class FileState(models.TextChoices):
    """How far a delivered file is. PROPOSED: its rows wait as entries."""

    RECEIVED = "received", gettext_lazy("eingegangen")
    PROPOSED = "proposed", gettext_lazy("wartet auf Bestätigung")
    CONFIRMED = "confirmed", gettext_lazy("übernommen")
    REFUSED = "refused", gettext_lazy("abgelehnt")
