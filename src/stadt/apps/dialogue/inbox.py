"""Pages for those who answer: what waits, and one question."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadt.apps.dialogue import queries
from stadt.apps.dialogue.forms import AnswerForm, HandOverForm
from stadt.apps.dialogue.models import Question
from stadt.apps.dialogue.rights import MODERATE
from stadt.apps.dialogue.services import questions
from stadt.apps.dialogue.topics import find_topic
from stadt.apps.dialogue.workflow import MOVES, WAITING, QuestionState
from stadt.core.errors import Invalid, StadtError
from stadt.core.people.access import actor_of
from stadt.web.maps import State
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

PAGE_SIZE = 25
LATELY = 20


@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """`/mitmachen/strategie/posteingang/`: the questions that wait, the most urgent first."""
    actor = actor_of(request)
    waiting = Paginator(queries.list_waiting(actor), PAGE_SIZE).get_page(request.GET.get("seite"))
    columns = [
        TableColumn("what", _("Frage zu")),
        TableColumn("asked", _("eingegangen"), CellKind.DATE),
        TableColumn("until", _("Antwort bis"), CellKind.DATE),
        TableColumn("state", _("Zustand")),
    ]
    context = {
        "columns": columns,
        "page": waiting,
        "waiting": [_row(item) for item in waiting.object_list],
        "settled_columns": [columns[0], TableColumn("decided", _("entschieden"), CellKind.DATE), columns[3]],
        "settled": [_row(item) for item in queries.list_settled(actor)[:LATELY]],
    }
    return render(request, "dialogue/inbox.html", context)


def show_question(request: HttpRequest, pk: int) -> HttpResponse:
    """`/mitmachen/strategie/posteingang/<id>/`: take on, hand over, answer or decline."""
    actor = actor_of(request)
    asked = queries.get_question(actor, pk)
    move = request.POST.get("move", "") if request.method == "POST" else ""
    is_answer = move in {"public", "private"}
    form = AnswerForm(
        request.POST if is_answer else None,
        initial={"question": asked.public_question, "answer": asked.answer},
    )
    hand_over = HandOverForm(request.POST if move == "hand_over" else None, initial={"owner": asked.owner})
    if move:
        try:
            if _do(request, pk, move, form, hand_over):
                messages.success(request, _("Gespeichert."))
                return redirect("dialogue:inbox")
        except Invalid as error:
            _show(hand_over if move == "hand_over" else form, error)
    topic = find_topic(asked.code)
    moves = MOVES[QuestionState(asked.state)]
    context = {
        "asked": asked,
        "topic": topic,
        "form": form,
        "hand_over": hand_over,
        "may_hand_over": actor.can(MODERATE) and asked.state in WAITING,
        "facts": _facts(asked),
        "may_take_on": QuestionState.IN_WORK in moves,
        "may_answer": QuestionState.ANSWERED in moves,
        "may_reply": QuestionState.REPLIED in moves,
        "may_decline": QuestionState.DECLINED in moves,
    }
    status = 422 if form.errors or hand_over.errors else 200
    return render(request, "dialogue/question.html", context, status=status)


def _do(request: HttpRequest, pk: int, move: str, form: AnswerForm, hand_over: HandOverForm) -> bool:
    """Do what the button says; False when the form has to be filled in again."""
    actor = actor_of(request)
    if move == "take_on":
        questions.take_on(actor, pk)
    elif move == "decline":
        questions.decline_question(actor, pk)
    elif move == "hand_over" and hand_over.is_valid():
        questions.hand_over(actor, pk, hand_over.cleaned_data["owner"])
    elif move in {"public", "private"} and form.is_valid():
        questions.answer_question(actor, pk, **form.cleaned_data, is_public=move == "public")
    else:
        return False
    return True


def _show(form: AnswerForm | HandOverForm, error: StadtError) -> None:
    form.is_valid()
    form.show(error)


def _facts(asked: Question) -> list[tuple[str, object]]:
    names = dict(queries.list_owners())
    return [
        (_("Zustand"), str(QuestionState(asked.state).label)),
        (_("Zuständige Stelle"), names.get(asked.owner, asked.owner) or _("nicht festgelegt")),
        (_("eingegangen"), asked.asked_at),
        (_("Antwort bis"), asked.answer_by),
        (_("Antwort per E-Mail"), _mail_word(asked)),
    ]


def _mail_word(asked: Question) -> str:
    if not asked.email:
        return _("nicht gewünscht")
    return _("gewünscht") if asked.email_confirmed_at else _("gewünscht, Adresse noch nicht bestätigt")


def _row(asked: Question) -> dict[str, object]:
    topic = find_topic(asked.code)
    title = topic.heading if topic else asked.code
    is_late = asked.state in WAITING and asked.answer_by < timezone.now()
    state = (
        StateCell(_("überfällig"), State.DANGER)
        if is_late
        else StateCell(str(QuestionState(asked.state).label))
    )
    return {
        "what": LinkCell(title, reverse("dialogue:inbox_question", args=[asked.pk])),
        "asked": asked.asked_at,
        "until": asked.answer_by,
        "decided": asked.decided_at,
        "state": state,
    }
