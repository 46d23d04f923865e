"""Every write: propose, ask, decide, answer, confirm an address and forget."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext

from stadt.apps.reuse import mails
from stadt.apps.reuse.events import ApplicationRegistered, DataRequestAnswered
from stadt.apps.reuse.models import Application, DataRequest, Told
from stadt.apps.reuse.rights import REVIEW
from stadt.apps.reuse.workflow import (
    ANSWERS,
    APPLICATION_MOVES,
    REQUEST_MOVES,
    ApplicationState,
    RequestState,
)
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Invalid, NotFound
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.core.tokens import digest_of
from stadt.core.unseen import UNSEEN
from stadt.hub.datasets.public import get_public

MOST_DATASETS = 20
ONE_LINE = frozenset({"name", "maker", "title", "url"})
UNCONFIRMED = timedelta(days=7)
KEPT_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ApplicationDraft:
    """An application as somebody tells it; `datasets` are keys."""

    name: str
    description: str
    url: str
    maker: str = ""
    datasets: tuple[str, ...] = ()
    email: str = ""
    is_simulated: bool = False


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """A request for data as somebody tells it."""

    title: str
    text: str
    email: str = ""
    is_simulated: bool = False


@transaction.atomic
def propose_application(actor: Actor, draft: ApplicationDraft) -> Application:
    """Keep a proposal for those who review; nobody else sees it. Anybody may propose.

    Raises:
        Invalid: naming the field: empty, too long, no address of the web, or a dataset that is not public.
    """
    errors = _texts(draft, {"name": 80, "description": 600, "url": 300}) + _texts(
        draft, {"maker": 80}, needed=False
    )
    errors += _address(draft.email)
    try:
        URLValidator(schemes=("http", "https"))(draft.url)
    except ValidationError:
        errors.append(FieldError("url", gettext("ist keine Adresse, die mit http:// oder https:// beginnt")))
    if "@" in draft.url.partition("://")[2].partition("/")[0]:  # https://stadt.de@elsewhere.example
        errors.append(FieldError("url", gettext("enthält Zugangsdaten")))
    errors += _datasets(draft.datasets)
    _refuse(errors)
    application = Application.objects.create(
        name=draft.name.strip(),
        description=draft.description.strip(),
        url=draft.url,
        maker=draft.maker.strip(),
        datasets=list(dict.fromkeys(draft.datasets)),
        is_simulated=draft.is_simulated,
        **_contact(draft.email),
    )
    _send_link(application)
    record(actor, "propose_application", f"application:{application.pk}", {"datasets": application.datasets})
    return application


@transaction.atomic
def request_data(actor: Actor, draft: RequestDraft) -> DataRequest:
    """Keep a request for those who review; nobody else sees it. Anybody may ask. Raises Invalid."""
    _refuse(_texts(draft, {"title": 120, "text": 1500}) + _address(draft.email))
    request = DataRequest.objects.create(
        title=draft.title.strip(),
        text=draft.text.strip(),
        is_simulated=draft.is_simulated,
        **_contact(draft.email),
    )
    _send_link(request)
    record(actor, "request_data", f"data_request:{request.pk}")
    return request


@transaction.atomic
def decide_application(actor: Actor, pk: int, state: ApplicationState) -> Application:
    """Agree, decline or take out again.

    Raises:
        Forbidden: without `reuse.review`.
        Conflict: it stands where that cannot be decided.
    """
    actor.require(REVIEW)
    application = Application.objects.select_for_update().filter(pk=pk).first()
    if application is None:
        raise NotFound(gettext("Diese Anwendung gibt es nicht."))
    _require_move(state in APPLICATION_MOVES[ApplicationState(application.state)])
    before, now = application.state, timezone.now()
    application.state, application.decided_at = state, now
    if state is ApplicationState.PUBLIC:
        application.agreed_at = application.agreed_at or now
        application.withdrawn_at = None
        publish(ApplicationRegistered(application.pk))
    elif state is ApplicationState.WITHDRAWN:
        application.withdrawn_at = now
    application.save()
    if state in {ApplicationState.PUBLIC, ApplicationState.DECLINED}:
        mails.tell_decision(application)
    record(actor, "decide_application", f"application:{pk}", {"from": before, "to": str(state)})
    return application


@transaction.atomic
def decide_request(
    actor: Actor, pk: int, state: RequestState, *, answer: str = "", dataset: str = ""
) -> DataRequest:
    """Publish a request, answer it or keep it from being public.

    Args:
        answer: what everybody reads; needed for FULFILLED and IMPOSSIBLE.
        dataset: key of a public dataset that fulfils it, or empty.

    Raises:
        Forbidden: without `reuse.review`.
        Invalid: the answer is missing or too long, or the dataset is not public.
        Conflict: it stands where that cannot be decided.
    """
    actor.require(REVIEW)
    request = DataRequest.objects.select_for_update().filter(pk=pk).first()
    if request is None:
        raise NotFound(gettext("Diesen Datenwunsch gibt es nicht."))
    _require_move(state in REQUEST_MOVES[RequestState(request.state)])
    errors = _datasets((dataset,), "dataset") if dataset else []
    if state in ANSWERS and not answer.strip():
        errors.append(FieldError("answer", gettext("fehlt")))
    if len(answer) > 1500:
        errors.append(FieldError("answer", gettext("hat mehr als %(most)s Zeichen") % {"most": 1500}))
    _refuse(errors)
    before = request.state
    request.state, request.decided_at = state, timezone.now()
    request.answer, request.dataset = answer.strip(), dataset
    request.save()
    if state in ANSWERS:
        publish(DataRequestAnswered(request.pk))
    if state is not RequestState.OPEN:
        mails.tell_decision(request)
    record(actor, "decide_request", f"data_request:{pk}", {"from": before, "to": str(state)})
    return request


@transaction.atomic
def confirm_address(actor: Actor, secret: str) -> None:
    """The link in the mail was followed: the address may be written to. Raises NotFound."""
    found = _by_secret(secret)
    if found.email_confirmed_at is None:
        found.email_confirmed_at = timezone.now()
        found.save(update_fields=["email_confirmed_at"])
        record(actor, "confirm_address", subject_of(found))


@transaction.atomic
def remove_address(actor: Actor, secret: str) -> None:
    """Forget the address at once; what was told stays. Raises NotFound."""
    found = _by_secret(secret)
    type(found).objects.filter(pk=found.pk).update(email="", secret_digest=None, email_confirmed_at=None)
    record(actor, "remove_address", subject_of(found))


@transaction.atomic
def forget_due(actor: Actor) -> int:
    """Forget addresses not confirmed in a week or not needed for a month, and what was declined a month ago.

    Of an application in the register the address stays as long as it stands there. Returns how many rows changed.
    """
    now, count = timezone.now(), 0
    gone = {"email": "", "secret_digest": None, "email_confirmed_at": None}
    late = Q(email_confirmed_at=None, told_at__lt=now - UNCONFIRMED)
    done = Q(decided_at__lt=now - KEPT_AFTER)
    settled = done & Q(state__in=(*ANSWERS, ApplicationState.WITHDRAWN))
    for model in (Application, DataRequest):
        count += model.objects.filter(late | settled).exclude(email="").update(**gone)
        count += model.objects.filter(done, state="declined").delete()[0]
    if count:
        record(actor, "forget_due", "reuse", {"rows": count})
    return count


def subject_of(told: Told) -> str:
    """What the protocol calls it."""
    return f"{'application' if isinstance(told, Application) else 'data_request'}:{told.pk}"


def find_by_secret(secret: str) -> Application | DataRequest | None:
    """What somebody with this link told."""
    digest = digest_of(secret)
    return (
        Application.objects.filter(secret_digest=digest).first()
        or DataRequest.objects.filter(secret_digest=digest).first()
    )


def _by_secret(secret: str) -> Application | DataRequest:
    found = find_by_secret(secret)
    if found is None:
        raise NotFound(gettext("Dieser Link gilt nicht mehr. Die Adresse ist gelöscht."))
    return found


def _contact(email: str) -> dict[str, str]:
    return {"email": email.strip().lower(), "language": get_language() or "de"}


def _send_link(told: Application | DataRequest) -> None:
    """Only whoever reads that mailbox can confirm the address or delete it."""
    if told.email:
        secret = secrets.token_urlsafe(32)
        told.secret_digest = digest_of(secret)
        told.save(update_fields=["secret_digest"])
        mails.send_link(told, secret)


def _texts(draft: object, limits: dict[str, int], *, needed: bool = True) -> list[FieldError]:
    errors = []
    for name, most in limits.items():
        text = str(getattr(draft, name)).strip()
        if needed and not text:
            errors.append(FieldError(name, gettext("fehlt")))
        elif len(text) > most:
            errors.append(FieldError(name, gettext("hat mehr als %(most)s Zeichen") % {"most": most}))
        elif UNSEEN.search(text) or ("\n" in text and name in ONE_LINE):
            errors.append(FieldError(name, gettext("enthält Zeichen, die kein Text sind")))
    return errors


def _address(email: str) -> list[FieldError]:
    try:
        if email:
            validate_email(email.strip())
    except ValidationError:
        return [FieldError("email", gettext("ist keine E-Mail-Adresse"))]
    return []


def _datasets(keys: Sequence[str], field: str = "datasets") -> list[FieldError]:
    if len(keys) > MOST_DATASETS:
        return [FieldError(field, gettext("nennt mehr als %(most)s") % {"most": MOST_DATASETS})]
    errors = []
    for key in keys:
        try:
            get_public(key)
        except NotFound as error:
            errors.append(FieldError(field, error.detail))
    return errors


def _require_move(is_possible: bool) -> None:
    if not is_possible:
        raise Conflict(gettext("Darüber ist inzwischen anders entschieden. Bitte laden Sie die Seite neu."))


def _refuse(errors: Sequence[FieldError]) -> None:
    if errors:
        raise Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=tuple(errors))
