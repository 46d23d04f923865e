"""The demo keeps its mail for readers on the same machine, and for nobody else."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client, RequestFactory

from stadt.web.mailbox import KEPT_MESSAGES, MailboxBackend, is_reachable
from stadt.web.models import DemoMessage


@pytest.fixture
def demo(settings: Any) -> Any:
    settings.STADT = replace(settings.STADT, demo=True, mail_url=None, url="http://127.0.0.1:8000")
    return settings


def send(subject: str = "Hallo", body: str = "Text mit https://stadt.example/x?a=1&b=2 <b>") -> None:
    MailboxBackend().send_messages([EmailMessage(subject, body, "stadt@example.org", ["a@example.org"])])


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_a_message_can_be_read_as_plain_text() -> None:
    send()
    client = Client(SERVER_NAME="127.0.0.1")
    message = DemoMessage.objects.get()
    assert "Hallo" in client.get("/demo/postfach/").content.decode()
    page = client.get(f"/demo/postfach/{message.pk}/").content.decode()
    assert "&lt;b&gt;" in page
    assert 'href="https://stadt.example/x?a=1&amp;b=2"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [{"demo": False}, {"mail_url": "smtp://mail.example"}, {"url": "https://stadt.example"}],
    ids=["no demo", "with a mail server", "with a public address"],
)
def test_there_is_no_mailbox_outside_a_local_demo(demo: Any, changes: dict[str, Any]) -> None:
    demo.STADT = replace(demo.STADT, **changes)
    assert Client(SERVER_NAME="127.0.0.1").get("/demo/postfach/").status_code == 404


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "meta",
    [{"SERVER_NAME": "stadt.example"}, {"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}],
    ids=["host", "peer", "proxy"],
)
def test_other_machines_cannot_reach_it(demo: Any, meta: dict[str, str]) -> None:
    demo.ALLOWED_HOSTS = ["*"]
    assert not is_reachable(RequestFactory().get("/", **({"SERVER_NAME": "localhost"} | meta)))  # type: ignore[arg-type]
    assert is_reachable(RequestFactory().get("/", SERVER_NAME="localhost"))


@pytest.mark.django_db
def test_only_the_newest_messages_are_kept() -> None:
    DemoMessage.objects.bulk_create(DemoMessage(subject=str(number)) for number in range(KEPT_MESSAGES))
    send("die neueste")
    assert DemoMessage.objects.count() == KEPT_MESSAGES
    assert not DemoMessage.objects.filter(subject="0").exists()
    assert DemoMessage.objects.first() == DemoMessage.objects.get(subject="die neueste")
