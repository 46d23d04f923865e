"""The administrators' pages about people, used as a browser without JavaScript uses them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stadt.apps.people.tests.hall import Hall, browser_of, build_hall
from stadt.core.people.models import (
    ApiToken,
    Deputyship,
    Invitation,
    Membership,
    Organisation,
    Role,
    User,
)

pytestmark = pytest.mark.django_db
TOMORROW = "2099-01-01"


@pytest.fixture
def hall() -> Hall:
    return build_hall()


@pytest.fixture
def chief(hall: Hall) -> Client:
    return browser_of(hall.chief)


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_the_list_names_people_with_role_and_state(chief: Client) -> None:
    page = text_of(chief.get(reverse("people:persons")))
    assert "4 Menschen" in page
    assert "Leserin, Team Luft" in page
    assert "Administration, Amt für Umwelt" in page


def test_umlauts_stand_where_a_german_looks_for_them(hall: Hall, chief: Client) -> None:
    for name in ("Zander", "Özil", "Osman", "Ähre"):
        User.objects.create_user(f"{name.lower()}@stadt.example", name=name)
    names = [row["name"].text for row in chief.get(reverse("people:persons")).context["rows"]]
    assert names == ["Ähre", "Chief", "Clerk", "Head", "Osman", "Other", "Özil", "Zander"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "CLERK stadt.ex"}, {"Clerk"}),
        ({"organisation": "amt"}, {"Clerk", "Head"}),
        ({"rolle": "leser"}, {"Clerk", "Other"}),
        ({"konto": "inactive"}, set()),
        ({"q": "%"}, set()),
    ],
)
def test_the_list_is_narrowed(chief: Client, query: dict[str, str], found: set[str]) -> None:
    rows = chief.get(reverse("people:persons"), query).context["rows"]
    assert {row["name"].text for row in rows} == found


def test_three_thousand_people_cost_as_many_queries_as_fifty(hall: Hall, chief: Client) -> None:
    def queries(page: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            answer = chief.get(reverse("people:persons"), {"seite": page})
            assert answer.status_code == 200
        return len(seen)

    queries(1)  # the first page of a session also notes the session
    few = queries(1)
    made = User.objects.bulk_create(
        User(email=f"p{number}@stadt.example", name=f"Person {number:04}") for number in range(3000)
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=hall.reader, organisation=hall.office) for user in made
    )
    assert queries(1) == queries(30) == few
    assert few <= 20
    assert len(chief.get(reverse("people:persons"), {"seite": 30}).context["rows"]) == 50


def test_a_role_is_given_until_a_day_and_ended(hall: Hall, chief: Client) -> None:
    page = reverse("people:person", args=[hall.clerk.pk])
    data = {"role": "leser", "organisation": "werk", "until": in_days(3)}
    assert chief.post(reverse("people:role_grant", args=[hall.clerk.pk]), data).status_code == 302
    held = Membership.objects.get(user=hall.clerk, organisation=hall.works)
    assert held.until is not None
    assert timezone.localdate(held.until - timedelta(seconds=1)) == timezone.localdate() + timedelta(days=3)
    assert "Leserin Stadtwerke" in text_of(chief.get(page))
    chief.post(reverse("people:role_end", args=[hall.clerk.pk, held.pk]))
    assert not Membership.objects.filter(pk=held.pk).exists()


@pytest.mark.parametrize("until", ["1999-01-01", "0001-01-01", "9999-12-31", "morgen"])
def test_an_impossible_end_is_refused_beside_its_field(hall: Hall, chief: Client, until: str) -> None:
    url = reverse("people:role_grant", args=[hall.clerk.pk])
    answer = chief.post(url, {"role": "leser", "organisation": "werk", "until": until})
    assert answer.status_code == 422
    assert "until" in answer.context["role_form"].errors
    assert Membership.objects.filter(user=hall.clerk).count() == 1


def test_an_account_is_taken_out_of_use_and_its_sessions_end_at_once(hall: Hall, chief: Client) -> None:
    clerk = browser_of(hall.clerk)
    assert clerk.get("/konto/").status_code == 200
    chief.post(reverse("people:deactivate", args=[hall.clerk.pk]))
    assert clerk.get("/konto/").status_code == 302
    page = text_of(chief.get(reverse("people:person", args=[hall.clerk.pk])))
    assert "Dieses Konto ist stillgelegt" in page
    chief.post(reverse("people:reactivate", args=[hall.clerk.pk]))
    assert User.objects.get(pk=hall.clerk.pk).is_active


def test_the_last_administrator_is_told_why_the_role_stays(hall: Hall, chief: Client) -> None:
    held = Membership.objects.get(user=hall.chief)
    answer = chief.post(reverse("people:role_end", args=[hall.chief.pk, held.pk]), follow=True)
    assert "niemanden mehr, der die Stadt auf Dauer verwaltet" in text_of(answer)
    assert Membership.objects.filter(pk=held.pk).exists()


def test_organisations_stand_as_a_tree_and_grow_move_and_go(chief: Client) -> None:
    tree = chief.get(reverse("people:organisations")).context["tree"]
    assert [[two.branch.organisation.key for two in one.below] for one in tree] == [["amt", "werk"]]
    url = reverse("people:organisation", args=["team"])
    chief.post(url, {"do": "create", "create-name": "Messnetz Ä"})
    made = Organisation.objects.get(key="messnetz-ae")
    chief.post(url, {"do": "move", "move-parent": "werk"})
    chief.post(url, {"do": "rename", "rename-name": "Team Klima"})
    team = Organisation.objects.get(key="team")
    assert (team.name, team.parent and team.parent.key, made.parent_id) == ("Team Klima", "werk", team.pk)
    refused = chief.post(url, {"do": "remove"}, follow=True)
    assert "Hier haben noch Menschen eine Rolle" in text_of(refused)
    chief.post(reverse("people:organisation", args=["messnetz-ae"]), {"do": "remove"})
    assert not Organisation.objects.filter(key="messnetz-ae").exists()


def test_an_organisation_is_not_offered_a_place_below_itself(chief: Client) -> None:
    url = reverse("people:organisation", args=["amt"])
    offered = chief.get(url).context["forms"]["move"].fields["parent"].choices
    assert [key for key, _name in offered] == ["stadt", "werk"]
    assert chief.post(url, {"do": "move", "move-parent": "team"}).status_code == 422
    assert chief.post(reverse("people:organisation", args=["stadt"]), {"do": "move"}).status_code == 404


def test_a_role_is_made_changed_and_removed_in_plain_words(chief: Client) -> None:
    answer = chief.post(
        reverse("people:role_new"), {"title": "Auswertung", "area_core": ["core.read_metrics"]}
    )
    assert answer["Location"] == reverse("people:role", args=["auswertung"])
    page = text_of(chief.get(answer["Location"]))
    assert "Zurzeit niemand" in page
    chief.post(answer["Location"], {"title": "Auswertung", "area_core": ["core.manage_tokens"]})
    assert Role.objects.get(key="auswertung").permissions == ["core.manage_tokens"]
    chief.post(answer["Location"], {"do": "remove"})
    assert not Role.objects.filter(key="auswertung").exists()
    forged = chief.post(reverse("people:role", args=["administrator"]), {"title": "x"})
    assert forged.status_code == 403


def test_a_token_is_shown_once_listed_and_revoked(hall: Hall, chief: Client) -> None:
    data = {
        "title": "Auszug", "organisation": "amt", "expires_on": in_days(30), "area_core": ["core.read_metrics"],
    }  # fmt: skip
    answer = chief.post(reverse("people:token_new"), data)
    secret = re.search(r'value="(stadt_[^"]+)"', answer.content.decode())
    assert secret
    assert "no-store" in answer["Cache-Control"]
    listed = chief.get(reverse("people:tokens"))
    assert "Auszug" in text_of(listed)
    assert secret[1] not in listed.content.decode()
    token = ApiToken.objects.get(title="Auszug")
    chief.post(reverse("people:token_revoke", args=[token.pk]))
    token.refresh_from_db()
    assert not token.is_valid


def test_a_token_without_scope_or_beyond_two_years_is_refused(chief: Client) -> None:
    data = {"title": "Auszug", "organisation": "amt", "expires_on": in_days(30)}
    assert chief.post(reverse("people:token_new"), data).status_code == 422
    late = data | {"expires_on": in_days(900), "area_core": ["core.read_metrics"]}
    answer = chief.post(reverse("people:token_new"), late)
    assert "expires_on" in answer.context["form"].errors
    assert not ApiToken.objects.exists()


def test_a_person_names_a_deputy_and_either_of_them_ends_it(hall: Hall) -> None:
    clerk, url = browser_of(hall.clerk), reverse("people:deputies")
    data = {"deputy": "other@stadt.example", "organisation": "team", "until": in_days(7)}
    assert clerk.post(url, data).status_code == 302
    made = Deputyship.objects.get()
    assert "Sie vertreten Clerk in Team Luft" in text_of(browser_of(hall.other).get("/konto/"))
    assert browser_of(hall.head).post(reverse("people:own_deputy_end", args=[made.pk])).status_code == 404
    browser_of(hall.other).post(reverse("people:own_deputy_end", args=[made.pk]))
    assert not Deputyship.objects.exists()


def test_a_deputy_is_a_colleague_and_the_answer_tells_nothing_about_citizens(hall: Hall) -> None:
    User.objects.create_user("citizen@stadt.example")
    clerk = browser_of(hall.clerk)
    told = [
        clerk.post(
            reverse("people:deputies"), {"deputy": address, "organisation": "team", "until": in_days(7)}
        )
        .context["form"]
        .errors["deputy"]
        for address in ("citizen@stadt.example", "nobody@stadt.example")
    ]
    assert told[0] == told[1]
    assert not Deputyship.objects.exists()


def test_the_own_account_shows_roles_with_organisation_and_end(hall: Hall) -> None:
    page = text_of(browser_of(hall.clerk).get("/konto/"))
    assert "Ihre Rollen" in page
    assert "Leserin Team Luft" in page
    assert "ohne Ende" in page
    nobody = browser_of(User.objects.create_user("nobody@stadt.example"))
    assert "keine besondere Rolle" in text_of(nobody.get("/konto/"))


def test_an_invitation_is_mailed_with_a_link_to_this_city_only(chief: Client, settings: Any) -> None:
    data = {"email": "neu@stadt.example", "role": "leser", "organisation": "amt"}
    assert chief.post(reverse("people:invitations"), data, headers={"host": "localhost"}).status_code == 302
    (sent,) = mail.outbox
    assert sent.to == ["neu@stadt.example"]
    assert f"{settings.STADT.url}/einladung/" in sent.body
    assert "Leserin, Amt für Umwelt" in sent.body
    made = Invitation.objects.get()
    secret = re.search(r"/einladung/([^/\s]+)/", str(sent.body))
    assert secret
    assert secret[1] not in chief.get(reverse("people:invitations")).content.decode()
    chief.post(reverse("people:invitation_renew", args=[made.pk]))
    assert len(mail.outbox) == 2
    chief.post(reverse("people:invitation_revoke", args=[made.pk]))
    assert not Invitation.objects.exists()


def test_a_mail_that_does_not_leave_is_told_and_can_be_sent_again(
    chief: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    data = {"email": "neu@stadt.example", "role": "leser", "organisation": "amt"}
    answer = chief.post(reverse("people:invitations"), data, follow=True)
    assert "ging nicht hinaus" in text_of(answer)
    assert Invitation.objects.count() == 1
