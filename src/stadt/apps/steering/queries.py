"""Reads that are more than one line: warnings and duties of a person, evaluations, and public answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from stadt.apps.steering.models import Answer, EarlyWarning, Evaluation, InfluenceCheck, Target
from stadt.apps.steering.persons import involved
from stadt.apps.steering.recipients import may_answer
from stadt.apps.steering.rights import ANSWER, CONFIRM, DECIDE_TARGETS, SEE
from stadt.apps.steering.states import EvaluationState, TargetState, WarningState
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor
from stadt.web.formats import local


@dataclass(frozen=True, slots=True)
class Duties:
    """What waits for a person: warnings to answer, targets to decide, evaluations to confirm."""

    warnings: tuple[EarlyWarning, ...]
    targets: tuple[Target, ...]
    evaluations: tuple[Evaluation, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.warnings) + len(self.targets) + len(self.evaluations)


def list_warnings(
    actor: Actor, code: str | None = None, *, states: Sequence[str] = (WarningState.OPEN,)
) -> list[EarlyWarning]:
    """Warnings in these states, those to be answered first at the top; none without `steering.see`."""
    if not actor.can(SEE):
        return []
    found = EarlyWarning.objects.filter(state__in=list(states)).order_by("answer_by", "pk")
    if code is not None:
        found = found.filter(Q(measure=code) | Q(code=code))
    return list(found.prefetch_related("answers"))


def get_warning(pk: int) -> EarlyWarning:
    """Raises NotFound."""
    found = EarlyWarning.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("Diese Warnung gibt es nicht."))
    return found


def get_target(pk: int) -> Target:
    """Raises NotFound."""
    found = Target.objects.select_related("place").filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("Diesen Soll-Wert gibt es nicht."))
    return found


def get_evaluation(pk: int) -> Evaluation:
    """Raises NotFound."""
    found = Evaluation.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("Diese Bewertung gibt es nicht."))
    return found


def list_evaluations(measure: str) -> QuerySet[Evaluation]:
    """A measure's evaluations, the newest first."""
    return Evaluation.objects.filter(measure=measure).order_by("-pk")


def confirmed_evaluation(measure: str) -> Evaluation | None:
    """The last confirmed evaluation of a measure; never an example."""
    return list_evaluations(measure).filter(state=EvaluationState.CONFIRMED, is_example=False).first()


def list_checks(measure: str) -> QuerySet[InfluenceCheck]:
    """A measure's influence checks, the newest first."""
    return InfluenceCheck.objects.filter(measure=measure).order_by("-pk")


def duties_of(actor: Actor) -> Duties:
    """What somebody can do next; what she took part in herself is for others."""
    warnings = list_warnings(actor) if actor.can(ANSWER) else []
    mine = set(involved(actor))
    targets = Target.objects.filter(state=TargetState.PROPOSED).order_by("proposed_at", "pk")
    evaluations = Evaluation.objects.filter(state=EvaluationState.PROVISIONAL).order_by("proposed_at", "pk")
    return Duties(
        tuple(one for one in warnings if may_answer(actor, one.measure, one.code)),
        tuple(one for one in targets if not _took_part(one, mine)) if actor.can(DECIDE_TARGETS) else (),
        tuple(one for one in evaluations if not _took_part(one, mine)) if actor.can(CONFIRM) else (),
    )


def public_answers(code: str, limit: int = 3) -> list[tuple[date, str]]:
    """What the city does about warnings of a measure or indicator, as everybody may read it: day and text, newest first."""
    found = (
        Answer.objects.filter(Q(warning__measure=code) | Q(warning__code=code))
        .exclude(public_text="")
        .filter(is_example=False)
        .order_by("-pk")
    )
    return [(local(one.answered_at).date(), one.public_text) for one in found[:limit]]


def _took_part(one: Target | Evaluation, people: set[int]) -> bool:
    return bool({one.proposed_by_id, *one.proposed_for} & people)
