"""What the mail server says about mail that came back is read from its folder, whatever else lies there."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from stadt.civic.messages.jobs import follow
from stadt.civic.messages.models import Delivery, DeliveryState
from stadt.civic.messages.services import Recipient, write_message
from stadt.civic.messages.services.bounces import failed_id
from stadt.core.people.actor import Actor

REPORT = """From: MAILER-DAEMON@mail.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

I could not deliver this.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; nobody@example.org
Action: {action}
Status: 5.1.1

--x
Content-Type: {kind}

Message-ID: {mail_id}
Subject: Neue Nachricht

--x--
"""

WITHIN_EACH_OTHER = "".join(
    f'Content-Type: multipart/report; boundary="{number}"\n\n--{number}\n' for number in range(3000)
).encode()


def report(mail_id: str = "<a@b>", action: str = "failed", kind: str = "message/rfc822") -> bytes:
    return REPORT.format(mail_id=mail_id, action=action, kind=kind).encode()


@pytest.mark.django_db
def test_a_mail_that_came_back_is_noted_and_its_report_deleted(tmp_path: Path, settings: Settings) -> None:
    settings.STADT = replace(settings.STADT, home=tmp_path)
    write_message(Actor.system("test"), "case:1", "Text", recipients=[Recipient(email="nobody@example.org")])
    follow()
    assert Delivery.objects.get().state == DeliveryState.SENT
    folder = tmp_path / "bounces" / "new"
    folder.mkdir(parents=True)
    (folder / "1").write_bytes(report(Delivery.objects.get().mail_id))
    (folder / "2").write_bytes(b"\x00 spam")
    (folder / "3").symlink_to(tmp_path)
    (folder / "0-nul").write_bytes(report("<a\0@b>"))
    (folder / "0-deep").write_bytes(WITHIN_EACH_OTHER)
    follow()
    assert Delivery.objects.get().state == DeliveryState.BOUNCED
    assert [place.name for place in folder.iterdir()] == ["3"]


def test_the_original_may_be_whole_or_its_head_only() -> None:
    assert failed_id(report()) == failed_id(report(kind="text/rfc822-headers")) == "<a@b>"


@pytest.mark.parametrize(
    "content", [report(action="delayed"), report(kind="text/plain"), b"Message-ID: <a@b>\n\nfailed", b""]
)
def test_what_reports_no_failure_says_nothing(content: bytes) -> None:
    assert failed_id(content) == ""


@given(st.binary(max_size=300), st.integers(0, 600))
def test_nothing_that_lies_there_stops_the_reading(noise: bytes, at: int) -> None:
    whole = report()
    failed_id(whole[:at] + noise + whole[at:])
