"""The principles as a checklist, and what is missing before a measure starts (M-10)."""

from typing import Any

import pytest
from django.test import Client

from stadt.apps.governance import strategy
from stadt.apps.governance.kinds import AnswerChoice, BodyKind, Gate
from stadt.apps.governance.models import Body, ChecklistAnswer, Decision
from stadt.apps.governance.principles import questions
from stadt.apps.governance.queries import gate as gates
from stadt.apps.governance.queries.checklist import is_complete, lines_of, partners_without_answers
from stadt.apps.governance.queries.gate import GateState, gate_of
from stadt.apps.governance.rights import CHECK, SEE
from stadt.apps.governance.services import checklist as services
from stadt.apps.strategy import public as teams
from stadt.core.errors import Forbidden, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.services import ensure_foundations

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def codes() -> list[str]:
    ensure_foundations()
    Organisation.objects.create(key="werke", name="Stadtwerke", parent=Organisation.objects.get(key="stadt"))
    return [measure.code for measure in strategy.list_measures()[:2]]


def person(name: str, *keys: str) -> User:
    user = User.objects.create_user(email=f"{name}@example.org", name=name)
    if keys:
        role = Role.objects.create(key=f"role-{name}", title=name, permissions=list(keys))
        Membership.objects.create(user=user, role=role, organisation=Organisation.objects.get(key="stadt"))
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def answer_all(actor: Actor, code: str, gate: str = Gate.START, answer: str = AnswerChoice.YES) -> None:
    for one in questions():
        services.answer_check(actor, code, gate, one.principle, one.place, answer, reason="Darum")


def state_of(code: str, key: str) -> GateState:
    readiness = gate_of(code)
    assert readiness is not None
    return next(item.state for item in readiness.items if item.key == key)


# -- checklist -----------------------------------------------------------------------------------------------------


def test_the_questions_cover_every_principle_of_the_strategy() -> None:
    """P-1 to P-6, as the strategy has them."""
    assert {one.principle for one in questions()} == set(strategy.content_at().principles)


def test_the_newest_answer_counts_and_older_ones_stay(codes: list[str]) -> None:
    answer_all(SYSTEM, codes[0])
    first = questions()[0]
    services.answer_check(
        SYSTEM, codes[0], Gate.START, first.principle, first.place, "no", reason="Es fehlt Geld"
    )
    lines = lines_of(codes[0], Gate.START)
    assert is_complete(lines)
    assert (lines[0].answer, lines[0].reason) == (AnswerChoice.NO, "Es fehlt Geld")
    assert ChecklistAnswer.objects.count() == len(questions()) + 1
    assert not is_complete(lines_of(codes[0], Gate.DECISION))
    assert not is_complete(lines_of(codes[1], Gate.START))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answer": "maybe"}, "answer"),
        ({"answer": "no", "reason": " "}, "reason"),
        ({"gate": "heaven"}, "gate"),
        ({"evidence_url": "javascript:1"}, "evidence_url"),
        ({"reason": "x" * 1001}, "reason"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_its_field(
    codes: list[str], changes: dict[str, Any], field: str
) -> None:
    first = questions()[0]
    asked: dict[str, Any] = {
        "code": codes[0],
        "gate": Gate.START,
        "principle": first.principle,
        "place": 0,
        "answer": "yes",
    }
    with pytest.raises(Invalid) as refused:
        services.answer_check(SYSTEM, **{**asked, **changes})
    assert refused.value.fields[0].field == field
    for wrong in ({"code": "M-0.0.0"}, {"place": 99}, {"principle": "P-99"}):
        with pytest.raises(NotFound):
            services.answer_check(SYSTEM, **{**asked, **wrong})
    assert not ChecklistAnswer.objects.exists()


def test_an_answer_to_a_question_that_reads_otherwise_now_does_not_count(codes: list[str]) -> None:
    answer_all(SYSTEM, codes[0])
    ChecklistAnswer.objects.filter(principle="P-1").update(question="Früher anders gefragt")
    lines = lines_of(codes[0], Gate.START)
    assert {line.question.principle for line in lines if line.answer is None} == {"P-1"}


def test_partners_answer_for_themselves(codes: list[str]) -> None:
    """The document obliges partners too: an external member's answers are the partner's."""
    partner = person("partner")
    teams.name_partner(SYSTEM, codes[0], "werke", "operator")
    teams.add_member(SYSTEM, codes[0], partner.pk, "external", "werke")
    answer_all(SYSTEM, codes[0])
    assert partners_without_answers(codes[0], Gate.START) == ["Stadtwerke"]
    answer_all(Actor.for_user(partner), codes[0], answer=AnswerChoice.NOT_APPLICABLE)
    assert partners_without_answers(codes[0], Gate.START) == []
    assert {line.answer for line in lines_of(codes[0], Gate.START)} == {AnswerChoice.YES}
    with pytest.raises(Forbidden):
        answer_all(Actor.for_user(partner), codes[1])


# -- gate ----------------------------------------------------------------------------------------------------------


def test_scoring_is_shown_as_not_available_and_holds_nothing_up(codes: list[str]) -> None:
    """M-10 a."""
    assert state_of(codes[0], "scored") is GateState.NOT_AVAILABLE


def test_a_target_or_a_stated_reason_is_asked_for(codes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """M-10 b."""
    measure = next(one for one in strategy.list_measures() if one.indicator_codes)
    monkeypatch.setattr(gates, "_has_target", [])
    assert state_of(measure.code, "targets") is GateState.OPEN
    monkeypatch.setattr(gates, "_has_target", [lambda code: code == measure.indicator_codes[0]])
    assert state_of(measure.code, "targets") is GateState.DONE
    monkeypatch.setattr(gates, "_has_target", [])
    services.give_gate_reason(SYSTEM, measure.code, "Vorversuch")
    assert state_of(measure.code, "targets") is GateState.DONE


def test_funding_is_secured_only_where_every_source_is_granted(codes: list[str]) -> None:
    """M-10 c: what the printed strategy says is never taken for granted money."""
    assert {gates._funding(one).state for one in strategy.list_measures()} == {GateState.OPEN}


def test_team_checklist_and_decision_are_asked_for(codes: list[str]) -> None:
    """M-10 d, e, f."""
    code = codes[0]
    assert [state_of(code, key) for key in ("team", "checklist", "decision")] == [GateState.OPEN] * 3
    teams.add_member(SYSTEM, code, person("lead").pk, "lead", "stadt")
    answer_all(SYSTEM, code)
    body = Body.objects.create(key="v", kind=BodyKind.BOARD, name="V")
    first = Decision.objects.create(
        body=body, kind="start", subjects=[code], title="T", decided_on="2026-01-01", view="{}"
    )
    assert [state_of(code, key) for key in ("team", "checklist", "decision")] == [GateState.DONE] * 3
    Decision.objects.create(
        body=body, kind="stop", subjects=[code], title="Doch nicht", decided_on="2026-01-02", corrects=first
    )
    assert state_of(code, "decision") is GateState.OPEN
    readiness = gate_of(code)
    assert readiness is not None
    assert not readiness.is_ready
    assert gate_of("M-0.0.0") is None


# -- pages ---------------------------------------------------------------------------------------------------------


def test_the_page_is_for_insiders_and_the_team_alone(codes: list[str], client: Client) -> None:
    """R-11."""
    member = person("member")
    teams.add_member(SYSTEM, codes[0], member.pk, "external", "werke")
    own, other = (f"/gremien/massnahmen/{code}/" for code in codes)
    assert client.get(own).status_code == 302
    assert browser(person("nobody")).get(own).status_code == 404
    assert browser(member).get(own).status_code == 200
    assert browser(member).get(other).status_code == 404
    first = questions()[0]
    sent = {"question": f"{first.principle}:{first.place}", "answer": "yes"}
    assert browser(member).post(other, sent).status_code == 404
    assert browser(person("insider", SEE.key)).get(other).status_code == 200


def test_answers_are_given_on_the_page_and_a_no_needs_its_reason(codes: list[str], client: Client) -> None:
    checker = browser(person("checker", CHECK.key))
    address = f"/gremien/massnahmen/{codes[0]}/?pruefung=decision"
    first = questions()[0]
    sent = {"question": f"{first.principle}:{first.place}", "answer": "no"}
    refused = checker.post(address, sent)
    assert refused.status_code == 422
    assert "Diese Angabe fehlt" in refused.content.decode()
    assert checker.post(address, {**sent, "reason": "Geheimer Grund"}).status_code == 302
    assert "Geheimer Grund" in checker.get(address).content.decode()
    for wrong in ("", "P-1", "P-1:x", "P-1:99999999999999999999", ":"):
        assert checker.post(address, {**sent, "question": wrong, "reason": "x"}).status_code in {404, 422}
    public = client.get(f"/strategie/massnahmen/{codes[0]}/").content.decode()
    assert "Geprüft an den Grundsätzen" in public
    assert "Geheimer Grund" not in public
    assert "checker" not in public


def test_only_who_checks_states_a_reason(codes: list[str]) -> None:
    address = f"/gremien/massnahmen/{codes[0]}/"
    assert browser(person("insider", SEE.key)).post(address, {"reason": "x"}).status_code == 403
    assert browser(person("checker", CHECK.key)).post(address, {"reason": "Vorversuch"}).status_code == 302
    assert state_of(codes[0], "targets") is GateState.DONE
