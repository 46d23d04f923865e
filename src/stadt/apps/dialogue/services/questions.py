"""Questions: ask, take on, hand over, answer in public or to the asker alone, decline."""

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from stadt.apps.dialogue import mails, queries
from stadt.apps.dialogue.events import QuestionAnswered
from stadt.apps.dialogue.models import Question
from stadt.apps.dialogue.rights import MODERATE
from stadt.apps.dialogue.services.news import NewsDraft, keep_news
from stadt.apps.dialogue.services.texts import check_address, check_text, refuse
from stadt.apps.dialogue.topics import find_topic, owner_of
from stadt.apps.dialogue.workflow import ANSWER_WITHIN, MOVES, WAITING, NewsKind, QuestionState
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, NotFound
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.core.tokens import digest_of

LONGEST_QUESTION, LONGEST_PUBLIC, LONGEST_ANSWER = 1500, 600, 3000


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question as somebody asks it; `code` is what it is about."""

    code: str
    text: str
    email: str = ""
    is_simulated: bool = False


@transaction.atomic
def ask_question(actor: Actor, draft: QuestionDraft) -> Question:
    """Keep a question for those who answer; nobody else sees it. Anybody may ask.

    Raises:
        Invalid: naming the field: nothing of that code, no text, too long, no address.
    """
    errors = check_text("text", draft.text, LONGEST_QUESTION) + check_address(draft.email, needed=False)
    if find_topic(draft.code) is None:
        errors.append(FieldError("code", gettext("gibt es nicht")))
    refuse(errors)
    question = Question.objects.create(
        code=draft.code,
        text=draft.text.strip(),
        owner=owner_of(draft.code),
        email=draft.email.strip().lower(),
        language=get_language() or "de",
        answer_by=timezone.now() + ANSWER_WITHIN,
        is_simulated=draft.is_simulated,
    )
    if question.email:
        secret = secrets.token_urlsafe(32)
        question.secret_digest = digest_of(secret)
        question.save(update_fields=["secret_digest"])
        mails.send_question_link(question, secret)
    record(actor, "ask_question", f"strategy_question:{question.pk}", {"about": question.code})
    return question


@transaction.atomic
def take_on(actor: Actor, pk: int) -> Question:
    """Say that the question is being answered. Raises Forbidden, NotFound, Conflict."""
    question = _locked(actor, pk)
    _move(question, QuestionState.IN_WORK)
    question.save(update_fields=["state"])
    record(actor, "take_on", f"strategy_question:{pk}")
    return question


@transaction.atomic
def hand_over(actor: Actor, pk: int, owner: str) -> Question:
    """Let another organisation answer; the empty key gives it back to those who look after all questions.

    Raises:
        Forbidden: without `dialogue.moderate`.
        Invalid: there is no such organisation.
        Conflict: it is answered or declined.
    """
    actor.require(MODERATE)
    question = _locked(actor, pk)
    if owner and not Organisation.objects.filter(key=owner).exists():
        refuse([FieldError("owner", gettext("gibt es nicht"))])
    if question.state not in WAITING:
        raise Conflict(gettext("Darüber ist inzwischen anders entschieden. Bitte laden Sie die Seite neu."))
    before, question.owner = question.owner, owner
    question.save(update_fields=["owner"])
    record(actor, "hand_over", f"strategy_question:{pk}", {"from": before, "to": owner})
    return question


@transaction.atomic
def answer_question(actor: Actor, pk: int, *, question: str, answer: str, is_public: bool) -> Question:
    """Answer in public, or to the asker alone. The asker gets the answer by mail, and then the address is forgotten.

    Args:
        question: the question in the words of those who answer, without names; needed for a public answer.
        answer: what everybody, or the asker, reads.

    Raises:
        Forbidden: neither the owner's nor the moderators' right.
        Invalid: a text is missing or too long; or there is no confirmed address that a private answer could go to.
        Conflict: it stands where it cannot be answered.
    """
    found = _locked(actor, pk)
    errors = check_text("question", question, LONGEST_PUBLIC, needed=is_public)
    errors += check_text("answer", answer, LONGEST_ANSWER)
    is_first = found.state in {QuestionState.RECEIVED, QuestionState.IN_WORK}
    if not is_public and is_first and not (found.email and found.email_confirmed_at):
        nobody = gettext("erreicht niemanden: Es gibt keine bestätigte Adresse. Bitte öffentlich antworten.")
        errors.append(FieldError("answer", nobody))
    refuse(errors)
    before = found.state
    _move(found, QuestionState.ANSWERED if is_public else QuestionState.REPLIED)
    found.public_question, found.answer = question.strip(), answer.strip()
    found.decided_at = timezone.now()
    if found.email and found.email_confirmed_at:
        mails.send_answer(found)
    _forget_address(found)
    found.save()
    if is_public:
        if before != QuestionState.ANSWERED:
            keep_news(_as_news(found))
        publish(QuestionAnswered(found.pk, found.code))
    record(actor, "answer_question", f"strategy_question:{pk}", {"from": before, "to": found.state})
    return found


@transaction.atomic
def decline_question(actor: Actor, pk: int) -> Question:
    """Keep it from being answered, such as abuse or what is not about the strategy. Raises Forbidden, Conflict."""
    question = _locked(actor, pk)
    _move(question, QuestionState.DECLINED)
    question.decided_at = timezone.now()
    _forget_address(question)
    question.save()
    record(actor, "decline_question", f"strategy_question:{pk}")
    return question


@transaction.atomic
def confirm_asker(actor: Actor, secret: str) -> None:
    """The link in the mail was followed: the answer may be sent there. Raises NotFound."""
    question = _by_secret(secret)
    if question.email_confirmed_at is None:
        question.email_confirmed_at = timezone.now()
        question.save(update_fields=["email_confirmed_at"])
        record(actor, "confirm_asker", f"strategy_question:{question.pk}")


@transaction.atomic
def remove_asker(actor: Actor, secret: str) -> None:
    """Forget the asker's address at once; the question stays. Raises NotFound."""
    question = _by_secret(secret)
    _forget_address(question)
    question.save()
    record(actor, "remove_asker", f"strategy_question:{question.pk}")


def find_by_secret(secret: str) -> Question | None:
    """The question that a link is for."""
    return Question.objects.filter(secret_digest=digest_of(secret)).first()


def _locked(actor: Actor, pk: int) -> Question:
    queries.get_question(actor, pk)
    return Question.objects.select_for_update().get(pk=pk)


def _by_secret(secret: str) -> Question:
    found = Question.objects.select_for_update().filter(secret_digest=digest_of(secret)).first()
    if found is None:
        raise NotFound(gettext("Dieser Link gilt nicht mehr. Die Adresse ist gelöscht."))
    return found


def _forget_address(question: Question) -> None:
    question.email, question.secret_digest, question.email_confirmed_at = "", None, None


def _move(question: Question, state: QuestionState) -> None:
    if state not in MOVES[QuestionState(question.state)]:
        raise Conflict(gettext("Darüber ist inzwischen anders entschieden. Bitte laden Sie die Seite neu."))
    question.state = state


def _as_news(question: Question) -> NewsDraft:
    return NewsDraft(
        key=f"answer:{question.pk}",
        kind=NewsKind.ANSWER,
        codes=(question.code,),
        path=queries.path_of_answer(question),
        facts={"question": question.pk},
        is_simulated=question.is_simulated,
    )
