"""Who signs in, fails to, leaves or changes the account is kept: by id, never by address."""

import pytest
from django.core import mail
from django.test import Client

from stadt.core.people.models import AuditEntry, User

pytestmark = pytest.mark.django_db

PASSWORD = "kohle-und-stahl-1928"
EMAIL = "wer@example.org"


@pytest.fixture
def person() -> User:
    from allauth.account.models import EmailAddress

    user = User.objects.create_user(email=EMAIL, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    return user


def kept() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", "actor_kind", "subject"))


def sign_in(client: Client, password: str = PASSWORD, email: str = EMAIL) -> None:
    client.post(
        "/konto/login/", {"login": email, "password": password}, headers={"x-forwarded-for": "198.51.100.7"}
    )


def test_signing_in_and_out_is_kept_with_the_network(client: Client, person: User) -> None:
    sign_in(client)
    client.post("/konto/logout/")
    subject = f"user:{person.pk}"
    assert kept() == [("sign_in", "user", subject), ("sign_out", "user", subject)]
    assert AuditEntry.objects.filter(verb="sign_in", network="198.51.100.0/24", door="page").count() == 1


def test_a_failed_sign_in_names_the_account_and_no_address(client: Client, person: User) -> None:
    sign_in(client, "falsch")
    sign_in(client, "falsch", "fremd@example.org")
    assert kept() == [
        ("fail_sign_in", "anonymous", f"user:{person.pk}"),
        ("fail_sign_in", "anonymous", "account"),
    ]
    rows = str(list(AuditEntry.objects.values()))
    assert "example.org" not in rows
    assert "198.51.100.7" not in rows


def test_a_changed_password_is_kept(client: Client, person: User) -> None:
    sign_in(client)
    new = "neue-zeche-am-kanal-77"
    client.post("/konto/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    person.refresh_from_db()
    assert person.check_password(new)
    assert ("set_password", "user", f"user:{person.pk}") in kept()


def test_a_password_set_by_a_mailed_link_is_kept_without_an_actor(client: Client, person: User) -> None:
    client.post("/konto/password/reset/", {"email": EMAIL})
    path = next(part for part in str(mail.outbox[0].body).split() if "/konto/password/reset/key/" in part)
    form = client.get(path[path.index("/konto/") :], follow=True)
    new = "neue-zeche-am-kanal-77"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert ("set_password", "anonymous", f"user:{person.pk}") in kept()


def test_registering_is_kept(client: Client) -> None:
    client.post("/konto/signup/", {"email": "neu@example.org", "password1": PASSWORD, "password2": PASSWORD})
    user = User.objects.get(email="neu@example.org")
    assert ("register_account", "user", f"user:{user.pk}") in kept()
