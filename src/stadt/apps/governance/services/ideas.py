"""Ideas and obstacles: told by anybody who may, whatever the rank, and answered (R-10)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.governance.kinds import IdeaKind, IdeaState
from stadt.apps.governance.models import Idea
from stadt.apps.governance.refusals import checked_codes, checked_text, refuse
from stadt.apps.governance.rights import ANSWER, TELL
from stadt.core.audit import record
from stadt.core.errors import Conflict, NotFound
from stadt.core.people.actor import Actor


@transaction.atomic
def tell_idea(
    actor: Actor, kind: str, title: str, text: str, code: str = "", *, is_example: bool = False
) -> Idea:
    """Tell an idea or an obstacle, about a measure or field of action where `code` names one.

    Raises:
        Forbidden: without `governance.tell`.
        Invalid: naming `kind`, `title`, `text` or `code`.
    """
    actor.require(TELL)
    if kind not in IdeaKind.values:
        raise refuse("kind", gettext("Diese Auswahl gibt es nicht."))
    checked_codes("code", [code])
    idea = Idea.objects.create(
        kind=kind,
        title=checked_text("title", title, 120),
        text=checked_text("text", text, 2000),
        code=code.strip(),
        told_by_id=actor.user_id,
        is_example=is_example,
    )
    record(actor, "tell_idea", f"idea:{idea.pk}", {"kind": kind, "code": idea.code})
    return idea


@transaction.atomic
def answer_idea(actor: Actor, pk: int, state: str, answer: str) -> Idea:
    """Answer an idea, or say that it is taken up. An answer may be given anew.

    Raises:
        Forbidden: without `governance.answer`.
        NotFound; Conflict: one told it oneself; Invalid: naming `state` or `answer`.
    """
    actor.require(ANSWER)
    idea = Idea.objects.select_for_update().filter(pk=pk).first()
    if idea is None:
        raise NotFound(gettext("Das gibt es nicht."))
    if idea.told_by_id is not None and idea.told_by_id == actor.user_id:
        raise Conflict(gettext("Was Sie selbst mitgeteilt haben, beantwortet jemand anderes."))
    if state not in (IdeaState.TAKEN_UP, IdeaState.ANSWERED):
        raise refuse("state", gettext("Diese Auswahl gibt es nicht."))
    idea.state, idea.answer = state, checked_text("answer", answer, 2000)
    idea.answered_by_id, idea.answered_at = actor.user_id, timezone.now()
    idea.save()
    record(actor, "answer_idea", f"idea:{pk}", {"state": state})
    return idea
