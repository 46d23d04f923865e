"""Made-up questions for the demo city, marked as simulated."""

from collections.abc import Callable

from django.utils.translation import gettext_noop

from stadt.apps.dialogue.models import News, Question
from stadt.apps.dialogue.services.questions import QuestionDraft, answer_question, ask_question
from stadt.apps.dialogue.topics import WHOLE
from stadt.apps.strategy.public import list_measures_of_app
from stadt.core.people.actor import Actor

ACTOR = Actor.system("demo")
CARRIED = "waste"
"""Two questions are about a measure that this app carries, where the city has one."""
# About the whole strategy or that measure, as it was asked, in the office's words, and the answer; without one it waits.
QUESTIONS = (
    (
        WHOLE,
        "Warum steht bei so vielen Maßnahmen noch das Jahr 2020?",
        "Warum ist der Stand vieler Maßnahmen von 2020?",
        "Die gedruckte Strategie ist von 2020. Bis jemand einträgt, was seither geschehen ist, steht das bei jeder Maßnahme.",
    ),
    (
        CARRIED,
        "Werden auch die Glascontainer bei uns an der Ecke gemessen?",
        "Werden auch Glascontainer gemessen?",
        "Die Maßnahme beginnt mit den Behältern für Papier. Welche Behälter heute gemessen werden, zeigt die Karte.",
    ),
    (CARRIED, "Wann kommen die Sensoren in unseren Stadtteil?", "", ""),
)
DONE = gettext_noop("Fragen zur Strategie")


def fill(progress: Callable[[str], None]) -> None:
    """Ask and answer, unless that is done already or the city's strategy has no such item."""
    if Question.objects.filter(is_simulated=True).exists():
        return
    carried = [measure.code for measure in list_measures_of_app(CARRIED)[:1]]
    for about, text, question, answer in QUESTIONS:
        code = WHOLE if about == WHOLE else (carried or [WHOLE])[0]
        asked = ask_question(ACTOR, QuestionDraft(code, text, is_simulated=True))
        if answer:
            answer_question(ACTOR, asked.pk, question=question, answer=answer, is_public=True)
    progress(DONE)


def clear() -> None:
    """Remove what was made up."""
    Question.objects.filter(is_simulated=True).delete()
    News.objects.filter(is_simulated=True).delete()
