"""What is wrong with a file of a strategy: one sentence that names the place, and nothing is taken from it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from stadt.core.errors import FieldError, Invalid

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (sheet, row and column, or a path in JSON) and why, in a person's words."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


class BadFile(Invalid):
    """The file is no strategy that can be taken over; `fields` names each place."""

    code = "strategy-file"


def refuse(place: str, sentence: str) -> BadFile:
    """The error for one thing that is wrong."""
    return refuse_all([Problem(place, sentence)])


def refuse_all(problems: Iterable[Problem]) -> BadFile:
    """The error for all of them: the first in the sentence, as many as fit in the list."""
    found = list(problems)
    sentence = str(found[0])
    more = len(found) - 1
    if more:
        sentence += " " + ngettext(
            "Und %(count)d weiterer Fehler.", "Und %(count)d weitere Fehler.", more
        ) % {"count": more}
    return BadFile(
        gettext("Die Datei wird nicht übernommen. %(why)s") % {"why": sentence},
        fields=tuple(FieldError(one.place or "file", one.sentence) for one in found[:MOST_SHOWN]),
    )
