"""What whoever follows an invitation's link sees, and what a stolen link is worth."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from stadt.apps.people.tests.hall import Hall, browser_of, build_hall
from stadt.core.people.models import Invitation, Membership, User

pytestmark = pytest.mark.django_db
PAGE = "/einladung/"


@pytest.fixture
def hall() -> Hall:
    return build_hall()


@pytest.fixture
def link(hall: Hall) -> str:
    data = {"email": "neu@stadt.example", "role": "leser", "organisation": "amt"}
    browser_of(hall.head).post(reverse("people:invitations"), data)
    found = re.search(r"/einladung/[^/\s]+/", str(mail.outbox[-1].body))
    assert found
    return found[0]


def newcomer(email: str = "neu@stadt.example") -> User:
    user = User.objects.create_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def test_the_secret_leaves_the_address_and_looking_takes_nothing(link: str) -> None:
    visitor = Client()
    answer = visitor.get(link)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    page = visitor.get(PAGE).content.decode()
    assert "Leserin" in page
    assert "neu@stadt.example" not in page
    assert "?next=/einladung/" in page
    assert link.split("/")[2] not in page
    assert Invitation.objects.count() == 1


def test_accepting_gives_the_role_and_uses_the_link_up(link: str) -> None:
    user = newcomer()
    visitor = browser_of(user)
    visitor.get(link)
    answer = visitor.post(PAGE, follow=True)
    assert "Ihre neue Rolle" in answer.content.decode()
    held = Membership.objects.get(user=user)
    assert (held.role.key, held.organisation.key) == ("leser", "amt")
    assert visitor.get(link).status_code == 404
    assert visitor.get(PAGE).status_code == 404


def test_signing_in_keeps_the_invitation_of_the_browser(link: str) -> None:
    user, visitor = newcomer(), Client()
    visitor.get(link)
    visitor.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    visitor.post(PAGE)
    assert Membership.objects.filter(user=user).exists()


def test_somebody_else_gets_nothing_and_is_not_told_the_address(link: str) -> None:
    thief = newcomer("thief@else.example")
    visitor = browser_of(thief)
    visitor.get(link)
    answer = visitor.post(PAGE)
    assert answer.status_code == 403
    assert "andere E-Mail-Adresse" in answer.content.decode()
    assert "neu@stadt.example" not in answer.content.decode()
    assert not Membership.objects.filter(user=thief).exists()


def test_an_account_made_with_the_invited_address_must_confirm_it_first(link: str) -> None:
    thief = User.objects.create_user("neu@stadt.example")
    EmailAddress.objects.create(user=thief, email=thief.email, verified=False, primary=True)
    visitor = browser_of(thief)
    visitor.get(link)
    assert visitor.post(PAGE).status_code == 403
    assert not Membership.objects.filter(user=thief).exists()


def test_nobody_accepts_without_signing_in(link: str) -> None:
    visitor = Client()
    visitor.get(link)
    assert visitor.post(PAGE).status_code == 302
    assert Invitation.objects.exists()


@pytest.mark.parametrize("secret", ["x", "AAAAAAAAAAAAAAAAAAAAAA", "%00", "ä" * 300])
def test_a_guessed_link_is_the_same_page_as_an_old_one(link: str, secret: str) -> None:
    Invitation.objects.all().delete()
    old, guessed = Client().get(link), Client().get(f"/einladung/{secret}/")
    assert (old.status_code, guessed.status_code) == (404, 404)
    assert "gilt nicht oder nicht mehr" in guessed.content.decode()
    assert "sessionid" not in guessed.cookies
