"""Every write: keep a form, fill it in step by step, send it once, erase it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from stadt.civic.forms.attachments import (
    draft_state,
    erase_draft_files,
    erase_submission_files,
    hand_over,
    take_step_files,
)
from stadt.civic.forms.canonical import digest_of_json
from stadt.civic.forms.definition import FormDefinition, Step
from stadt.civic.forms.loading import city_forms
from stadt.civic.forms.mails import mail_resume_link
from stadt.civic.forms.models import Draft, FormVersion, Submission
from stadt.civic.forms.prefill import Prefill, check_seal, prefilled_answers, seal_of
from stadt.civic.forms.queries import definition_of, find_form, get_draft, get_form, submission_digest
from stadt.civic.forms.rights import ERASE_ANSWERS, MANAGE_FORMS
from stadt.civic.forms.validation import Cleaned, clean
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Invalid, NotFound, TooMany
from stadt.core.people.actor import Actor
from stadt.core.tokens import digest_of
from stadt.hub.places.spot_queries import FoundSpot, find_spots
from stadt.hub.places.spot_words import LONGEST_WORDS

MOST_FOUND = 8
MOST_MAILS = 3
Files = Mapping[str, Any]
"""Uploaded files by field key, such as Django's `request.FILES`."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of a step that was sent.

    Attributes:
        errors: what is wrong; then nothing was stored but files that were taken.
        next_step: key of the step to show next; None when all is filled in and can be looked through and sent.
        answers: all answers so far, by field key.
        stops: texts (Markdown) of choices that end the form here.
        revealed: keys of questions of this step that the answers brought up and that were not asked yet: show it again.
        found: places for the words in a place field, by its key; the person wanted to search, and nothing was stored.
    """

    errors: list[FieldError] = field(default_factory=list)
    next_step: str | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    stops: list[str] = field(default_factory=list)
    revealed: list[str] = field(default_factory=list)
    found: dict[str, list[FoundSpot]] = field(default_factory=dict)


def import_forms(actor: Actor) -> list[FormVersion]:
    """Keep what the city's folder says; returns the versions that are new.

    Raises:
        ConfigurationError: naming the file and the place in it; then none was kept.
    """
    with transaction.atomic():
        kept = [(keep_form(actor, definition), definition) for definition in city_forms()]
    return [version for version, _ in kept if version is not None]


@transaction.atomic
def keep_form(actor: Actor, definition: FormDefinition) -> FormVersion | None:
    """Keep a form as a new version; None when the newest version says the same already.

    The number is the definition's `version`, or the next free one when that is taken.

    Raises:
        Forbidden: without `forms.manage`.
    """
    actor.require(MANAGE_FORMS)
    data = definition.as_data()
    digest = digest_of_json({**data, "version": 0})
    newest = find_form(definition.key)
    if newest is not None and bytes(newest.digest) == digest:
        return None
    number = max(definition.version, newest.number + 1 if newest else 1)
    version = FormVersion.objects.create(
        key=definition.key,
        number=number,
        title=definition.title,
        definition={**data, "version": number},
        digest=digest,
    )
    record(actor, "keep_form", f"form_version:{version.pk}", {"key": version.key, "number": number})
    return version


@transaction.atomic
def start_draft(
    actor: Actor | None,
    form_key: str,
    *,
    answers: Mapping[str, Any] | None = None,
    prefill: Prefill | None = None,
    names: Mapping[str, Any] | None = None,
) -> tuple[Draft, str]:
    """Begin to fill in the newest version of a form. The secret is returned once; whoever has it may go on.

    Args:
        answers: what the page knows already and the person may change; wrong ones are left out.
        prefill: what she may not change.
        names: values of the definition's `names`.

    Raises:
        NotFound: there is no such form.
    """
    who = actor or Actor.anonymous()
    version = get_form(form_key)
    definition = definition_of(version)
    secret = secrets.token_urlsafe(32)
    fixed = prefilled_answers(definition, prefill)
    draft = Draft(
        digest=digest_of(secret),
        version=version,
        user_id=who.user_id,
        names={name: value for name, value in (names or {}).items() if name in definition.names},
        prefilled=fixed,
        language=get_language() or "de",
        expires_at=_expiry(definition),
    )
    draft.answers = clean(definition, answers or {}, fixed=fixed, names=draft.names).answers
    draft.seal = seal_of(draft)
    draft.save()
    record(who, "start_draft", f"form_draft:{draft.pk}", {"form": version.key, "version": version.number})
    return draft, secret


@transaction.atomic
def save_step(
    draft_secret: str,
    step_key: str,
    raw_data: Mapping[str, Any],
    files: Files | None = None,
    *,
    actor: Actor | None = None,
    pause: bool = False,
) -> StepResult:
    """Take one step as it was sent.

    Args:
        raw_data: the browser's form; see `validation.clean`.
        files: uploads by field key; `raw_data` may name files to take away as `key.remove`.
        pause: keep what is right and do not complain, for „later".

    Raises:
        NotFound: the secret is of no draft, or the form has no such step with these answers.
        Conflict: it was sent already, or the prefilled answers were changed underneath.
    """
    draft = _locked(draft_secret)
    definition = definition_of(draft.version)
    check_seal(draft)
    known = {**draft.answers, **draft.prefilled}
    if step_key not in draft_state(draft).steps:
        raise NotFound(gettext("Diesen Schritt gibt es hier nicht."))
    if searched := definition.by_key.get(str(raw_data.get("_search", ""))):
        words = str(raw_data.get(f"{searched.key}.address") or "")[:LONGEST_WORDS]
        return StepResult([], step_key, draft.answers, found={searched.key: find_spots(words, MOST_FOUND)})
    who = actor or Actor.anonymous()

    def cleaned(files: Mapping[str, Any]) -> Cleaned:
        answers = {**known, **files}
        return clean(
            definition, raw_data, known=answers, step=step_key, names=draft.names, fixed=draft.prefilled
        )

    step = _step(definition, step_key)
    taken, refused = take_step_files(draft, step, cleaned({}).visible, raw_data, files or {}, who)
    found = cleaned(taken)
    revealed = _revealed(step, found, raw_data)
    errors = [error for error in found.errors if error.field.partition(".")[0] not in revealed]
    errors = refused + [error for error in errors if error.field not in {wrong.field for wrong in refused}]
    is_wrong = bool(errors or found.stops) and not pause
    files_only = {**draft.answers, **taken}
    answers = {
        key: value for key, value in (files_only if is_wrong else found.answers).items() if value != []
    }
    if not is_wrong or answers != draft.answers:
        draft.answers, draft.changed_at, draft.expires_at = answers, timezone.now(), _expiry(definition)
        draft.save(update_fields=["answers", "changed_at", "expires_at"])
        record(who, "save_step", f"form_draft:{draft.pk}", {"step": step_key})
    if is_wrong:
        return StepResult(errors, step_key, {**found.answers, **answers}, found.stops, revealed)
    next_step = step_key if revealed else _after(found, step_key)
    return StepResult(refused, next_step, answers, revealed=revealed)


def _step(definition: FormDefinition, key: str) -> Step:
    found = definition.step(key)
    if found is None:
        raise NotFound(gettext("Diesen Schritt gibt es hier nicht."))
    return found


def _revealed(step: Step, found: Cleaned, raw: Mapping[str, Any]) -> list[str]:
    """Questions that were not on the page which was sent; the page says in `_shown` what it asked."""
    if "_shown" not in raw:
        return []
    shown = set(str(raw["_shown"]).split())
    asked = (item for item in step.fields if item.is_answered and not item.computed)
    return [item.key for item in asked if item.key in found.visible and item.key not in shown]


@transaction.atomic
def submit(draft_secret: str, actor: Actor | None = None, *, is_example: bool = False) -> Submission:
    """Freeze the answers. Sending twice gives the same submission.

    Raises:
        NotFound: the secret is of no draft.
        Invalid: naming the fields; the draft stays as it is.
        Conflict: the prefilled answers were changed underneath.
    """
    who = actor or Actor.anonymous()
    draft = _locked(draft_secret, sent=True)
    if draft.submission_id is not None:
        return Submission.objects.select_related("version").get(pk=draft.submission_id)
    definition = definition_of(draft.version)
    check_seal(draft)
    found = draft_state(draft)
    refuse(found)
    submission = keep_answers(
        who,
        draft.version,
        found,
        prefilled=draft.prefilled,
        user_id=draft.user_id or who.user_id,
        language=draft.language,
        is_example=is_example,
    )
    hand_over(draft, submission, definition, who)
    Draft.objects.filter(pk=draft.pk).update(
        submission=submission, answers={}, prefilled={}, seal="", names={}
    )
    return submission


@transaction.atomic
def keep_answers(
    actor: Actor,
    version: FormVersion,
    found: Cleaned,
    *,
    prefilled: Mapping[str, Any] | None = None,
    user_id: int | None = None,
    language: str = "de",
    is_example: bool = False,
) -> Submission:
    """Freeze answers that `clean` gave for the whole form, where there was no draft (questions of a category, Open311).

    Raises:
        Invalid: naming the fields, when `clean` found something wrong.
    """
    refuse(found)
    salt = secrets.token_bytes(16)
    submission = Submission.objects.create(
        version=version,
        user_id=user_id,
        answers=found.answers,
        prefilled=sorted(set(prefilled or {}) & found.answers.keys()),
        language=language,
        salt=salt,
        digest=submission_digest(version, found.answers, salt),
        submitted_at=timezone.now(),
        is_example=is_example,
    )
    record(actor, "submit", f"submission:{submission.pk}", {"form": version.key, "version": version.number})
    return submission


def refuse(found: Cleaned) -> None:
    """Raises Invalid when something is wrong with the answers or one of them stops the form."""
    if found.stops:
        raise Invalid(gettext("Mit dieser Auswahl kann das Formular nicht gesendet werden."))
    if found.errors:
        raise Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=tuple(found.errors))


@transaction.atomic
def send_resume_link(draft_secret: str, email: str, url: str, actor: Actor | None = None) -> None:
    """Mail the link by which somebody goes on later. The address is not kept, and the mail says nothing of the answers.

    Args:
        url: the page's whole address, with the secret in it.

    Raises:
        NotFound, Conflict: there is no such draft, or it was sent.
        Invalid: naming `email`.
        TooMany: three links were sent already.
    """
    draft = _locked(draft_secret)
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        wrong = FieldError("email", gettext("ist keine E-Mail-Adresse wie name@beispiel.de"))
        raise Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=(wrong,)) from None
    if draft.mails >= MOST_MAILS:
        raise TooMany(gettext("Der Link wurde schon dreimal verschickt. Bitte sehen Sie in Ihr Postfach."))
    draft.mails += 1
    draft.save(update_fields=["mails"])
    mail_resume_link(draft, address, url)
    record(actor or Actor.anonymous(), "send_resume_link", f"form_draft:{draft.pk}")


@transaction.atomic
def discard_draft(draft_secret: str, actor: Actor | None = None) -> None:
    """Throw an unfinished form away at once. Raises NotFound or Conflict."""
    draft = _locked(draft_secret)
    erase_draft_files(draft, actor)
    record(actor or Actor.anonymous(), "discard_draft", f"form_draft:{draft.pk}")
    draft.delete()


@transaction.atomic
def forget_old_drafts(actor: Actor) -> int:
    """Delete drafts whose time is over, with their files; returns how many."""
    old = list(
        Draft.objects.select_for_update(skip_locked=True).filter(expires_at__lte=timezone.now())[:5000]
    )
    for draft in old:
        erase_draft_files(draft, actor)
        draft.delete()
    if old:
        record(actor, "forget_old_drafts", "form_drafts", {"rows": len(old)})
    return len(old)


@transaction.atomic
def erase_answers(actor: Actor, submission_id: int, *, reason: str = "retention") -> Submission:
    """Take the answers out of what was sent, and whose account sent it; digest, form and time stay, with when and why.

    Args:
        reason: a word such as `retention` or `request`, no text about the person.

    Raises:
        Forbidden: without `forms.erase`.
        NotFound: there is no such submission.
    """
    actor.require(ERASE_ANSWERS)
    submission = Submission.objects.select_for_update().filter(pk=submission_id).first()
    if submission is None:
        raise NotFound(gettext("Diese Angaben gibt es nicht."))
    if submission.erased_at is None:
        submission.answers, submission.prefilled, submission.salt, submission.user = {}, [], b"", None
        submission.erased_at, submission.erased_reason = timezone.now(), reason[:40]
        submission.save(update_fields=["answers", "prefilled", "salt", "user", "erased_at", "erased_reason"])
        Draft.objects.filter(submission=submission).update(user=None)
        erase_submission_files(submission, actor)
        record(actor, "erase_answers", f"submission:{submission.pk}", {"reason": reason[:40]})
    return submission


def _locked(secret: str, *, sent: bool = False) -> Draft:
    pk = get_draft(secret).pk
    # The submission is not joined: who waited for the lock would see its row as it was before.
    draft = Draft.objects.select_for_update(of=("self",)).select_related("version").filter(pk=pk).first()
    if draft is None:
        raise NotFound(
            gettext("Diesen Entwurf gibt es nicht mehr. Entwürfe werden nach einiger Zeit gelöscht.")
        )
    if draft.submission_id is not None and not sent:
        raise Conflict(gettext("Dieses Formular ist schon abgesendet."))
    return draft


def _after(found: Cleaned, step: str) -> str | None:
    later = found.steps[found.steps.index(step) + 1 :] if step in found.steps else []
    return later[0] if later else None


def _expiry(definition: FormDefinition) -> Any:
    return timezone.now() + timedelta(days=definition.draft_days)
