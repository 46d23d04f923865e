"""Meetings, ideas, sector strategies and statements: what somebody may see of them."""

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils.translation import gettext

from stadt.apps.governance.kinds import AlignmentState, IdeaState
from stadt.apps.governance.models import Idea, Meeting, Seat, SectorStrategy, Statement
from stadt.apps.governance.queries.bodies import sits_in
from stadt.apps.governance.rights import MINUTES, SEE
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor


def list_meetings(actor: Actor) -> list[Meeting]:
    """Meetings of the bodies in which the person sits, all for who minutes; the newest first."""
    rows = Meeting.objects.select_related("body").order_by("-held_on", "-pk")
    if not actor.can(MINUTES):
        if actor.user_id is None:
            return []
        seats = Seat.objects.in_force().filter(user_id=actor.user_id)
        rows = rows.filter(body_id__in=seats.values("body_id"))
    return list(rows)


def get_meeting(actor: Actor, pk: int) -> Meeting:
    """The meeting, for who sits in its body or minutes. Raises NotFound for everybody else and for none alike."""
    found = Meeting.objects.select_related("body").filter(pk=pk).first()
    if found is None or not (actor.can(MINUTES) or sits_in(actor.user_id, found.body_id)):
        raise NotFound(gettext("Diese Sitzung gibt es nicht."))
    return found


def list_ideas() -> QuerySet[Idea]:
    """Ideas and obstacles, those without an answer first, then the newest."""
    return Idea.objects.select_related("told_by").order_by(
        Case(When(state=IdeaState.NEW, then=0), default=1), "-told_at", "-pk"
    )


def get_idea(pk: int) -> Idea:
    """The idea. Raises NotFound."""
    found = Idea.objects.select_related("told_by").filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("Das gibt es nicht."))
    return found


def list_sectors() -> list[SectorStrategy]:
    """Sector strategies, with how many alignments are open and how many conflict."""
    return list(
        SectorStrategy.objects.select_related("organisation")
        .annotate(
            open_count=Count("alignments", filter=Q(alignments__state=AlignmentState.OPEN)),
            conflict_count=Count("alignments", filter=Q(alignments__state=AlignmentState.CONFLICT)),
        )
        .order_by("-conflict_count", "title", "pk")
    )


def get_sector(pk: int) -> SectorStrategy:
    """The sector strategy with its alignments. Raises NotFound."""
    found = SectorStrategy.objects.select_related("organisation").filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("Diese Fachstrategie gibt es nicht."))
    return found


def list_statements(actor: Actor) -> QuerySet[Statement]:
    """Statements that are public, all for insiders; the newest first."""
    rows = Statement.objects.select_related("body").order_by("-given_on", "-pk")
    return rows if actor.can(SEE) else rows.filter(is_public=True)
