"""What somebody is in a team, what an organisation does for a measure, and how far the staff council was asked: as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MemberKind(models.TextChoices):
    """What a person is in the team of a measure."""

    LEAD = "lead", _("Leitung")
    MEMBER = "member", _("Mitglied")
    EXTERNAL = "external", _("externes Mitglied")
    DATA_CONTACT = "data_contact", _("zuständig für Daten")


class PartnerRole(models.TextChoices):
    """What an organisation does for a measure (R-13)."""

    FUNDER = "funder", _("gibt Geld")
    OPERATOR = "operator", _("betreibt")
    DATA_PROVIDER = "data_provider", _("liefert Daten")
    PARTNER = "partner", _("arbeitet mit")


class Consultation(models.TextChoices):
    """How far the staff council (Personalrat) has been asked about a measure."""

    NOT_SAID = "", _("nicht festgelegt")
    NOT_NEEDED = "not_needed", _("nicht nötig")
    NEEDED = "needed", _("nötig, noch nicht gefragt")
    ASKED = "asked", _("gefragt, Antwort steht aus")
    DONE = "done", _("wurde beteiligt")
