"""What everybody sees of news and answers, and what waits for those who answer."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.dialogue.models import News, Question
from stadt.apps.dialogue.rights import ANSWER, MODERATE
from stadt.apps.dialogue.topics import codes_within
from stadt.apps.dialogue.workflow import WAITING, QuestionState
from stadt.core.errors import Forbidden, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation

MOST_IN_A_MAIL = 100


def list_news(topic: str) -> QuerySet[News]:
    """The news of a topic, newest first; those whose day lies ahead are not among them."""
    found = News.objects.filter(happened_at__lte=timezone.now()).order_by("-happened_at", "-pk")
    codes = codes_within(topic)
    return found if codes is None else found.filter(codes__overlap=codes)


def list_news_after(topic: str, transaction: int, number: int, until: int) -> list[News]:
    """News of a topic after a position in the feed and before the transaction `until`, in the feed's order."""
    found = News.objects.filter(transaction__gte=transaction, transaction__lt=until, is_due=True)
    codes = codes_within(topic)
    if codes is not None:
        found = found.filter(codes__overlap=codes)
    ordered = found.order_by("transaction", "pk").exclude(transaction=transaction, pk__lte=number)
    return list(ordered[:MOST_IN_A_MAIL])


def newest_position() -> tuple[int, int]:
    """Transaction and id of the newest news there is."""
    newest = News.objects.order_by("-transaction", "-pk").values_list("transaction", "pk").first()
    return newest or (0, 0)


def list_answers(code: str = "") -> QuerySet[Question]:
    """Public questions with their answers, newest first; with a code those about that item."""
    found = Question.objects.filter(state=QuestionState.ANSWERED).order_by("-decided_at", "-pk")
    return found.filter(code=code) if code else found


def path_of_answer(question: Question) -> str:
    """Where everybody reads the answer."""
    return f"{reverse('dialogue:answers')}?zu={question.code}#frage-{question.pk}"


def list_waiting(actor: Actor) -> QuerySet[Question]:
    """What somebody has to answer, the most urgent first. Raises SignInNeeded, Forbidden."""
    return _within_reach(actor).filter(state__in=WAITING).order_by("answer_by", "pk")


def list_settled(actor: Actor) -> QuerySet[Question]:
    """What was answered or declined lately. Raises SignInNeeded, Forbidden."""
    return _within_reach(actor).exclude(state__in=WAITING).order_by("-decided_at", "-pk")


def get_question(actor: Actor, pk: int) -> Question:
    """One question for those who answer it. Raises SignInNeeded, Forbidden, NotFound."""
    found = _within_reach(actor).filter(pk=pk).first()
    if found is not None:
        return found
    if Question.objects.filter(pk=pk).exists():
        raise Forbidden(gettext("Diese Frage beantwortet eine andere Stelle."))
    raise NotFound(gettext("Diese Frage gibt es nicht."))


def count_waiting(code: str) -> int:
    """How many questions about an item wait for an answer; for those alone who may see internal things."""
    return Question.objects.filter(code=code, state__in=WAITING).count()


def list_owners() -> Sequence[tuple[str, str]]:
    """Key and name of every organisation that could answer."""
    return list(Organisation.objects.order_by("name").values_list("key", "name"))


def _within_reach(actor: Actor) -> QuerySet[Question]:
    """The questions of the organisations in which `dialogue.answer` is held; with `dialogue.moderate` all."""
    if actor.can(MODERATE):
        return Question.objects.all()
    actor.require(ANSWER)
    rows = Organisation.objects.values_list("pk", "key")
    return Question.objects.filter(owner__in=[key for pk, key in rows if actor.can(ANSWER, pk)])
