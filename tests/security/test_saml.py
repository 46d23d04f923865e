"""Signing in by SAML with answers of a provider made here: one that is as it should be gets in, every other stays out."""

import base64
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.cache import cache
from django.test import Client

from stadt.core.identity import providers
from stadt.core.identity.checks import check_providers
from stadt.core.people.models import User
from stadt.core.people.services import ensure_foundations

saml = pytest.importorskip("onelogin.saml2.utils")

ISSUER = "https://id.bund.example/idp"
ENTITY = "https://stadt.example/saml"
CITY = "https://stadt.example"
PLACE = "/konto/saml/bund"

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def make_key(name: str) -> tuple[str, str]:
    """A throwaway key and its certificate, both PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return private.decode(), certificate.public_bytes(Encoding.PEM).decode()


@pytest.fixture(scope="module")
def keys() -> tuple[str, str]:
    return make_key("id.bund.example")


@pytest.fixture(autouse=True)
def bund(settings: Any, tmp_path: Path, keys: tuple[str, str]) -> Iterator[Callable[..., None]]:
    """This installation with BundID's stand-in."""
    cache.clear()
    settings.STADT = replace(settings.STADT, home=tmp_path, url=CITY)
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "stadt.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ensure_foundations()
    body = "".join(keys[1].strip().splitlines()[1:-1])
    (tmp_path / "bund.xml").write_text(
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ISSUER}">'
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        f"<ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
        f' Location="{ISSUER}/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>'
    )

    def write(issuer: str = ISSUER, metadata: str = "bund.xml") -> None:
        (tmp_path / "identity.toml").write_text(
            f'[[provider]]\nkey = "bund"\nkind = "saml"\ntitle = "BundID"\nissuer = "{issuer}"\n'
            f'client_id = "{ENTITY}"\nmetadata = "{metadata}"\n'
            'email_claim = "mail"\nemail_verified = "always"\ncreates_accounts = true\n'
        )
        providers.configured.cache_clear()

    write()
    yield write
    providers.configured.cache_clear()


def ask(client: Client) -> str:
    """Go to the provider; returns the id of the question."""
    leaving = client.get(f"{PLACE}/login/")
    assert leaving.status_code == 302
    parts = urlsplit(leaving["Location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ISSUER}/sso"
    request = zlib.decompress(base64.b64decode(parse_qs(parts.query)["SAMLRequest"][0]), -15).decode()
    assert f'AssertionConsumerServiceURL="{CITY}{PLACE}/acs/"' in request
    return str(ET.fromstring(request).attrib["ID"])


def answer(question: str, **changes: Any) -> str:
    """What the provider says, unsigned."""
    told: dict[str, Any] = {
        "audience": ENTITY,
        "issuer": ISSUER,
        "destination": f"{CITY}{PLACE}/acs/",
        "minutes": 5,
        "mail": "frieda@example.org",
        **changes,
    }
    now = datetime.now(UTC)
    begins, ends = now - timedelta(minutes=2), now + timedelta(minutes=told["minutes"])
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    return (
        '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
        ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_response1" Version="2.0"'
        f' IssueInstant="{now:{stamp}}" Destination="{told["destination"]}" InResponseTo="{question}">'
        f"<saml:Issuer>{told['issuer']}</saml:Issuer><samlp:Status>"
        '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
        f'<saml:Assertion ID="_assertion1" Version="2.0" IssueInstant="{now:{stamp}}">'
        f"<saml:Issuer>{told['issuer']}</saml:Issuer><saml:Subject>"
        '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">bpk2-4711</saml:NameID>'
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData'
        f' NotOnOrAfter="{ends:{stamp}}" Recipient="{told["destination"]}" InResponseTo="{question}"/>'
        "</saml:SubjectConfirmation></saml:Subject>"
        f'<saml:Conditions NotBefore="{begins:{stamp}}" NotOnOrAfter="{ends:{stamp}}"><saml:AudienceRestriction>'
        f"<saml:Audience>{told['audience']}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{now:{stamp}}" SessionIndex="_s1"><saml:AuthnContext>'
        "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef>"
        "</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>"
        f'<saml:Attribute Name="mail"><saml:AttributeValue>{told["mail"]}</saml:AttributeValue></saml:Attribute>'
        '<saml:Attribute Name="name"><saml:AttributeValue>Frieda Muster</saml:AttributeValue></saml:Attribute>'
        "</saml:AttributeStatement></saml:Assertion></samlp:Response>"
    )


def signed(text: str, keys: tuple[str, str]) -> str:
    """The same with its assertion signed."""
    start, end = text.index("<saml:Assertion "), text.index("</saml:Assertion>") + len("</saml:Assertion>")
    assertion = text[start:end].replace(
        "<saml:Assertion ", '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ', 1
    )
    made = saml.OneLogin_Saml2_Utils.add_sign(assertion, *keys)
    return text[:start] + (made.decode() if isinstance(made, bytes) else made) + text[end:]


def hand_in(client: Client, text: str) -> Any:
    """The provider's form sends the browser back here; returns the last answer."""
    sent = client.post(f"{PLACE}/acs/", {"SAMLResponse": base64.b64encode(text.encode()).decode()})
    assert sent.status_code == 302
    return client.get(sent["Location"])


def is_in(client: Client) -> bool:
    return client.get("/konto/").status_code == 200


def test_a_signed_answer_to_our_own_question_gets_in(keys: tuple[str, str]) -> None:
    client = Client()
    said = hand_in(client, signed(answer(ask(client)), keys))
    assert said.status_code == 302
    assert is_in(client)
    assert (User.objects.get().email, User.objects.get().name) == ("frieda@example.org", "Frieda Muster")


def refused(client: Client, said: Any) -> bool:
    return said.status_code == 401 and not is_in(client) and not User.objects.exists()


def test_an_unsigned_answer_is_refused() -> None:
    client = Client()
    assert refused(client, hand_in(client, answer(ask(client))))


def test_an_answer_that_was_altered_after_signing_is_refused(keys: tuple[str, str]) -> None:
    client = Client()
    text = signed(answer(ask(client)), keys).replace("frieda@example.org", "chefin@example.org")
    assert refused(client, hand_in(client, text))


def test_an_answer_signed_by_somebody_else_is_refused() -> None:
    client = Client()
    assert refused(client, hand_in(client, signed(answer(ask(client)), make_key("evil.example"))))


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": -1},
        {"audience": "https://other.example/saml"},
        {"issuer": "https://evil.example/idp"},
        {"destination": "https://other.example/acs/"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_answer_that_is_over_or_meant_for_others_is_refused(
    keys: tuple[str, str], change: dict[str, Any]
) -> None:
    client = Client()
    assert refused(client, hand_in(client, signed(answer(ask(client), **change), keys)))


def test_a_second_assertion_beside_the_signed_one_is_refused(keys: tuple[str, str]) -> None:
    """XML signature wrapping: the signature is right, and is not about what stands first."""
    client = Client()
    question = ask(client)
    text = signed(answer(question), keys)
    forged = answer(question, mail="chefin@example.org")
    start, end = (
        forged.index("<saml:Assertion "),
        forged.index("</saml:Assertion>") + len("</saml:Assertion>"),
    )
    evil = forged[start:end].replace("_assertion1", "_evil")
    assert refused(client, hand_in(client, text.replace("</samlp:Status>", "</samlp:Status>" + evil)))


def test_an_answer_is_good_once_and_in_the_browser_that_asked(keys: tuple[str, str]) -> None:
    client, thief = Client(), Client()
    text = signed(answer(ask(client)), keys)
    assert hand_in(thief, text).status_code == 401
    assert not is_in(thief)
    assert hand_in(client, text).status_code == 302
    client.post("/konto/logout/")
    assert hand_in(client, text).status_code == 401
    assert not is_in(client)


def test_an_answer_nobody_asked_for_is_refused(keys: tuple[str, str]) -> None:
    client = Client()
    text = answer("").replace(' InResponseTo=""', "")
    assert refused(client, hand_in(client, signed(text, keys)))


def test_nonsense_is_refused() -> None:
    client = Client()
    assert refused(client, hand_in(client, "<kein xml"))


def test_the_metadata_names_this_citys_own_address_and_no_sign_out() -> None:
    text = Client().get(f"{PLACE}/metadata/", HTTP_HOST="localhost").content.decode()
    assert f'Location="{CITY}{PLACE}/acs/"' in text
    assert ENTITY in text
    assert "SingleLogoutService" not in text
    assert Client().get(f"{PLACE}/sls/").status_code == 404


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"metadata": "fehlt.xml"}, "Metadaten fehlen"),
        ({"issuer": "https://anderer.example"}, "beschreibt keinen Anmeldedienst"),
        ({"metadata": "identity.toml"}, "nicht lesbar"),
    ],
)
def test_the_check_says_what_is_wrong_and_the_provider_is_not_offered(
    bund: Callable[..., None], change: dict[str, str], told: str
) -> None:
    bund(**change)
    assert told in str(check_providers())
    assert "BundID" not in Client().get("/konto/login/").content.decode()
    assert Client().get(f"{PLACE}/login/").status_code == 404


def test_without_the_extra_the_check_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "find_spec", lambda name: None)
    assert "vernetzte-stadt[saml]" in str(check_providers())
