"""Placeholders in braces: what templates and the texts of officers may name, filled for one case."""

import re
from datetime import date

from django.utils.translation import gettext

from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.models import Case
from stadt.civic.cases.people import wrong

PLACEHOLDERS = ("reference", "title", "category", "type", "state", "planned_for", "reason")
"""What the templates of a case type may name in braces."""
KNOWN = re.compile("{(" + "|".join(PLACEHOLDERS) + ")}")
LIKELY = re.compile("{([a-z_]+)}")
"""What reads like a placeholder, whether there is one of that name or not."""


def fill(text: str, case: Case, one: CaseType, reason: str = "", planned_for: date | None = None) -> str:
    """A text with its placeholders filled; other braces stay as they are."""
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
    return KNOWN.sub(lambda found: values[found[1]], text)


def fill_typed(
    text: str,
    case: Case,
    one: CaseType,
    reason: str = "",
    planned_for: date | None = None,
    *,
    field: str = "text",
) -> str:
    """What an officer typed, filled as a template is. Raises Invalid naming the field: a placeholder that there is not."""
    if unknown := unknown_placeholders(text):
        raise wrong(field, no_such_placeholder(unknown[0]))
    return fill(text, case, one, reason, planned_for)


def unknown_placeholders(text: str) -> list[str]:
    """What a text names in braces like a placeholder without being one, each once."""
    return [name for name in dict.fromkeys(LIKELY.findall(text)) if name not in PLACEHOLDERS]


def no_such_placeholder(name: str) -> str:
    """The refusal of a placeholder, with those that there are."""
    known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
    return gettext("kennt den Platzhalter %(name)s nicht. Es gibt: %(known)s") % {
        "name": f"{{{name}}}", "known": known,
    }  # fmt: skip
