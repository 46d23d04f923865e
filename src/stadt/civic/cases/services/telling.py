"""What people are told about a case, the links they hold, and the files that belong to it."""

import re
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext

from stadt.civic.cases import access
from stadt.civic.cases.catalogue import CaseType, Move
from stadt.civic.cases.models import Case, Party
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor

PLACEHOLDERS = ("reference", "title", "category", "type", "state", "planned_for", "reason")
"""What the templates of a case type may name in braces."""
PLACEHOLDER = re.compile("{(" + "|".join(PLACEHOLDERS) + ")}")


def make_link(case: Case, party: Party | None = None) -> str | None:
    """A new secret for the reporter's page."""
    return None


def find_case_id(secret: str) -> int | None:
    """The case of a reporter's secret."""
    return None


def lock_case_of_link(secret: str, revision: int | None = None) -> Case:
    """The case of the link, held until the transaction ends. Raises NotFound; Conflict for another revision."""
    case_id = find_case_id(secret)
    case = access.lock_case(case_id) if case_id is not None else None
    if case is None or case.anonymised_at is not None:
        raise NotFound(gettext("Dieser Link gilt nicht mehr."))
    access.check_revision(case, revision)
    return case


def attach(actor: Actor, case: Case, files: Sequence[int], role: str) -> None:
    """Let taken files belong to the case."""


def send_receipt(case: Case, one: CaseType, secret: str | None) -> None:
    """Tell the reporter that the case is there."""


def tell_move(actor: Actor, case: Case, one: CaseType, move: Move, text: str, reason: str) -> None:
    """Tell the people of a case what the office said with a move."""


def write(actor: Actor, case: Case, text: str, plain: str = "") -> None:
    """A message of the office to the people of a case."""


def keep_citizen_text(case: Case, text: str, files: Sequence[int] = (), user_id: int | None = None) -> None:
    """What the citizen wrote, in the thread of the case."""


def can_be_told(case: Case) -> bool:
    """Whether anybody reads what the office writes."""
    return Party.objects.filter(case=case).exists()


def fill(text: str, case: Case, one: CaseType, reason: str = "", planned_for: date | None = None) -> str:
    """A template of the type with its placeholders filled; other braces stay as they are."""
    category, state = one.find_category(case.category), one.find_state(case.state)
    day = planned_for or case.planned_for
    values = {
        "reference": case.reference,
        "title": case.title,
        "category": category.title if category else "",
        "type": one.title,
        "state": state.title if state else "",
        "planned_for": f"{day:%d.%m.%Y}" if day else "",
        "reason": reason,
    }
    return PLACEHOLDER.sub(lambda found: values[found[1]], text)
