"""The second factor cannot be walked around: not by an address, not by the interface, not by an old code or session."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from stadt.core.errors import Forbidden, Invalid
from stadt.core.people.actor import Actor
from stadt.core.people.factors import Policy, get_policy, reset_second_factor, set_policy
from stadt.core.people.models import AuditEntry, Membership, User
from stadt.core.people.services import create_administrator
from stadt.web.accounts.adapters import are_passkeys_possible
from stadt.web.accounts.factors import FactorAdapter, KeyMissing

PASSWORD = "kohle-und-stahl-1928"
ADDRESS = "frieda@example.org"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STAFF_PAGE = "/betrieb/quellen/"
SETUP = "/konto/zweiter-faktor/"
SYSTEM = Actor.system("test")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff(settings: Any) -> User:
    cache.clear()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # the real one takes its time
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return create_administrator(SYSTEM, ADDRESS, PASSWORD)


def demand(audience: str = "staff", *, days_ago: int = 1, grace: int = 0) -> Policy:
    return set_policy(SYSTEM, audience, timezone.localdate() - timedelta(days=days_ago), grace)


def code(offset: int = 0) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + offset)))


def sign_in(client: Client | None = None, address: str = ADDRESS) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post("/konto/login/", {"login": address, "password": PASSWORD})


def test_without_a_policy_nothing_is_demanded() -> None:
    client, answer = sign_in()
    assert answer["Location"] == "/"
    assert client.get(STAFF_PAGE).status_code == 200


def test_who_lacks_the_factor_is_led_to_it_and_no_staff_page_opens() -> None:
    demand()
    client, answer = sign_in()
    assert answer["Location"] == SETUP
    page = client.get(STAFF_PAGE)
    assert (page.status_code, page["Location"]) == (302, SETUP)
    assert client.post("/betrieb/quellen/neu/", {"title": "x"}).status_code == 403
    assert "richten Sie einen zweiten Faktor ein" in client.get(SETUP).content.decode()


def test_public_pages_stay_open_to_who_lacks_the_factor() -> None:
    demand()
    client, _ = sign_in()
    assert client.get("/").status_code == 200
    assert client.get("/konto/sitzungen/").status_code == 200
    assert client.post("/konto/logout/").status_code == 302


def test_the_interface_grants_nothing_to_a_session_without_the_factor() -> None:
    demand()
    client, _ = sign_in()
    actor = client.get("/api/v1/datasets").wsgi_request.actor  # type: ignore[attr-defined]
    assert (actor.kind, actor.lacks_second_factor, dict(actor.grants)) == ("user", True, {})


@pytest.mark.django_db(transaction=True)
def test_the_sensor_interface_grants_nothing_to_a_session_without_the_factor(
    ask: Callable[..., httpx.Response],
) -> None:
    from stadt.hub.sta.actors import _session_actor

    demand()
    client, _ = sign_in()
    actor = _session_actor(client.cookies["sessionid"].value)
    assert (actor.kind, actor.lacks_second_factor) == ("user", True)
    assert (
        ask(
            "GET", "/sta/v1.1/Things", headers={"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
        ).status_code
        == 200
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_password_alone_opens_nothing_while_the_second_step_is_waited_for(staff: User, method: str) -> None:
    TOTP.activate(staff, SECRET)
    client, answer = sign_in()
    assert answer["Location"] == "/konto/zweiter-faktor/authenticate/"
    for address in (
        STAFF_PAGE,
        "/konto/",
        "/konto/sitzungen/",
        SETUP,
        "/konto/zweiter-faktor/totp/activate/",
    ):
        page = getattr(client, method)(address)
        assert page.status_code in {302, 405}, address
        if page.status_code == 302:
            assert page["Location"].startswith(("/konto/login/", "/konto/zweiter-faktor/authenticate/"))
    assert client.get("/api/v1/datasets").wsgi_request.actor.kind == "anonymous"  # type: ignore[attr-defined]


def test_the_right_code_signs_in_once(staff: User) -> None:
    TOTP.activate(staff, SECRET)
    demand()
    client, _ = sign_in()
    used = code()
    assert client.post("/konto/zweiter-faktor/authenticate/", {"code": used})["Location"] == "/"
    assert client.get(STAFF_PAGE).status_code == 200
    other, _ = sign_in()
    again = other.post("/konto/zweiter-faktor/authenticate/", {"code": f"{used[:3]} {used[3:]}"})
    assert again.status_code == 200
    assert other.get("/konto/").status_code == 302


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_a_used_code_stays_used_as_long_as_it_would_be_good(
    staff: User, monkeypatch: pytest.MonkeyPatch, offset: int
) -> None:
    """A neighbour's code is taken for clocks that differ; allauth itself forgets it after one period."""
    TOTP.activate(staff, SECRET)
    used = code(offset)
    client, _ = sign_in()
    client.post("/konto/zweiter-faktor/authenticate/", {"code": used})
    assert client.get("/konto/").status_code == 200
    cache.delete(f"allauth.mfa.totp.used?user={staff.pk}&code={used}")
    other, _ = sign_in()
    other.post("/konto/zweiter-faktor/authenticate/", {"code": used})
    assert other.get("/konto/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_the_code_that_set_up_the_app_is_told_by_mail_and_does_not_sign_in() -> None:
    client, _ = sign_in()
    client.get("/konto/zweiter-faktor/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    first = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/konto/zweiter-faktor/totp/activate/", {"code": first}).status_code == 302
    assert "Einmalcodes" in mail.outbox[-1].subject
    other, _ = sign_in()
    assert other.post("/konto/zweiter-faktor/authenticate/", {"code": first}).status_code == 200


def test_setting_the_factor_up_gives_the_rights_back_in_that_session_only(staff: User) -> None:
    demand()
    client, _ = sign_in()
    older, _ = sign_in()
    client.get("/konto/zweiter-faktor/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    entered = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post("/konto/zweiter-faktor/totp/activate/", {"code": entered})
    assert client.get(STAFF_PAGE).status_code == 200
    assert older.get(STAFF_PAGE)["Location"] == SETUP
    assert "Diese Sitzung hat ohne ihn begonnen" in older.get(SETUP).content.decode()


def test_a_forged_note_of_another_account_in_the_session_is_no_factor(staff: User) -> None:
    demand()
    client, _ = sign_in()
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session.save()
    assert client.get(STAFF_PAGE)["Location"] == SETUP  # there is no factor behind it
    TOTP.activate(staff, SECRET)
    session["account_authentication_methods_user"] = "4711"
    session.save()
    assert client.get(STAFF_PAGE)["Location"] == SETUP


def test_guessing_codes_ends_soon_and_is_counted_for_the_account(staff: User) -> None:
    TOTP.activate(staff, SECRET)
    for number in range(5):
        client, _ = sign_in()
        client.post(
            "/konto/zweiter-faktor/authenticate/", {"code": f"00000{number}"}, REMOTE_ADDR=f"192.0.2.{number}"
        )
    client, _ = sign_in()
    answer = client.post("/konto/zweiter-faktor/authenticate/", {"code": code()}, REMOTE_ADDR="192.0.2.99")
    assert "Zu viele" in answer.content.decode()
    assert client.get("/konto/").status_code == 302


def test_a_recovery_code_signs_in_once(staff: User) -> None:
    TOTP.activate(staff, SECRET)
    one = RecoveryCodes.activate(staff).get_unused_codes()[0]
    client, _ = sign_in()
    client.post("/konto/zweiter-faktor/authenticate/", {"code": one})
    assert client.get("/konto/").status_code == 200
    other, _ = sign_in()
    other.post("/konto/zweiter-faktor/authenticate/", {"code": one})
    assert other.get("/konto/").status_code == 302


def test_secrets_are_not_readable_in_the_database(staff: User) -> None:
    TOTP.activate(staff, SECRET)
    RecoveryCodes.activate(staff)
    assert SECRET not in str(list(Authenticator.objects.values()))
    with pytest.raises(KeyMissing):
        FactorAdapter().decrypt("gAAAA-from-another-installation")


def test_before_the_day_and_within_the_grace_people_are_reminded_and_work_on(staff: User) -> None:
    demand(days_ago=-7)
    client, answer = sign_in()
    assert answer["Location"] == SETUP
    assert "bald einen zweiten Faktor" in client.get(SETUP).content.decode()
    assert client.get(STAFF_PAGE).status_code == 200
    demand(days_ago=3, grace=5)
    assert client.get(STAFF_PAGE).status_code == 200
    demand(days_ago=3, grace=2)
    Membership.objects.update(since=timezone.now() - timedelta(days=30))
    assert client.get(STAFF_PAGE).status_code == 302


def test_who_joins_later_has_the_whole_grace(staff: User) -> None:
    demand(days_ago=100, grace=7)
    client, _ = sign_in()
    assert client.get(STAFF_PAGE).status_code == 200
    Membership.objects.update(since=timezone.now() - timedelta(days=8))
    assert client.get(STAFF_PAGE).status_code == 302


def test_staff_means_whoever_holds_a_role(staff: User) -> None:
    Membership.objects.all().delete()
    demand("staff")
    assert sign_in()[1]["Location"] == "/"
    demand("everybody")
    assert sign_in()[1]["Location"] == SETUP


def test_the_policy_is_for_those_with_the_right_and_is_recorded() -> None:
    with pytest.raises(Forbidden):
        set_policy(Actor(kind="user", identifier="1"), "staff", timezone.localdate(), 0)
    policy = demand(grace=4)
    assert get_policy() == policy
    assert AuditEntry.objects.get(verb="set_second_factor_policy").changes["grace_days"] == 4


@pytest.mark.parametrize(
    ("audience", "has_day", "grace", "field"),
    [("all", True, 0, "audience"), ("staff", False, 0, "counts_from"), ("staff", True, 91, "grace_days")],
)
def test_a_policy_that_cannot_be_meant_is_refused(
    audience: str, has_day: bool, grace: int, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        set_policy(SYSTEM, audience, timezone.localdate() if has_day else None, grace)
    assert [item.field for item in refused.value.fields] == [field]
    assert get_policy() == Policy()


def test_an_administrator_decides_on_the_page() -> None:
    client, _ = sign_in()
    day = timezone.localdate().isoformat()
    entered = {"audience": "staff", "counts_from": day, "grace_days": "7"}
    assert client.post("/betrieb/anmeldung/", entered).status_code == 302
    assert get_policy().grace_days == 7
    refused = client.post("/betrieb/anmeldung/", {"audience": "staff", "counts_from": "", "grace_days": "7"})
    assert refused.status_code == 422
    assert "ab dem das gilt" in refused.content.decode()


def test_resetting_a_factor_ends_the_sessions_and_is_recorded(staff: User) -> None:
    person = User.objects.create_user("otto@example.org", PASSWORD)
    TOTP.activate(person, SECRET)
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    client.get("/konto/")
    assert reset_second_factor(Actor.for_user(staff), person)
    assert not Authenticator.objects.filter(user=person).exists()
    assert client.get("/konto/").status_code == 302
    assert not Session.objects.filter(session_key=client.cookies["sessionid"].value).exists()
    assert AuditEntry.objects.get(verb="reset_second_factor").subject == f"user:{person.pk}"
    assert not reset_second_factor(Actor.for_user(staff), person)


def test_the_mail_about_a_reset_names_the_city_and_the_way(staff: User) -> None:
    from stadt.core.people.events import SecondFactorReset
    from stadt.web.accounts.mails import tell_second_factor_reset

    User.objects.filter(pk=staff.pk).update(language="en")
    tell_second_factor_reset(SecondFactorReset(staff.pk))
    tell_second_factor_reset(SecondFactorReset(0))
    [message] = mail.outbox
    assert message.to == [ADDRESS]
    assert message.subject == "Your second factor was reset"
    assert "/konto/zweiter-faktor/" in str(message.body)


def test_nobody_resets_the_own_factor_or_without_the_right(staff: User) -> None:
    TOTP.activate(staff, SECRET)
    with pytest.raises(Forbidden):
        reset_second_factor(Actor.for_user(staff), staff)
    with pytest.raises(Forbidden):
        reset_second_factor(Actor(kind="user", identifier="4711"), staff)


@pytest.mark.parametrize(
    ("url", "is_possible"),
    [
        ("https://stadt.example", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://192.0.2.1", False),
        ("http://stadt.example", False),
    ],
)
def test_passkeys_are_offered_where_browsers_make_them(settings: Any, url: str, is_possible: bool) -> None:
    settings.STADT = replace(settings.STADT, url=url)
    assert are_passkeys_possible() is is_possible
    page = Client().get("/konto/login/").content.decode()
    assert ("mfa_login" in page or "webauthn/login" in page) is is_possible


def test_the_host_that_was_asked_for_does_not_choose_whose_passkeys_are_asked_for(settings: Any) -> None:
    settings.STADT = replace(settings.STADT, url="https://stadt.example")
    answer = Client().get(
        "/konto/zweiter-faktor/webauthn/login/", HTTP_HOST="localhost", HTTP_ACCEPT="application/json"
    )
    assert answer.json()["request_options"]["publicKey"]["rpId"] == "stadt.example"


def test_passkey_sign_in_tells_nobody_which_accounts_there_are(staff: User) -> None:
    from base64 import urlsafe_b64encode

    def attempt(handle: str) -> tuple[int, str, str]:
        client = Client()
        client.get("/konto/zweiter-faktor/webauthn/login/", HTTP_ACCEPT="application/json")
        told = urlsafe_b64encode(
            b'{"type":"webauthn.get","origin":"http://127.0.0.1:8000","challenge":"eA"}'
        ).decode()
        user = urlsafe_b64encode(handle.encode()).decode().rstrip("=")
        response = {
            "clientDataJSON": told.rstrip("="),
            "authenticatorData": "eA",
            "signature": "eA",
            "userHandle": user,
        }
        credential = json.dumps(
            {
                "type": "public-key",
                "id": "eA",
                "rawId": "eA",
                "response": response,
                "clientExtensionResults": {},
            }
        )
        answer = client.post("/konto/zweiter-faktor/webauthn/login/", {"credential": credential}, follow=True)
        messages = [str(message) for message in answer.context["messages"]]
        return answer.status_code, answer.redirect_chain[-1][0], "|".join(messages)

    assert attempt(str(staff.pk)) == attempt("999999") == attempt("kein-nutzer")
    assert attempt(str(staff.pk))[2]
