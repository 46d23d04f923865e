"""The thread between the office and whoever reported a case, as an officer reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from stadt.civic.cases.models import Case
from stadt.civic.messages.models import AuthorKind, DeliveryState
from stadt.civic.messages.queries import Letter, thread_of


@dataclass(frozen=True, slots=True)
class Line:
    """A message. `problem` says that no mail arrived; empty where it did, or none was sent."""

    at: datetime
    who: str
    text: str
    plain: str
    problem: str
    is_incoming: bool


def conversation_of(case: Case) -> list[Line]:
    """The messages about a case, oldest first."""
    return [_line(letter) for letter in thread_of(case.subject)]


def _line(letter: Letter) -> Line:
    message = letter.message
    who = {
        str(AuthorKind.CITIZEN): gettext("Meldende Person"),
        str(AuthorKind.SYSTEM): gettext("Automatisch"),
    }.get(message.author_kind, gettext("Büro"))
    problem = ""
    if letter.mail_state in {DeliveryState.FAILED, DeliveryState.BOUNCED}:
        problem = gettext("Die E-Mail dazu kam nicht an.")
    text = message.text or gettext("Gelöscht, weil die Frist dafür um war.")
    is_incoming = message.author_kind == AuthorKind.CITIZEN
    return Line(message.at, who, text, message.plain_text, problem, is_incoming)
