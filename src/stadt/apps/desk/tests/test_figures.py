"""Workload and quality: what is open with whom, and how a period went."""

from django.utils import timezone

from stadt.apps.desk.tests.office import HOME, SYSTEM, Office, said
from stadt.civic.cases import services
from stadt.civic.cases.models import Case

FIGURES = f"{HOME}auslastung/"


def test_open_work_is_told_by_person_and_team(office: Office) -> None:
    case = office.case()
    office.case("Zweite")
    services.assign_case(SYSTEM, case.pk, organisation_id=office.team.pk, assignee_id=office.clerk.user.pk)
    context = office.clerk.client.get(FIGURES).context
    rows = {(row["person"], row["team"]): row["open"] for row in context["load"].rows}
    assert rows == {("Clerk", "Grünpflege"): 1, ("noch niemand", "Grünpflege"): 1}
    assert context["open"] == 2


def test_a_period_is_told_by_team_and_category(office: Office) -> None:
    case = office.case()
    services.move_case(SYSTEM, case.pk, "cut")
    context = office.clerk.client.get(FIGURES, {"tage": "90"}).context
    (team,) = context["teams"].rows
    assert (team["name"], team["closed"], team["in_time"]) == ("Grünpflege", 1, 100)
    (category,) = context["categories"].rows
    assert (category["name"], category["closed"]) == ("Hecke wächst auf den Weg", 1)


def test_each_deadline_is_told_in_the_days_that_its_type_counts(office: Office) -> None:
    text = said(office.clerk.client.get(FIGURES))
    assert "Arbeitstage bei: Hecke melden." in text
    assert "alle Tage des Kalenders bei: Erlaubnis beantragen." in text
    permit = services.open_case(SYSTEM, "permit", title="Fest").case
    services.assign_case(SYSTEM, permit.pk, organisation_id=office.team.pk)
    assert permit.due_at is not None
    days = (timezone.localdate(permit.due_at) - timezone.localdate()).days
    assert f"noch {days} Tage" in said(office.clerk.client.get(f"{HOME}{permit.reference}/"))


def test_other_teams_are_not_counted(office: Office) -> None:
    office.case()
    answer = office.stranger.client.get(FIGURES)
    assert answer.context["open"] == 0
    assert "Grünpflege" not in said(answer)


def test_figures_over_invented_cases_say_so(office: Office) -> None:
    case = office.case()
    assert "erfundene Vorgänge" not in said(office.clerk.client.get(FIGURES))
    Case.objects.filter(pk=case.pk).update(is_example=True)
    assert "erfundene Vorgänge" in said(office.clerk.client.get(FIGURES))
    assert "erfundene Vorgänge" not in said(office.stranger.client.get(FIGURES))
