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


def title_in(case: Case, one: CaseType, language: str) -> str:
    """The case's title; where it is its category's or its type's, in the reader's language."""
    own = one.find_category(case.category) or one
    return own.translated("title", language) if case.title == own.title else case.title


def fill(
    text: str,
    case: Case,
    one: CaseType,
    reason: str = "",
    planned_for: date | None = None,
    *,
    language: str = "de",
) -> str:
    """A text in this language with its placeholders filled; other braces stay as they are."""
    category, state = one.find_category(case.category), one.find_state(case.state)
    day = planned_for or case.planned_for
    values = {
        "reference": case.reference,
        "title": title_in(case, one, language),
        "category": category.translated("title", language) if category else "",
        "type": one.translated("title", language),
        "state": state.translated("title", language) if state else "",
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
