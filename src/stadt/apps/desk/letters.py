"""What is sent: templates with their placeholders filled, and how reporter and public will read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from stadt.apps.desk.people import Choice
from stadt.apps.desk.wording import titled
from stadt.civic.cases.catalogue import CaseType, Face, Move, Template
from stadt.civic.cases.models import Case
from stadt.civic.cases.placeholders import fill
from stadt.web.formats import day

LATER = ("planned_for", "reason")
"""Placeholders whose values are only typed with the text; they stand in it until it is sent."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What will be read.

    Attributes:
        text: what the reporter reads; empty when nothing is sent.
        plain: the same in plain language, where the template has it and its text was not changed.
        face: the public face the case gets; empty when it keeps its state.
        public: what everybody reads on the case's public page, line by line; empty where the case is not public.
    """

    text: str
    plain: str
    face: str
    public: Sequence[str]
    is_public: bool


def template_choices(case_type: CaseType, first: str = "") -> list[Choice]:
    """The templates of the type for a select; the one a move names comes first."""
    found = [(one.key, titled(one)) for one in case_type.templates]
    return sorted(found, key=lambda one: one[0] != first)


def offered_text(template: Template | None, case: Case, case_type: CaseType) -> str:
    """The template as it is put into a form: filled but for what the officer still types; empty without one."""
    if template is None:
        return ""
    text = template.text
    for name in LATER:
        text = text.replace(f"{{{name}}}", f"\0{name}\0")
    text = fill(text, case, case_type)
    for name in LATER:
        text = text.replace(f"\0{name}\0", f"{{{name}}}")
    return text


def plain_text(template: Template | None, text: str, case: Case, case_type: CaseType) -> str:
    """The template's plain-language variant, as long as the text is still the template's."""
    if template is None or not template.plain:
        return ""
    is_template = text.strip() in {"", offered_text(template, case, case_type).strip()}
    return template.plain if is_template else ""


def preview_of(
    case: Case,
    case_type: CaseType,
    *,
    text: str,
    template: Template | None = None,
    move: Move | None = None,
    reason: str = "",
    planned_for: date | None = None,
) -> Preview:
    """How a move (or without one a message) will be read."""

    def filled(words: str) -> str:
        return fill(words, case, case_type, reason, planned_for)

    plain = filled(plain_text(template, text, case, case_type))
    said = filled(text or (template.text if template and move else ""))
    target = case_type.find_state(move.target) if move else None
    if target is None:
        return Preview(said, plain, "", (), is_public=False)
    category = case_type.find_category(case.category)
    is_public = (
        bool(case_type.public.fields) and target.is_public and (category is None or category.is_public)
    )
    lines = [
        target.public_text,
        gettext("Geplant für: %(day)s") % {"day": day(planned_for)} if planned_for else "",
    ]
    if not target.pauses:  # a question back is between the office and whoever is asked
        lines += [said, gettext("Begründung: %(reason)s") % {"reason": reason} if reason else ""]
    public = [line for line in lines if line] if is_public else []
    return Preview(said, plain, Face(target.face).label, public, is_public)
