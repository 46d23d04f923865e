"""The pages of those who steer, forged forms, and what everybody sees."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from stadt.apps.steering import services
from stadt.apps.steering.forms import TargetForm
from stadt.apps.steering.lines import today
from stadt.apps.steering.models import Answer, EarlyWarning, Evaluation, InfluenceCheck, Target
from stadt.apps.steering.presentation import shown_verdict
from stadt.apps.steering.public import verdict_of
from stadt.apps.steering.rows import target_rows, verdict_rows
from stadt.apps.steering.states import EvaluationState, Outcome, TargetState
from stadt.apps.steering.tests.test_warnings import JOB, slipping
from stadt.apps.steering.tests.town import BACKEND, CODE, DAY, KEYS, MEASURE, Town, check, draft
from stadt.core.people.models import User
from stadt.core.tests.people import acting

DUE = date(2028, 12, 31)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def target_form(**more: object) -> dict[str, object]:
    fields = {
        "code": CODE, "measure": "", "low": "60,5", "high": "", "measuring": "value", "tolerance": "",
        "due": "2028-12-31", "base_value": "40", "base_on": "2024-12-31", "path": "31.12.2026; 50,5;",
        "valid_from": "2025-01-01", "frame": "", "reason": "So wollen wir es.",
    }  # fmt: skip
    return {**fields, **more}


def test_a_target_is_proposed_and_decided_by_two_people(town: Town) -> None:
    town.give(40.0, 45.0, 50.0, 55.0, first=2022)
    answer = browser(town.staff).post(reverse("steering:target_new"), target_form())
    [target] = Target.objects.all()
    page = reverse("steering:target", args=[target.pk])
    assert answer["Location"] == page
    assert (target.low, target.path) == (60.5, [{"on": "2026-12-31", "low": 50.5, "high": None}])
    assert "andere Person" in text(browser(town.staff).get(page))
    assert 'value="decide"' not in text(browser(town.staff).get(page))
    decided = browser(town.board).post(page, {"step": "decide", "reference": "Vorlage 26/1"}, follow=True)
    assert "Neuer Zustand: beschlossen." in text(decided)
    shown = text(browser(town.owner).get(page))
    assert "<svg" in shown
    assert "mindestens 60,5" in shown
    assert "Vorhersage" in shown


@pytest.mark.parametrize(
    ("said", "number"),
    [("10.000", 10_000.0), ("1.234,5", 1234.5), ("1234.5", 1234.5), ("0.125", 0.125), ("−3", -3.0)],
)
def test_a_bound_is_read_as_people_write_it(town: Town, said: str, number: float) -> None:
    form = TargetForm(target_form(low=said, path=f"31.12.2026; {said};"))
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["low"], form.cleaned_data["path"][0][1]) == (number, number)


def test_a_revision_begins_with_the_numbers_of_the_target(town: Town) -> None:
    path = ((date(2026, 12, 31), 0.125, 1.125),)
    target = town.decided(low=1.125, high=12345.678, base_value=0.5, base_on=date(2024, 12, 31), path=path)
    staff, address = browser(town.staff), f"{reverse('steering:target_new')}?fassung_von={target.pk}"
    shown = {field.name: field.value() for field in staff.get(address).context["form"]}
    sent = {name: value for name, value in shown.items() if value not in {None, False}}
    assert staff.post(address, {**sent, "reason": "Anderer Grund."}).status_code == 302
    again = Target.objects.order_by("-pk")[0]
    for name in ("low", "high", "base_value", "path", "tolerance"):
        assert getattr(again, name) == getattr(target, name)


@pytest.mark.parametrize(
    "form",
    [
        {"code": "K9"}, {"low": "viel"}, {"low": "", "high": ""}, {"due": "morgen"}, {"path": "gestern"},
        {"path": "31.12.2026; a; b"}, {"measuring": "böse"}, {"reason": ""}, {"valid_from": "2030-01-01"}, {"low": "nan"},
    ],
)  # fmt: skip
def test_a_forged_proposal_is_shown_again_with_its_fault(town: Town, form: dict[str, object]) -> None:
    answer = browser(town.staff).post(reverse("steering:target_new"), target_form(**form))
    assert answer.status_code == 422
    assert not Target.objects.exists()


def test_a_forged_decision_decides_nothing(town: Town) -> None:
    target = services.propose_target(acting(town.staff), draft())
    page = reverse("steering:target", args=[target.pk])
    assert browser(town.staff).post(page, {"step": "decide", "reference": "x"}).status_code == 403
    assert browser(town.owner).post(page, {"step": "withdraw"}).status_code == 403
    assert browser(town.board).post(page, {"step": "enact", "reference": "x"}).status_code == 400
    assert browser(town.board).post(page, {"step": "decide", "reference": ""}).status_code == 422
    target.refresh_from_db()
    assert target.state == TargetState.PROPOSED


def test_a_measure_is_evaluated_by_two_people(town: Town) -> None:
    """M-13: the whole way through the pages."""
    town.give(65.0, first=2025)
    town.decided()
    staff, page = browser(town.staff), reverse("steering:measure", args=[MEASURE])
    proposal = {"outcome": "successful", "on": DAY.isoformat(), "reason": "Erreicht."}
    assert staff.post(reverse("steering:evaluate", args=[MEASURE]), proposal).status_code == 302
    assert "Es fehlt noch etwas" in text(staff.get(page))
    influences = {
        "summary": "Wenig", "talked_with": "Amt", "side_0": "outside", "what_0": "Förderung", "effect_0": "helped",
        "evidence_0": "Bescheid",
    }  # fmt: skip
    assert staff.post(reverse("steering:check", args=[MEASURE]), influences).status_code == 302
    [evaluation] = Evaluation.objects.all()
    decision = {"evaluation": evaluation.pk, "step": "confirm", "note": ""}
    assert staff.post(page, decision).status_code == 422
    assert town.recorded == []
    assert "Neuer Zustand: bestätigt." in text(browser(town.other_staff).post(page, decision, follow=True))
    assert [code for code, _outcome, _who in town.recorded] == [MEASURE]


def test_forged_evaluations_change_nothing(town: Town) -> None:
    town.give(65.0, first=2025)
    town.decided()
    check(acting(town.staff))
    kept = services.propose_evaluation(acting(town.staff), MEASURE, Outcome.SUCCESSFUL, DAY, "Erreicht.")
    page, other = reverse("steering:measure", args=[MEASURE]), browser(town.other_staff)
    for form, status in (
        ({"evaluation": "x", "step": "confirm"}, 404),
        ({"evaluation": 10**30, "step": "confirm"}, 404),
        ({"evaluation": kept.pk, "step": "win"}, 400),
        ({"evaluation": kept.pk, "step": "refuse", "note": ""}, 422),
    ):
        assert other.post(page, form).status_code == status
    assert browser(town.owner).post(page, {"evaluation": kept.pk, "step": "confirm"}).status_code == 403
    kept.refresh_from_db()
    assert kept.state == EvaluationState.PROVISIONAL
    assert other.get(reverse("steering:measure", args=["M-9.9.9"])).status_code == 404


def test_the_rule_of_a_measure_is_set_by_form(town: Town) -> None:
    form = {"rule": "weighted", "main": CODE, "weights": f"{CODE}; 2,5", "needed": "60", "reason": "So."}
    address = reverse("steering:rule", args=[MEASURE])
    assert browser(town.staff).post(address, form).status_code == 302
    assert "2.5" in text(browser(town.staff).get(address)) or "2,5" in text(browser(town.staff).get(address))
    assert browser(town.staff).post(address, {**form, "weights": "K1; viel"}).status_code == 422
    assert browser(town.owner).post(address, form).status_code == 403


def test_a_warning_is_answered_on_its_page(town: Town) -> None:
    services.sweep_warnings(JOB, slipping())
    warning = EarlyWarning.objects.get()
    page = reverse("steering:warning", args=[warning.pk])
    assert "Meine Aufgaben" in text(browser(town.owner).get(reverse("steering:overview")))
    assert "Warnung beantworten" in text(browser(town.owner).get(reverse("steering:overview")))
    until = (today() + timedelta(days=20)).isoformat()
    form = {"kind": "action", "text": "Wir holen auf.", "until": until, "public_text": "Es geht weiter."}
    assert browser(town.owner).post(page, {**form, "kind": "ignore"}).status_code == 422
    assert browser(town.owner).post(page, {**form, "until": ""}).status_code == 422
    assert browser(town.owner).post(page, form).status_code == 302
    assert Answer.objects.get().answered_by == town.owner
    assert "Wir holen auf." in text(browser(town.owner).get(page))
    assert "Warnung beantworten" not in text(browser(town.owner).get(reverse("steering:overview")))


def test_the_cockpit_is_filtered_and_refuses_nonsense(town: Town) -> None:
    town.give(50.0, first=2025)
    town.decided()
    staff, address = browser(town.staff), reverse("steering:overview")
    assert "1 Soll-Wert gefunden" in text(staff.get(address))
    assert "0 Soll-Werte gefunden" in text(staff.get(address, {"urteil": "in_range"}))
    assert staff.get(address, {"urteil": "'; DROP"}).status_code == 400
    for query in ({"seite": "x"}, {"zustand": "\x00"}, {"zustand": "cleared"}):
        assert staff.get(reverse("steering:warnings"), query).status_code == 200
    for odd in ("\x00", "1" * 30, "-1", "x"):
        assert staff.get(reverse("steering:target_new"), {"fassung_von": odd}).status_code == 200


def test_without_a_target_the_cockpit_says_what_to_do(town: Town) -> None:
    shown = text(browser(town.staff).get(reverse("steering:overview")))
    assert "Noch kein Soll beschlossen" in shown
    assert "Nichts wartet auf Sie" in shown


# -- rights (R-01 … R-14) and what is public ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "page", "status"),
    [
        ("owner", "overview", 200), ("owner", "target_new", 403), ("staff", "target_new", 200),
        ("board", "overview", 200), ("board", "target_new", 403), ("stranger", "overview", 403),
        ("stranger", "warnings", 403), ("stranger", "target_new", 403),
    ],
)  # fmt: skip
def test_each_role_opens_its_own_pages(town: Town, role: str, page: str, status: int) -> None:
    assert browser(getattr(town, role)).get(reverse(f"steering:{page}")).status_code == status


def test_the_public_sees_decided_targets_and_nothing_else(town: Town, client: Client) -> None:
    """M-20: no proposals, no reasons, no names, no warnings, no provisional evaluations."""
    town.give(50.0, first=2025)
    services.propose_target(acting(town.staff), draft(reason="Geheimer Grund", low=77.0))
    decided = town.decided(reason="Interne Begründung")
    check(acting(town.staff))
    services.propose_evaluation(acting(town.staff), MEASURE, Outcome.PARTLY, DAY, "Interne Bewertung")
    services.sweep_warnings(JOB, slipping())
    told = [
        text(client.get(address))
        for address in ("/api/v1/steering/targets", "/api/v1/steering/verdicts", "/strategie/")
    ]
    told += [str(list(target_rows())), str(list(verdict_rows()))]
    for secret in ("Geheim", "Intern", "77", "Staff", "Board", "Owner", "stadt.example", "dependency_slip"):
        assert all(secret not in one for one in told), secret
    assert f'"target": {decided.pk}' in told[0]
    assert '"verdict": "outside"' in told[1]


def test_the_interface_answers_for_one_code_and_refuses_unknown_ones(town: Town, client: Client) -> None:
    town.decided()
    assert len(client.get("/api/v1/steering/targets", {"code": CODE}).json()["targets"]) == 1
    assert client.get("/api/v1/steering/verdicts", {"code": MEASURE}).json()["verdicts"] == []
    for code in ("K9.9-9", "\x00", "'"):
        assert client.get("/api/v1/steering/targets", {"code": code}).status_code == 404
    assert client.post("/api/v1/steering/targets").status_code in {401, 405}


def test_the_pages_of_the_strategy_tell_it_in_plain_words(town: Town, client: Client) -> None:
    from stadt.apps.steering import panels

    town.give(65.0, first=2025)
    town.decided()
    services.sweep_warnings(JOB, slipping())
    answer = {"text": "Intern.", "public_text": "Die Stadt baut nach."}
    services.answer_warning(acting(town.owner), EarlyWarning.objects.get().pk, "accept", **answer)  # type: ignore[arg-type]

    class Match:
        kwargs = {"code": MEASURE}

    request = type("Request", (), {"resolver_match": Match})()
    told = panels.measure(request)
    assert [one.step for one in told["verdicts"]] == ["im Soll"]
    assert [text for _day, text in told["answers"]] == ["Die Stadt baut nach."]
    assert told["evaluation"] is None


def test_on_the_way_the_public_reads_the_goal_and_what_holds_now(town: Town) -> None:
    """M-11: the range of a point of the path is never told as what is to be reached by the day of evaluation."""
    town.give(30.0, first=2025)
    town.decided(path=((date(2024, 12, 31), 20.0, None), (date(2026, 12, 31), 40.0, None)))
    shown = " ".join(
        render_to_string("steering/_verdict.html", {"shown": shown_verdict(verdict_of(CODE, DAY))}).split()
    )
    assert (
        "mindestens 60,0 % bis 31.12.2028; auf dem Weg dahin gilt für diesen Stand: mindestens 30,0 %"
        in shown
    )


def test_examples_are_never_counted(town: Town) -> None:
    from stadt.apps.steering import demo, panels
    from stadt.apps.steering.tests.town import yearly

    town.values = {
        key: [yearly(code, year, 50.0, simulated=True) for year in (2023, 2024, 2025)]
        for code, key in KEYS.items()
    }
    demo.fill(lambda _text: None)
    demo.fill(lambda _text: None)
    told = panels.overview(type("Request", (), {})())
    assert (told["target_count"], told["example_count"]) == (0, 2)
    assert {row["example"] for row in target_rows()} == {True}
    demo.clear()
    assert not Target.objects.exists()
    assert not InfluenceCheck.objects.exists()
