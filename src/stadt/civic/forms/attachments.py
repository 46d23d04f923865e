"""Files and photos of a form: taken through `civic.files`, attached to the draft, moved to what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from stadt.civic.files.models import Role, StoredFile
from stadt.civic.files.queries import files_of
from stadt.civic.files.services import attach, detach, erase_files, move_files, take_files
from stadt.civic.forms.definition import FILE_KINDS, FieldDefinition, FormDefinition, Kind, Step
from stadt.civic.forms.models import Draft, Submission
from stadt.civic.forms.queries import definition_of
from stadt.civic.forms.validation import Cleaned, clean
from stadt.core.errors import FieldError, Invalid, NotFound, TooLarge, TooMany
from stadt.core.people.actor import Actor

MOST_FILES = 5


def draft_files(draft: Draft) -> str:
    """The subject that files of a draft belong to."""
    return f"form_draft:{draft.pk}"


def submission_files(submission_id: int) -> str:
    """The subject that files of a submission belong to, until `give_files` moves them to its owner."""
    return f"submission:{submission_id}"


def give_files(submission_id: int, subject: str, actor: Actor | None = None) -> None:
    """Let the files of what was sent belong to what it opened, such as a case."""
    move_files(submission_files(submission_id), subject, actor=actor)


def accepted_kinds(item: FieldDefinition) -> tuple[str, ...]:
    """What a file field takes."""
    return item.accepts or (("photo",) if item.kind is Kind.PHOTO else ("photo", "pdf"))


def most_files(item: FieldDefinition) -> int:
    """How many files a field takes."""
    return int(item.maximum) if isinstance(item.maximum, int | float) else MOST_FILES


def take_step_files(
    draft: Draft,
    step: Step,
    visible: Iterable[str],
    raw: Mapping[str, Any],
    uploads: Mapping[str, Any],
    actor: Actor,
) -> tuple[dict[str, list[int]], list[FieldError]]:
    """Take away and take in the files of one step: the ids by field afterwards, and what was refused."""
    answers: dict[str, list[int]] = {}
    errors: list[FieldError] = []
    wanted = set(visible)
    for item in step.fields:
        if item.kind not in FILE_KINDS or item.key not in wanted:
            continue
        kept = _without_removed(draft, item, raw, actor)
        new = _many(uploads, item.key)
        if len(kept) + len(new) > most_files(item):
            text = gettext("nimmt höchstens %(most)s Dateien") % {"most": most_files(item)}
            errors.append(FieldError(item.key, text))
            new = []
        try:
            kept += _take(draft, item, new, actor)
        except (Invalid, NotFound, TooLarge, TooMany) as error:
            errors.append(FieldError(item.key, error.detail))
        answers[item.key] = kept
    return answers, errors


def draft_state(draft: Draft) -> Cleaned:
    """What is answered, wrong and visible in a draft as it is kept; only its own files count as answers."""
    files = [item.pk for item in files_of(draft_files(draft))]
    return clean(
        definition_of(draft.version), draft.answers, names=draft.names, fixed=draft.prefilled, files=files
    )


def hand_over(draft: Draft, submission: Submission, form: FormDefinition, actor: Actor) -> None:
    """Let the files that were answered belong to the submission, and delete the others."""
    used = set(file_ids(form, submission.answers))
    if left := [item.pk for item in files_of(draft_files(draft)) if item.pk not in used]:
        detach(left, draft_files(draft), actor=actor)
    move_files(draft_files(draft), submission_files(submission.pk), actor=actor)


def erase_draft_files(draft: Draft, actor: Actor | None = None) -> None:
    """Delete the files of a draft that goes."""
    erase_files(draft_files(draft), actor=actor)


def erase_submission_files(submission: Submission, actor: Actor | None = None) -> None:
    """Delete the files of a submission whose answers are erased."""
    erase_files(submission_files(submission.pk), actor=actor)


def file_ids(form: FormDefinition, answers: Mapping[str, Any]) -> list[int]:
    """Ids of all files among the answers."""
    return [
        number for item in form.fields() if item.kind in FILE_KINDS for number in answers.get(item.key) or ()
    ]


def file_names(form: FormDefinition, answers: Mapping[str, Any]) -> dict[int, str]:
    """Names of the files among the answers, by id."""
    ids = file_ids(form, answers)
    return dict(StoredFile.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _without_removed(draft: Draft, item: FieldDefinition, raw: Mapping[str, Any], actor: Actor) -> list[int]:
    kept = list(draft.answers.get(item.key) or ())
    removed = [number for number in kept if str(number) in set(map(str, _many(raw, f"{item.key}.remove")))]
    if removed:
        detach(removed, draft_files(draft), actor=actor)
    return [number for number in kept if number not in removed]


def _take(draft: Draft, item: FieldDefinition, new: Sequence[Any], actor: Actor) -> list[int]:
    if not new:
        return []
    taken = take_files(
        new, accepts=accepted_kinds(item), owner=draft_files(draft), actor=actor, field=item.key
    )
    ids = [stored.pk for stored in taken]
    attach(ids, draft_files(draft), Role.ANSWER, owner=draft_files(draft), actor=actor)
    return ids


def _many(mapping: Mapping[str, Any], name: str) -> list[Any]:
    getlist = getattr(mapping, "getlist", None)
    found = getlist(name) if getlist else mapping.get(name) or []
    many = list(found) if isinstance(found, list | tuple) else [found]
    return [one for one in many if one not in (None, "")]
