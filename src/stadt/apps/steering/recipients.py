"""Who hears of a warning on each level: the owner, then the staff of the strategy, then the board (M-16)."""

from collections.abc import Sequence

from stadt.apps.governance.public import stage
from stadt.apps.steering import strategy
from stadt.apps.steering.persons import holders_of
from stadt.apps.steering.rights import ANSWER, ASSESS, DECIDE_TARGETS
from stadt.apps.steering.states import Level
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation, User

# Requirements of the strategy's roles: Stabsstelle; Oberbürgermeister and Verwaltungsvorstand.
STAFF_ROLES = ("R-06",)
BOARD_ROLES = ("R-02", "R-03")


def first_level(measure: str, code: str) -> Level:
    """Where a warning begins: with the owner, or with the staff where nobody there could answer."""
    return Level.OWNER if recipients(Level.OWNER, measure, code) else Level.STAFF


def recipients(level: int, measure: str, code: str) -> Sequence[User]:
    """The people who have to answer on a level, by roles of their own.

    Staff and board are those who hold the strategy's roles; where nobody does, those whose roles allow what they do.
    """
    if level == Level.OWNER:
        owner = owner_of(measure, code)
        return holders_of(ANSWER, owner.pk) if owner else ()
    if level == Level.STAFF:
        return stage(STAFF_ROLES) or holders_of(ASSESS)
    return stage(BOARD_ROLES) or holders_of(DECIDE_TARGETS)


def owner_of(measure: str, code: str) -> Organisation | None:
    """The organisation that answers for a measure, else for an indicator; None where the strategy names none."""
    key = strategy.owner_of(measure) if measure else strategy.owner_of(code)
    return Organisation.objects.filter(key=key).first() if key else None


def may_answer(actor: Actor, measure: str, code: str) -> bool:
    """Whether somebody may answer: the owner's people for what is theirs, staff and board for everything."""
    if not actor.can(ANSWER):
        return False
    owner = owner_of(measure, code)
    return owner is None or actor.can(ANSWER, owner.pk) or actor.can(ASSESS) or actor.can(DECIDE_TARGETS)
