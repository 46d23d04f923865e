"""One change for many cases: asked once more, told case by case, and what is refused harms no other."""

from stadt.apps.desk.tests.office import HOME, SYSTEM, Office, fresh, said
from stadt.civic.cases import services
from stadt.civic.cases.rights import READ
from stadt.civic.messages.queries import thread_of
from stadt.core.people.models import Membership, Role

BULK = f"{HOME}sammeln/"


def mailed(number: int) -> services.PartyData:
    """Somebody who wants mails."""
    return services.PartyData(name=f"Person {number}", email=f"p{number}@example.org")


def test_nothing_happens_before_it_is_confirmed(office: Office) -> None:
    cases = [office.case(f"Hecke {number}") for number in range(2)]
    sent = {
        "fall": [case.reference for case in cases],
        "was": "dringlichkeit",
        "priority": "1",
        "weiter": "1",
    }
    text = said(office.clerk.client.post(BULK, sent))
    assert "Das ändert 2 Vorgänge." in text
    assert {fresh(case).priority for case in cases} == {0}


def test_a_confirmed_change_is_made_for_each(office: Office) -> None:
    cases = [office.case(f"Hecke {number}") for number in range(2)]
    sent = {
        "fall": [case.reference for case in cases],
        "was": "dringlichkeit",
        "priority": "1",
        "sicher": "1",
    }
    text = said(office.clerk.client.post(BULK, sent))
    assert "2 Vorgänge sind geändert" in text
    assert {fresh(case).priority for case in cases} == {1}


def test_what_is_refused_says_why_and_the_rest_is_done(office: Office) -> None:
    good, foreign = office.case("Eigene Hecke"), office.case("Fremde Hecke", team=office.elsewhere)
    role = Role.objects.create(key="reads", title="Liest", permissions=[READ.key])
    Membership.objects.create(user=office.clerk.user, organisation=office.elsewhere, role=role)
    sent = {
        "fall": [good.reference, foreign.reference],
        "was": "dringlichkeit",
        "priority": "2",
        "sicher": "1",
    }
    answer = office.clerk.client.post(BULK, sent)
    assert [case.pk for case in answer.context["done"]] == [good.pk]
    assert [case.pk for case, _why in answer.context["refused"]] == [foreign.pk]
    assert "1 Vorgang blieb, wie er war" in said(answer)
    assert (fresh(good).priority, fresh(foreign).priority) == (2, 0)


def test_only_steps_that_fit_all_are_offered(office: Office) -> None:
    new, planned = office.case("Neue"), office.case("Geplante")
    services.move_case(SYSTEM, planned.pk, "plan", planned_for=fresh(planned).received_at.date())
    sent = {"fall": [new.reference, planned.reference], "was": "stand"}
    choices = office.clerk.client.post(BULK, sent).context["form"].fields["move_key"].choices
    assert [key for key, _title in choices] == ["ask", "cut"]


def test_a_step_asks_for_what_it_needs(office: Office) -> None:
    case = office.case()
    sent = {"fall": [case.reference], "was": "stand", "move_key": "plan", "sicher": "1"}
    assert office.clerk.client.post(BULK, sent).status_code == 422
    assert fresh(case).state == "new"


def test_a_text_for_many_is_shown_for_the_first_and_filled_for_each(office: Office) -> None:
    cases = [office.case(f"Hecke {number}", party=mailed(number)) for number in range(2)]
    cases.append(office.case("Hecke ohne Nachricht"))
    sent = {
        "fall": [case.reference for case in cases],
        "was": "stand",
        "move_key": "cut",
        "text": "Fertig: {reference}.",
    }
    asked = office.clerk.client.post(BULK, {**sent, "weiter": "1"})
    assert asked.context["preview"].text == f"Fertig: {cases[0].reference}."
    assert asked.context["told"] == 2
    assert f"Fertig: {cases[0].reference}." in said(asked)
    office.clerk.client.post(BULK, {**sent, "sicher": "1"})
    assert [thread_of(case.subject)[-1].message.text for case in cases] == [
        f"Fertig: {case.reference}." for case in cases
    ]


def test_a_placeholder_that_there_is_not_stops_all_of_them(office: Office) -> None:
    cases = [office.case(f"Hecke {number}") for number in range(2)]
    sent = {"fall": [case.reference for case in cases], "was": "stand", "move_key": "cut", "text": "{name}"}
    for go in ("weiter", "sicher"):
        answer = office.clerk.client.post(BULK, {**sent, go: "1"})
        assert answer.status_code == 422
        assert "{name}" in said(answer)
    assert {fresh(case).state for case in cases} == {"new"}


def test_cases_of_others_are_left_out_and_said_to_be_gone(office: Office) -> None:
    own, other = office.case(), office.case("Fremde", team=office.elsewhere)
    sent = {"fall": [own.reference, other.reference], "was": "dringlichkeit", "priority": "2", "sicher": "1"}
    answer = office.clerk.client.post(BULK, sent)
    assert "Fremde" not in said(answer)
    assert fresh(other).priority == 0
    assert fresh(own).priority == 2


def test_people_without_the_right_change_nothing(office: Office) -> None:
    case = office.case()
    sent = {"fall": [case.reference], "was": "dringlichkeit", "priority": "2", "sicher": "1"}
    for one in (office.reader, office.contractor, office.nobody):
        assert one.client.post(BULK, sent).status_code == 403
    assert fresh(case).priority == 0


def test_nothing_chosen_is_said(office: Office) -> None:
    for sent in ({}, {"fall": ["0000-0000"]}, {"fall": ["\0"], "was": "x"}):
        assert "Nichts ausgewählt" in said(office.clerk.client.post(BULK, sent))
