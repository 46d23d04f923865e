"""The demo's bodies: people of every role, a decision, a checked measure, a survey, a meeting and ideas, all marked as examples."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from stadt.apps.governance import strategy
from stadt.apps.governance.kinds import AnswerChoice, BodyKind, Gate, SeatRole
from stadt.apps.governance.models import (
    Body,
    ChecklistAnswer,
    Decision,
    Draft,
    Idea,
    Meeting,
    Seat,
    SectorStrategy,
    SurveyRound,
)
from stadt.apps.governance.principles import questions
from stadt.apps.governance.queries.bodies import body_of_kind
from stadt.apps.governance.rights import DECIDE, TELL
from stadt.apps.governance.roles import templates
from stadt.apps.governance.services import (
    alignment,
    bodies,
    checklist,
    decisions,
    ideas,
    meetings,
    roles,
    rounds,
)
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.people.services import grant_role
from stadt.core.people.tree import CITY

ACTOR = Actor.system("demo:governance")
DOMAIN = "rollen.example"
"""Nobody can sign in with these accounts: they have no password, and the domain gets no mail (RFC 2606)."""
CHAIRS = {
    BodyKind.COUNCIL: "strategy-council",
    BodyKind.MAYOR: "strategy-mayor",
    BodyKind.BOARD: "strategy-board",
    BodyKind.STAFF_UNIT: "strategy-owner",
    BodyKind.STEERING_GROUP: "strategy-office",
}


def fill(progress: Callable[[str], None]) -> None:
    """Once; the roles and bodies stay when the examples are cleared."""
    roles.install_roles(ACTOR)
    bodies.load_bodies(ACTOR)
    people = _people()
    measures = strategy.list_measures()
    board = body_of_kind(BodyKind.BOARD)
    if board is None or not measures or Seat.objects.filter(is_example=True).exists():
        return
    for body in Body.objects.filter(is_planned=False):
        chair = CHAIRS.get(BodyKind(body.kind))
        if chair in people:
            bodies.give_seat(ACTOR, body.key, people[chair].pk, SeatRole.CHAIR, is_example=True)
    code = measures[0].code
    _decide(board, code, Actor.for_user(people["strategy-board"]))
    strategy.add_member(ACTOR, code, people["strategy-cdo"].pk, "lead", CITY, is_example=True)
    strategy.add_member(
        ACTOR, code, people["strategy-it-coordinator"].pk, "data_contact", CITY, is_example=True
    )
    _check(code)
    _survey()
    _meet(code)
    _tell(people, code)
    progress(_("Gremien mit Beispielen"))


def clear() -> None:
    """Remove the examples and their people; roles and bodies stay."""
    for model in (Draft, Decision, ChecklistAnswer, SurveyRound, Meeting, Idea, SectorStrategy, Seat):
        model.objects.filter(is_example=True).delete()
    User.objects.filter(email__endswith=f"@{DOMAIN}").delete()


def _people() -> dict[str, User]:
    """One person for each role, named after it."""
    found = {}
    for template in templates():
        user, is_new = User.objects.get_or_create(
            email=f"{template.key}@{DOMAIN}", defaults={"name": f"{template.title} ({_('Beispiel')})"[:150]}
        )
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            grant_role(ACTOR, user, template.key, CITY)
        found[template.key] = user
    return found


def _decide(board: Body, code: str, head: Actor) -> None:
    wording = decisions.Wording(
        body=board.key,
        kind="start",
        title=_("Beispiel: Beginn der Maßnahme %(code)s") % {"code": code},
        subjects=(code,),
        reason=_("Erfunden: zeigt, wie ein Beschluss mit den Daten von damals aussieht."),
        public_text=_("Erfunden: Die Maßnahme soll beginnen."),
    )
    draft = decisions.submit_draft(ACTOR, decisions.prepare_decision(ACTOR, wording, is_example=True).pk)
    decisions.decide(head if head.can(DECIDE) else ACTOR, draft.pk, draft.view_sha256)


def _check(code: str) -> None:
    for number, one in enumerate(questions()):
        answer = AnswerChoice.NO if number == 1 else AnswerChoice.YES
        checklist.answer_check(
            ACTOR,
            code,
            Gate.DECISION,
            one.principle,
            one.place,
            answer,
            reason=_("Erfunden"),
            is_example=True,
        )


def _survey() -> None:
    today = timezone.localdate()
    codes = [one.code for one in strategy.list_indicators() if strategy.own_keys(one.code)][:20]
    if codes:
        key_date = date(today.year, today.month, 1) - timedelta(days=1)
        if not SurveyRound.objects.filter(key_date=key_date).exists():
            rounds.open_round(ACTOR, key_date, _("Beispiel: Erhebung"), codes, is_example=True)


def _meet(code: str) -> None:
    circle = body_of_kind(BodyKind.STEERING_GROUP)
    if circle is None:
        return
    day = timezone.localdate() - timedelta(days=7)
    meeting = meetings.plan_meeting(ACTOR, circle.key, day, _("Beispiel: Sitzung"), is_example=True)
    item = meetings.put_item(ACTOR, meeting.pk, "measure", _("Sachstand"), code)
    meetings.write_minutes(
        ACTOR, meeting.pk, _("Erfunden: Der Sachstand wurde besprochen."), {item.pk: _("Zur Kenntnis")}
    )
    meetings.release_minutes(ACTOR, meeting.pk)


def _tell(people: dict[str, User], code: str) -> None:
    guide = Actor.for_user(people["strategy-guide"])
    told = ideas.tell_idea(
        guide if guide.can(TELL) else ACTOR,
        "obstacle",
        _("Beispiel: Formulare kommen per Fax"),
        _("Erfunden: Das kostet uns Zeit."),
        code,
        is_example=True,
    )
    ideas.answer_idea(ACTOR, told.pk, "taken_up", _("Erfunden: Wir prüfen das mit den Beteiligten."))
    fields = list(strategy.content_at().fields)[:2]
    if fields:
        sector = alignment.link_sector(ACTOR, CITY, _("Beispiel: Fachstrategie"), fields, is_example=True)
        alignment.confirm_alignment(ACTOR, sector.pk, fields[0], "aligned")
