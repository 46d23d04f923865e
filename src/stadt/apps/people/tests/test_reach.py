"""Who administers one organisation sees and changes only what lies below it, whatever the browser sends."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stadt.apps.people.tests.hall import SYSTEM, Hall, browser_of, build_hall
from stadt.core.health import READ_METRICS
from stadt.core.people.models import (
    ApiToken,
    Deputyship,
    Invitation,
    Membership,
    Organisation,
    Role,
    User,
)
from stadt.core.people.services import grant_role, invite, name_deputy
from stadt.core.tokens import issue_token

pytestmark = pytest.mark.django_db
SOON = timedelta(days=5)
DAY = (timezone.localdate() + SOON).isoformat()


@pytest.fixture
def hall() -> Hall:
    return build_hall()


@pytest.fixture
def head(hall: Hall) -> Client:
    """The browser of the office's administrator."""
    return browser_of(hall.head)


def test_only_people_with_a_role_below_are_listed_and_only_those_roles_told(hall: Hall, head: Client) -> None:
    grant_role(SYSTEM, hall.clerk, "leser", "werk")
    rows = head.get(reverse("people:persons")).context["rows"]
    assert {row["name"].text: row["roles"] for row in rows} == {
        "Clerk": "Leserin, Team Luft",
        "Head": "Administration, Amt für Umwelt",
    }
    page = head.get(reverse("people:person", args=[hall.clerk.pk])).content.decode()
    assert "Team Luft" in page
    assert "Stadtwerke" not in page


def test_a_person_out_of_reach_is_as_if_there_were_none(hall: Hall, head: Client) -> None:
    def seen(pk: int) -> tuple[int, bytes]:
        address = reverse("people:person", args=[pk])
        answer = head.get(address)
        return answer.status_code, re.sub(
            rb"csrfmiddlewaretoken[^>]*", b"", answer.content.replace(address.encode(), b"")
        )

    unknown = seen(99999999)
    assert unknown[0] == 404
    assert [seen(person.pk) for person in (hall.other, hall.chief)] == [unknown, unknown]


def test_forged_requests_for_people_elsewhere_change_nothing(hall: Hall, head: Client) -> None:
    other, chief = hall.other.pk, hall.chief.pk
    held = Membership.objects.get(user=hall.other)
    before = list(Membership.objects.order_by("pk").values())
    forged = [
        (reverse("people:role_grant", args=[other]), {"role": "leser", "organisation": "amt"}),
        (reverse("people:role_grant", args=[hall.clerk.pk]), {"role": "leser", "organisation": "werk"}),
        (
            reverse("people:role_grant", args=[hall.head.pk]),
            {"role": "administrator", "organisation": "stadt"},
        ),
        (reverse("people:role_end", args=[other, held.pk]), {}),
        (reverse("people:role_end", args=[hall.clerk.pk, held.pk]), {}),
        (reverse("people:deactivate", args=[other]), {}),
        (reverse("people:deactivate", args=[chief]), {}),
        (
            reverse("people:deputy_name", args=[chief]),
            {"deputy": "head@stadt.example", "organisation": "stadt", "until": DAY},
        ),
    ]
    for address, data in forged:
        assert head.post(address, data).status_code in {403, 404, 422}, address
    assert list(Membership.objects.order_by("pk").values()) == before
    assert not User.objects.filter(is_active=False).exists()
    assert not Deputyship.objects.exists()


def test_an_account_that_also_works_elsewhere_is_not_taken_out_of_use(hall: Hall, head: Client) -> None:
    grant_role(SYSTEM, hall.clerk, "leser", "werk")
    answer = head.post(reverse("people:deactivate", args=[hall.clerk.pk]))
    assert answer.status_code == 403
    hall.clerk.refresh_from_db()
    assert hall.clerk.is_active


def test_organisations_elsewhere_are_neither_shown_nor_changed(hall: Hall, head: Client) -> None:
    page = head.get(reverse("people:organisations")).content.decode()
    assert "Team Luft" in page
    assert "Stadtwerke" not in page
    before = list(Organisation.objects.order_by("pk").values())
    for key in ("werk", "stadt"):
        url = reverse("people:organisation", args=[key])
        assert head.get(url).status_code == 404
        for data in (
            {"do": "rename", "rename-name": "x"},
            {"do": "create", "create-name": "x"},
            {"do": "remove"},
        ):
            assert head.post(url, data).status_code == 404
    own = reverse("people:organisation", args=["amt"])
    for data in ({"do": "move", "move-parent": "werk"}, {"do": "remove"}, {"do": "explode"}):
        assert head.post(own, data).status_code in {302, 404}
    team = reverse("people:organisation", args=["team"])
    assert head.post(team, {"do": "move", "move-parent": "werk"}).status_code == 422
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_roles_are_read_and_not_changed_from_one_organisation(hall: Hall, head: Client) -> None:
    url = reverse("people:role", args=["leser"])
    before = Role.objects.count()
    page = head.get(url).content.decode()
    assert "Clerk" in page
    assert "Other" not in page
    assert head.get(reverse("people:role_new")).status_code == 403
    for address, data in (
        (url, {"title": "x", "area_core": ["core.manage_people"]}),
        (url, {"do": "remove"}),
        (reverse("people:role_new"), {"title": "x"}),
    ):
        assert head.post(address, data).status_code == 403
    assert Role.objects.get(key="leser").permissions == ["core.read_metrics"]
    assert Role.objects.count() == before


def test_invitations_elsewhere_are_neither_shown_nor_touched_nor_made(hall: Hall, head: Client) -> None:
    made, _secret = invite(SYSTEM, "fern@stadt.example", "leser", "werk")
    url = reverse("people:invitations")
    assert "fern@stadt.example" not in head.get(url).content.decode()
    for name in ("people:invitation_renew", "people:invitation_revoke"):
        assert head.post(reverse(name, args=[made.pk])).status_code == 404
    for place in ("werk", "stadt"):
        data = {"email": "a@stadt.example", "role": "leser", "organisation": place}
        assert head.post(url, data).status_code == 422
    assert list(Invitation.objects.all()) == [made]


def test_tokens_elsewhere_and_of_the_whole_city_are_neither_shown_nor_revoked_nor_made(
    hall: Hall, head: Client
) -> None:
    until = timezone.now() + SOON
    far, _secret = issue_token(SYSTEM, "Fern", [READ_METRICS], expires_at=until, organisation=hall.works)
    whole, _secret = issue_token(SYSTEM, "Ganz", [READ_METRICS], expires_at=until)
    near, _secret = issue_token(SYSTEM, "Nah", [READ_METRICS], expires_at=until, organisation=hall.office)
    page = head.get(reverse("people:tokens"), {"alle": "1"}).content.decode()
    assert ["Fern" in page, "Ganz" in page, "Nah" in page] == [False, False, True]
    for token in (far, whole):
        assert head.post(reverse("people:token_revoke", args=[token.pk])).status_code == 404
    data = {
        "title": "x", "organisation": "werk", "expires_on": DAY, "area_core": ["core.read_metrics"],
    }  # fmt: skip
    assert head.post(reverse("people:token_new"), data).status_code == 422
    assert head.post(reverse("people:token_revoke", args=[near.pk])).status_code == 302
    assert set(ApiToken.objects.filter(revoked_at=None)) == {far, whole}


def test_a_deputyship_elsewhere_is_not_ended(hall: Hall, head: Client) -> None:
    grant_role(SYSTEM, hall.clerk, "leser", "werk")
    made = name_deputy(SYSTEM, hall.clerk, hall.other, hall.works, until=timezone.now() + SOON)
    answer = head.post(reverse("people:deputy_end", args=[hall.clerk.pk, made.pk]))
    assert answer.status_code == 404
    assert Deputyship.objects.exists()


def test_who_manages_only_tokens_gives_no_more_than_they_hold(hall: Hall) -> None:
    Role.objects.create(key="maschinen", title="Maschinen", permissions=["core.manage_tokens"])
    keeper = User.objects.create_user("keeper@stadt.example")
    grant_role(SYSTEM, keeper, "maschinen", "amt")
    browser = browser_of(keeper)
    data = {
        "title": "x", "organisation": "amt", "expires_on": DAY, "area_core": ["core.read_metrics"],
    }  # fmt: skip
    assert browser.post(reverse("people:token_new"), data).status_code == 422
    assert browser.get(reverse("people:persons")).status_code == 403
    assert not ApiToken.objects.exists()


def test_information_and_erasure_are_the_citys_not_one_offices(hall: Hall, head: Client) -> None:
    answers = [
        head.get(reverse("web:find_person"), {"email": "other@stadt.example"}),
        head.get(reverse("web:person", args=[hall.clerk.pk])),
        head.get(reverse("web:person_file", args=[hall.clerk.pk])),
        head.post(
            reverse("web:person", args=[hall.clerk.pk]), {"do": "erase", "email": "clerk@stadt.example"}
        ),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert User.objects.filter(pk=hall.clerk.pk).exists()
