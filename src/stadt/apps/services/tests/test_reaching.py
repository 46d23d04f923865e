"""Whoever holds the link decides whether news come by mail, and only the owner of an address lets mail go there."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from stadt.apps.services.tests.filling import SYSTEM, send
from stadt.apps.services.views import reaching
from stadt.civic.cases.models import Case, Party
from stadt.civic.cases.services import write_citizen
from stadt.civic.messages.models import AccessLink
from stadt.core.people.models import User
from stadt.hub.datasets.pacing import Pace

NEW = "neu@example.org"


@pytest.fixture
def quiet(client: Client, draft: str) -> str:
    """The address of a case whose applicant left no address."""
    return send(client, draft, email="")


def question(to: str = NEW) -> str:
    """The path in the mail that asks the owner of an address."""
    [message] = [one for one in mail.outbox if one.to == [to]]
    line = next(line for line in message.body.splitlines() if "/dienste/email/" in line)
    return line[line.index("/dienste/") :].strip()


def told(text: str) -> list[str]:
    """Who gets mail when the office writes."""
    mail.outbox.clear()
    write_citizen(SYSTEM, Case.objects.get().pk, text)
    return [address for message in mail.outbox for address in message.to]


def test_an_address_gets_mail_once_its_owner_agreed(client: Client, quiet: str) -> None:
    mail.outbox.clear()
    assert client.post(quiet, {"tat": "mail", "email": " Neu@Example.org"}).status_code == 302
    shown = client.get(quiet).content.decode()
    assert "neu@example.org ist noch nicht bestätigt" in shown
    assert "Kleingarten mit" not in f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    page, stranger = question(), Client()
    assert "Ja, E-Mails bestätigen" in stranger.get(page).content.decode()
    assert told("Noch nicht.") == []
    assert "Die Adresse ist bestätigt" in stranger.post(page).content.decode()
    assert told("Guten Tag.") == [NEW]
    assert "Keine E-Mails mehr?" in mail.outbox[0].body
    assert "Sie bekommen eine E-Mail an neu@example.org" in client.get(quiet).content.decode()
    assert stranger.post(page).status_code == 404


def test_another_address_takes_over_only_when_it_is_confirmed(client: Client, link: str) -> None:
    mail.outbox.clear()
    client.post(link, {"tat": "mail", "email": NEW})
    assert told("Erst die alte.") == ["ada@example.org"]
    mail.outbox.clear()
    client.post(link, {"tat": "mail", "email": NEW})
    client.post(question())
    assert told("Jetzt die neue.") == [NEW]


def test_mail_ends_and_begins_again_and_the_address_goes_where_that_is_wished(
    client: Client, link: str
) -> None:
    client.post(link, {"tat": "mail-aus"})
    assert told("Still.") == []
    assert "Adresse löschen" in client.get(link).content.decode()
    client.post(link, {"tat": "mail-an"})
    assert told("Wieder.") == ["ada@example.org"]
    client.post(link, {"tat": "mail-aus", "loeschen": "1"})
    assert Party.objects.get().email == ""
    assert client.post(link, {"tat": "mail-an"}).status_code == 409


def test_a_refused_address_is_forgotten(client: Client, quiet: str) -> None:
    client.post(quiet, {"tat": "mail", "email": NEW})
    assert "Die Adresse ist gelöscht" in client.post(question(), {"nein": "1"}).content.decode()
    assert not AccessLink.objects.filter(email=NEW).exists()
    assert told("Niemand.") == []


def test_neither_link_opens_what_the_other_opens(client: Client, quiet: str) -> None:
    client.post(quiet, {"tat": "mail", "email": NEW})
    address, case = question().split("/")[3], quiet.split("/")[3]
    assert client.get(f"/dienste/vorgang/{address}/").status_code == 404
    assert client.post(f"/dienste/email/{case}/").status_code == 404


@pytest.mark.parametrize(
    "email", ["", "keine", "a@b\0.de", "a@b.de\nBcc: c@d.de", "x" * 300 + "@example.org"]
)
def test_what_is_no_address_is_named(client: Client, quiet: str, email: str) -> None:
    answer = client.post(quiet, {"tat": "mail", "email": email})
    assert answer.status_code == 422
    assert 'href="#email"' in answer.content.decode()


def test_one_case_asks_few_addresses_a_day(
    client: Client, quiet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "address_pace", Pace(100, 100))
    sent = [client.post(quiet, {"tat": "mail", "email": f"a{n}@example.org"}).status_code for n in range(4)]
    assert sent == [302, 302, 302, 429]


def test_one_address_is_asked_about_few_cases(
    client: Client, allotment: object, begun: Callable[[], str]
) -> None:
    mail.outbox.clear()
    for _ in range(7):
        link = send(client, begun(), email="")
        assert client.post(link, {"tat": "mail", "email": NEW}).status_code == 302
    assert len([one for one in mail.outbox if one.to == [NEW]]) == 5


def test_an_account_chooses_inbox_or_mail(client: Client, quiet: str) -> None:
    Party.objects.update(user=User.objects.create(email="konto@example.org", name="K"))
    assert "/postfach/" in client.get(quiet).content.decode()
    client.post(quiet, {"tat": "mail-an"})
    assert told("Auch als Mail.") == ["konto@example.org"]
