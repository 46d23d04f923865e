"""Signing in by a real OpenID provider: who gets in, as whom, with which roles."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from stadt.core.identity.checks import check_providers
from stadt.core.people.models import AuditEntry, Membership, Organisation, Role, User
from stadt.core.people.services import create_administrator, grant_role

from .openid_city import (
    ADDRESS,
    PASSWORD,
    START,
    SYSTEM,
    Provider,
    account,
    ask_provider,
    configure,
    is_in,
    provider,
    sign_in,
)

# the fixtures of the module beside are used by name
__all__ = ["configure", "provider"]

pytestmark = pytest.mark.django_db


def test_the_way_to_the_provider_carries_state_nonce_and_a_pkce_challenge(
    configure: Callable[..., None],
) -> None:
    asked = parse_qs(urlsplit(Client().get(START)["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/konto/oidc/rathaus/login/callback/"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 16


def test_the_address_adds_nothing_to_what_the_provider_is_asked(configure: Callable[..., None]) -> None:
    more = "scope=admin&auth_params=redirect_uri%3Dhttps://evil.example%26prompt%3Dnone"
    asked = parse_qs(urlsplit(Client().get(f"{START}?{more}", HTTP_HOST="localhost:9")["Location"]).query)
    assert "admin" not in asked["scope"][0]
    assert "prompt" not in asked
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/konto/oidc/rathaus/login/callback/"]


def test_who_has_no_account_gets_one_where_the_provider_makes_them(configure: Callable[..., None]) -> None:
    configure("creates_accounts = true")
    client, answer = sign_in()
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = User.objects.get(email=ADDRESS)
    assert user.name == "Frieda Muster"
    assert not user.has_usable_password()
    assert is_in(client)
    assert SocialAccount.objects.get(user=user).extra_data == {"email": ADDRESS, "name": "Frieda Muster"}
    assert is_in(sign_in()[0])
    assert User.objects.count() == 1


def test_who_has_no_account_is_told_the_way_where_the_provider_makes_none(
    configure: Callable[..., None],
) -> None:
    client, answer = sign_in()
    assert answer.status_code == 403
    assert "gehört zu keinem Konto" in answer.content.decode()
    assert not is_in(client)
    assert not User.objects.exists()


def test_a_verified_address_leads_to_the_account_only_where_the_provider_is_trusted(
    configure: Callable[..., None],
) -> None:
    user = account()
    client, answer = sign_in()
    assert answer.status_code == 403
    configure("links_by_email = true")
    client, answer = sign_in()
    assert answer.status_code == 302
    assert is_in(client)
    assert SocialAccount.objects.get(user=user).provider == "rathaus"


@pytest.mark.parametrize("told", [False, None, "true", 1])
def test_an_address_the_provider_does_not_vouch_for_links_and_makes_nothing(
    configure: Callable[..., None], provider: Provider, told: Any
) -> None:
    configure("links_by_email = true", "creates_accounts = true")
    provider.say({"email_verified": told})
    account()
    client, answer = sign_in()
    assert answer.status_code == 403
    assert not is_in(client)
    provider.say({"email_verified": told, "email": "neu@example.org"})
    assert sign_in()[1].status_code == 403
    assert User.objects.count() == 1


def test_an_address_that_is_not_confirmed_here_is_not_taken_over(configure: Callable[..., None]) -> None:
    """Somebody may have entered it here to be found by its owner's sign-in."""
    configure("links_by_email = true", "creates_accounts = true")
    account(is_verified=False)
    client, answer = sign_in()
    assert answer.status_code == 403
    assert not is_in(client)


def test_a_provider_that_keeps_no_unverified_addresses_needs_not_say_so(
    configure: Callable[..., None], provider: Provider
) -> None:
    configure("links_by_email = true", 'email_verified = "always"', 'email_claim = "upn"')
    provider.say({"email_verified": None, "email": "anders@example.org", "upn": ADDRESS.upper()})
    account()
    assert is_in(sign_in()[0])


def test_a_deactivated_account_stays_out(configure: Callable[..., None]) -> None:
    configure("links_by_email = true")
    user = account()
    User.objects.filter(pk=user.pk).update(is_active=False)
    client, answer = sign_in()
    assert "/konto/inactive/" in answer["Location"]
    assert not is_in(client)


def test_the_second_factor_of_the_account_is_asked_for_all_the_same(configure: Callable[..., None]) -> None:
    configure("links_by_email = true")
    TOTP.activate(account(), "JBSWY3DPEHPK3PXP")
    client, answer = sign_in()
    assert answer["Location"] == "/konto/zweiter-faktor/authenticate/"
    assert not is_in(client)


@pytest.mark.parametrize("vouches", [True, False])
def test_a_provider_may_vouch_for_the_second_factor_the_city_demands(
    configure: Callable[..., None], vouches: bool
) -> None:
    from django.utils import timezone

    from stadt.core.people.factors import set_policy

    configure("links_by_email = true", f"vouches_for_second_factor = {str(vouches).lower()}")
    create_administrator(SYSTEM, ADDRESS, PASSWORD)
    set_policy(SYSTEM, "staff", timezone.localdate(), 0)
    client, _ = sign_in()
    assert client.get("/betrieb/quellen/").status_code == (200 if vouches else 302)


# -- roles -------------------------------------------------------------------------------------------------------------

RULES = (
    "links_by_email = true",
    'roles = [{group = "/betrieb", role = "betrieb", organisation = "stadt"},',
    '         {group = "/leitung", role = "leitung", organisation = "stadt"}]',
)


@pytest.fixture
def person(configure: Callable[..., None]) -> User:
    for key in ("betrieb", "leitung"):
        Role.objects.create(key=key, title=key, permissions=["ingest.manage"])
    configure(*RULES)
    return account()


def roles(user: User) -> list[str]:
    return sorted(Membership.objects.filter(user=user).values_list("role__key", flat=True))


def test_groups_give_roles_and_take_them_back_when_they_are_gone(person: User, provider: Provider) -> None:
    provider.say({"groups": ["/betrieb", "/leitung", "/sonst"]})
    sign_in()
    assert roles(person) == ["betrieb", "leitung"]
    provider.say({"groups": "/leitung"})
    sign_in()
    assert roles(person) == ["leitung"]
    provider.say({"groups": None})
    sign_in()
    assert roles(person) == []
    verbs = list(AuditEntry.objects.filter(actor_id="provider:rathaus").values_list("verb", flat=True))
    assert sorted(verbs) == ["grant_role", "grant_role", "withdraw_role", "withdraw_role"]


def test_a_role_given_by_hand_is_never_taken_by_a_provider(person: User, provider: Provider) -> None:
    grant_role(SYSTEM, person, "betrieb", "stadt")
    provider.say({"groups": ["/betrieb", "/leitung"]})
    sign_in()
    grant_role(SYSTEM, person, "leitung", "stadt")  # now a hand gave this one too
    provider.say()
    sign_in()
    assert roles(person) == ["betrieb", "leitung"]


def test_a_provider_does_not_take_the_last_administrators_role(
    person: User, provider: Provider, configure: Callable[..., None]
) -> None:
    rule = 'roles = [{group = "/chef", role = "administrator", organisation = "stadt"}]'
    configure("links_by_email = true", rule)
    provider.say({"groups": ["/chef"]})
    sign_in()
    assert roles(person) == ["administrator"]
    provider.say({"groups": []})
    sign_in()
    assert roles(person) == ["administrator"]
    create_administrator(SYSTEM, "zweite@example.org", PASSWORD)
    sign_in()
    assert roles(person) == []


def test_a_rule_for_a_role_that_does_not_exist_gives_nothing_and_is_told_by_the_doctor(
    person: User, provider: Provider, configure: Callable[..., None]
) -> None:
    configure("links_by_email = true", 'roles = [{group = "/x", role = "fehlt", organisation = "stadt"}]')
    provider.say({"groups": ["/x"]})
    assert is_in(sign_in()[0])
    assert roles(person) == []
    assert "Die Rolle „fehlt“ gibt es nicht" in str(check_providers())


# -- linking -----------------------------------------------------------------------------------------------------------


def test_somebody_signed_in_links_by_a_form_and_unlinks_again(
    configure: Callable[..., None], provider: Provider
) -> None:
    provider.say({"email": "privat@example.org", "email_verified": False})
    user = account()
    client = Client()
    client.post("/konto/login/", {"login": ADDRESS, "password": PASSWORD})
    page = client.post("/konto/anmeldedienste/", {"link": "rathaus"})
    assert f"{START}?process=connect" in page.content.decode()
    client.get(ask_provider(client, f"{START}?process=connect"))
    linked = SocialAccount.objects.get(user=user)
    assert "Anmeldedienst" in mail.outbox[-1].subject
    assert is_in(sign_in()[0])
    client.post("/konto/anmeldedienste/", {"unlink": str(linked.pk)})
    assert not SocialAccount.objects.exists()
    assert sign_in()[1].status_code == 403


def test_no_link_of_another_site_links_an_account(configure: Callable[..., None]) -> None:
    user = account()
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"{START}?process=connect")["Location"] == "/konto/anmeldedienste/"
    assert client.get(f"{START}?process=redirect")["Location"] == "/konto/anmeldedienste/"
    assert not SocialAccount.objects.exists()


def test_the_only_way_in_is_not_unlinked(configure: Callable[..., None]) -> None:
    configure("creates_accounts = true")
    client, _ = sign_in()
    linked = SocialAccount.objects.get()
    answer = client.post("/konto/anmeldedienste/", {"unlink": str(linked.pk)}, follow=True)
    assert "einziger Weg" in answer.content.decode()
    assert SocialAccount.objects.exists()


def test_an_access_that_belongs_to_another_account_is_not_linked(configure: Callable[..., None]) -> None:
    configure("creates_accounts = true")
    sign_in()
    owner = User.objects.get()
    account("otto@example.org")
    client = Client()
    client.post("/konto/login/", {"login": "otto@example.org", "password": PASSWORD})
    client.post("/konto/anmeldedienste/", {"link": "rathaus"})
    client.get(ask_provider(client, f"{START}?process=connect"))
    assert SocialAccount.objects.get().user == owner


def test_the_sign_in_page_offers_the_provider_only_while_it_can_be_used(
    configure: Callable[..., None], settings: Any
) -> None:
    assert "Rathaus" in Client().get("/konto/login/").content.decode()
    (settings.STADT.home / "secrets" / "identity-rathaus").chmod(0o644)
    assert "Rathaus" not in Client().get("/konto/login/").content.decode()
    assert Client().get(START).status_code == 404
    assert "chmod 600" in str(check_providers())
    assert Organisation.objects.filter(key="stadt").exists()
