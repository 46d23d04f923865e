"""The states of questions and subscriptions, and the moves between them, as data."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionState(models.TextChoices):
    """A question is seen by nobody but those who answer, until there is an answer that everybody reads."""

    RECEIVED = "received", _("eingegangen")
    IN_WORK = "in_work", _("in Bearbeitung")
    ANSWERED = "answered", _("öffentlich beantwortet")
    REPLIED = "replied", _("beantwortet, nicht veröffentlicht")
    DECLINED = "declined", _("nicht beantwortet")


MOVES = {
    QuestionState.RECEIVED: (
        QuestionState.IN_WORK,
        QuestionState.ANSWERED,
        QuestionState.REPLIED,
        QuestionState.DECLINED,
    ),
    QuestionState.IN_WORK: (QuestionState.ANSWERED, QuestionState.REPLIED, QuestionState.DECLINED),
    QuestionState.ANSWERED: (QuestionState.ANSWERED, QuestionState.REPLIED),
    QuestionState.REPLIED: (QuestionState.ANSWERED,),
    QuestionState.DECLINED: (),
}
WAITING = (QuestionState.RECEIVED, QuestionState.IN_WORK)
"""The states in which somebody still has to answer."""
DONE = (QuestionState.ANSWERED, QuestionState.REPLIED)
ANSWER_WITHIN = timedelta(days=14)
"""How long a question may wait; a promise of the page with the form, so both change together."""


class Rhythm(models.TextChoices):
    """How often a subscriber gets mail at most; without news there is none."""

    WEEKLY = "weekly", _("höchstens einmal in der Woche")
    DAILY = "daily", _("höchstens einmal am Tag")


PAUSE = {Rhythm.WEEKLY: timedelta(days=7), Rhythm.DAILY: timedelta(days=1)}


class NewsKind(models.TextChoices):
    """What a piece of news is about."""

    CHANGE = "change", _("Änderung")
    STRUCK = "struck", _("gestrichen")
    RESCHEDULED = "rescheduled", _("verschoben")
    EDITION = "edition", _("neue Fassung")
    VALUE = "value", _("neuer Wert")
    REVISION = "revision", _("berichtigter Wert")
    DECISION = "decision", _("Beschluss")
    REPORT = "report", _("Bericht")
    ANSWER = "answer", _("Antwort")
