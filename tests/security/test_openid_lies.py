"""Signing in by a real OpenID provider: every answer that is not as it should be is refused."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from stadt.core.identity.checks import check_providers
from stadt.core.people.models import User

from .openid_city import START, Provider, ask_provider, configure, is_in, provider, sign_in

# the fixtures of the module beside are used by name
__all__ = ["configure", "provider"]

pytestmark = pytest.mark.django_db


def refused(client: Client, answer: Any) -> bool:
    return answer.status_code == 401 and not is_in(client)


def test_an_answer_without_this_browsers_state_is_refused(configure: Callable[..., None]) -> None:
    configure("creates_accounts = true")
    victim, attacker = Client(), Client()
    address = ask_provider(attacker)
    assert refused(victim, victim.get(address))
    wrong = address.replace("state=", "state=x")
    assert refused(attacker, attacker.get(wrong))


def test_an_answer_is_good_once(configure: Callable[..., None]) -> None:
    configure("creates_accounts = true")
    client = Client()
    address = ask_provider(client)
    assert client.get(address).status_code == 302
    client.post("/konto/logout/")
    assert refused(client, client.get(address))


def test_a_code_is_good_once_also_with_a_new_state(configure: Callable[..., None]) -> None:
    configure("creates_accounts = true")
    first, second = Client(), Client()
    used = parse_qs(urlsplit(ask_provider(first)).query)["code"][0]
    fresh = ask_provider(second)
    code = parse_qs(urlsplit(fresh).query)["code"][0]
    assert refused(second, second.get(fresh.replace(code, used)))  # the challenge is another browser's


@pytest.mark.parametrize(
    "id_token",
    [
        {"nonce": "von-woanders"},
        {"nonce": ""},
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"azp": "another-client"},
        {"exp": 1_000_000_000},
        {"sub": "4711"},
    ],
    ids=lambda told: next(iter(told)),
)
def test_an_id_token_that_says_something_wrong_is_refused(
    configure: Callable[..., None], provider: Provider, id_token: dict[str, Any]
) -> None:
    configure("creates_accounts = true")
    provider.say(id_token=id_token)
    assert refused(*sign_in())
    assert not User.objects.exists()


def test_user_info_about_somebody_else_is_refused(configure: Callable[..., None], provider: Provider) -> None:
    configure("creates_accounts = true")
    provider.say(userinfo={"sub": "4711"})
    assert refused(*sign_in())


def test_an_id_token_signed_by_somebody_else_is_refused(
    configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    from stadt.web.accounts import oidc

    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    monkeypatch.setattr(f"{oidc.__name__}.jwtkit.lookup_kid_jwk", lambda keys, kid: other)
    configure("creates_accounts = true")
    assert refused(*sign_in())


def test_an_answer_that_names_another_issuer_is_refused(configure: Callable[..., None]) -> None:
    configure("creates_accounts = true")
    client = Client()
    assert refused(client, client.get(ask_provider(client) + "&iss=https%3A%2F%2Fevil.example"))


def test_a_provider_that_calls_itself_otherwise_is_not_asked(
    configure: Callable[..., None], provider: Provider
) -> None:
    configure(issuer=provider.issuer + "/")
    client = Client()
    assert refused(client, client.get(START))
    assert "issuer muss" in str(check_providers())


def test_a_provider_that_does_not_answer_is_said_so(configure: Callable[..., None]) -> None:
    configure(issuer="http://127.0.0.1:9")
    client = Client()
    assert refused(client, client.get(START))
    assert "nicht erreichbar" in str(check_providers())


def test_a_refusal_at_the_provider_is_told(configure: Callable[..., None]) -> None:
    client = Client()
    state = parse_qs(urlsplit(client.get(START)["Location"]).query)["state"][0]
    answer = client.get(f"{START}callback/?error=access_denied&state={state}", follow=True)
    assert "abgebrochen" in answer.content.decode()


@pytest.mark.parametrize("further", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_next_leads_to_no_other_site(configure: Callable[..., None], further: str) -> None:
    configure("creates_accounts = true")
    client = Client()
    start = f"{START}?{httpx.QueryParams({'next': further})}"
    assert client.get(ask_provider(client, start))["Location"] == "/"


def test_next_leads_back_to_a_page_of_the_city(configure: Callable[..., None]) -> None:
    configure("creates_accounts = true")
    client = Client()
    assert (
        client.get(ask_provider(client, f"{START}?next=/konto/sitzungen/"))["Location"] == "/konto/sitzungen/"
    )


def test_a_name_that_would_be_a_line_of_a_mail_becomes_one_line(
    configure: Callable[..., None], provider: Provider
) -> None:
    configure("creates_accounts = true")
    provider.say({"name": "Frieda\r\nBcc: alle@example.org\x00"})
    sign_in()
    assert User.objects.get().name == "Frieda Bcc: alle@example.org"


def test_an_address_with_a_line_break_makes_no_account(
    configure: Callable[..., None], provider: Provider
) -> None:
    configure("creates_accounts = true")
    provider.say({"email": "frieda@example.org\nBcc: alle@example.org"})
    assert sign_in()[1].status_code == 403
