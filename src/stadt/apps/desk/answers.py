"""The answers of a case's form as an officer reads them; what tells who somebody is, only with the contact data."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.models import Case
from stadt.civic.forms.definition import FILE_KINDS, FieldDefinition, FormDefinition, Kind
from stadt.civic.forms.queries import definition_of, find_form, get_submission
from stadt.civic.forms.wording import answer_lines
from stadt.core.errors import NotFound

PERSONAL = frozenset({Kind.PERSON, Kind.EMAIL, Kind.PHONE, Kind.ADDRESS, Kind.ORGANISATION})


def in_words(case: Case, case_type: CaseType, *, with_contact: bool = False) -> list[tuple[str, str]]:
    """Questions with their answers, in the order of the form; nothing where the form is not kept."""
    definition = _definition(case, case_type)
    if definition is None or not case.answers:
        return []
    language = get_language() or "de"
    found = []
    for step in definition.steps:
        for field in step.fields:
            answer = case.answers.get(field.key)
            if answer in (None, "", []) or not field.is_answered or field.kind in FILE_KINDS:
                continue
            title = field.words(language).title or field.key
            if is_personal(field) and not with_contact:
                found.append((title, gettext("steht bei den Kontaktdaten")))
            else:
                found.append((title, "; ".join(answer_lines(field, answer, language))))
    return found


def is_personal(field: FieldDefinition) -> bool:
    """Whether an answer says who somebody is or how to reach them."""
    return field.kind in PERSONAL or bool(field.autocomplete) or bool(field.prefill)


def _definition(case: Case, case_type: CaseType) -> FormDefinition | None:
    if case.submission_id is not None:
        try:
            return definition_of(get_submission(case.submission_id).version)
        except NotFound:  # the answers were erased with their submission
            return None
    category = case_type.find_category(case.category)
    key = (category.form if category else "") or case_type.form
    kept = find_form(key) if key else None
    return definition_of(kept) if kept else None
