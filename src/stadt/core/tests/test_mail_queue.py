"""Mail leaves by a job of the transaction that caused it, whatever the mail server does."""

import json
import logging
import socket
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.db import connection, transaction

from stadt.core import jobs, mail_queue
from stadt.core.mail_queue import JOB, PAUSES, MailRefused, MailWaits, deliver
from stadt.core.registry import registry

pytestmark = pytest.mark.django_db
BACKEND = "stadt.core.mail_queue.QueueBackend"


class SmtpServer(socketserver.ThreadingTCPServer):
    """A small mail server that behaves as the test says: `accept`, or a reply to one of the commands."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.replies: dict[str, str] = {}
        self.hangs = threading.Event()
        self.is_hanging = False
        self.drops = False
        self.messages: list[tuple[list[str], str]] = []


class _Session(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        if self.server.is_hanging:
            self.server.hangs.wait(30)
            return
        self._say("220 test")
        recipients: list[str] = []
        while line := self.rfile.readline().decode():
            word = line.split(None, 1)[0].upper().rstrip(":") if line.strip() else ""
            if self.server.drops and word == "MAIL":
                return
            if word == "RCPT":
                recipients.append(line.strip().partition(":")[2].strip("<>"))
            if word == "DATA" and word not in self.server.replies:
                self._say("354 go on")
                self.server.messages.append((recipients, self._body()))
                self._say(self.server.replies.get("END", "250 taken"))
            else:
                self._say(self.server.replies.get(word, "221 bye" if word == "QUIT" else "250 ok"))
            if word == "QUIT":
                return

    def _body(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        return "".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def server(settings: Any) -> Iterator[SmtpServer]:
    mail_queue._Server.rests_until = 0.0
    with SmtpServer() as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = found.socket.getsockname()
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 5
        yield found
        found.hangs.set()
        found.shutdown()
        thread.join()
    mail_queue._Server.rests_until = 0.0


def send(*to: str, subject: str = "Ihr Vorgang", **more: Any) -> None:
    EmailMessage(
        subject, "Text für Sie", "stadt@stadt.example", list(to), connection=get_connection(BACKEND), **more
    ).send()


def queued() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo' ORDER BY id", [JOB]
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def deliver_all() -> None:
    for arguments in queued():
        deliver(**arguments)


def test_a_mail_that_is_sent_waits_in_the_queue_and_asks_no_server(server: SmtpServer) -> None:
    server.is_hanging = True
    send("a@stadt.example")
    assert [item["recipient"] for item in queued()] == ["a@stadt.example"]


def test_a_mail_goes_with_the_transaction_that_caused_it() -> None:
    with transaction.atomic():
        send("a@stadt.example")
        transaction.set_rollback(True)
    assert queued() == []


def test_each_recipient_gets_the_same_message_once(server: SmtpServer) -> None:
    send("a@stadt.example", "b@stadt.example", "a@stadt.example", bcc=["c@stadt.example"])
    deliver_all()
    assert [recipients for recipients, _ in server.messages] == [
        ["a@stadt.example"], ["b@stadt.example"], ["c@stadt.example"]
    ]  # fmt: skip
    marks = {
        line for _, text in server.messages for line in text.split("\r\n") if line.startswith("Message-ID")
    }
    assert len(marks) == 1
    assert all("c@stadt.example" not in text for _, text in server.messages)
    assert all("Subject: Ihr Vorgang" in text for _, text in server.messages)


def test_another_form_and_a_file_arrive_with_the_text(server: SmtpServer) -> None:
    message = EmailMultiAlternatives(
        "Ihr Vorgang", "Text", to=["a@stadt.example"], connection=get_connection(BACKEND)
    )
    message.attach_alternative("<p>Text</p>", "text/html")
    message.attach("bescheid.txt", "Ihr Bescheid", "text/plain")
    message.send()
    deliver_all()
    [(_, text)] = server.messages
    assert "<p>Text</p>" in text
    assert 'filename="bescheid.txt"' in text


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "END"])
def test_a_refusal_for_good_is_final_and_names_no_address(server: SmtpServer, command: str) -> None:
    server.replies[command] = "550 no such user geheim@stadt.example"
    send("geheim@stadt.example")
    with pytest.raises(MailRefused) as refused:
        deliver_all()
    assert "geheim" not in repr(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "END"])
def test_a_refusal_for_now_is_tried_again(server: SmtpServer, command: str) -> None:
    server.replies[command] = "451 try later"
    send("a@stadt.example")
    with pytest.raises(MailWaits):
        deliver_all()


def test_a_connection_that_is_dropped_is_tried_again(server: SmtpServer) -> None:
    server.drops = True
    send("a@stadt.example")
    with pytest.raises(MailWaits):
        deliver_all()
    server.drops = False
    deliver_all()
    assert len(server.messages) == 1


def test_a_server_that_hangs_is_left_alone_for_a_while(server: SmtpServer, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    server.is_hanging = True
    send("a@stadt.example")
    with pytest.raises(MailWaits, match="not"):
        deliver_all()
    server.is_hanging = False
    with pytest.raises(MailWaits, match="a moment ago"):
        deliver_all()
    assert server.messages == []


def test_a_server_that_is_not_there_is_tried_again(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings.EMAIL_HOST, settings.EMAIL_PORT = free.getsockname()
    settings.MAIL_TRANSPORT, settings.EMAIL_USE_TLS = "django.core.mail.backends.smtp.EmailBackend", False
    mail_queue._Server.rests_until = 0.0
    send("a@stadt.example")
    with pytest.raises(MailWaits, match="ConnectionRefusedError"):
        deliver_all()
    mail_queue._Server.rests_until = 0.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "Hallo\nBcc: x@evil.example"},
        {"to": "a@stadt.example\nBcc: x@evil.example"},
        {"to": "a@stadt.example\r\nRCPT TO:<x@evil.example>"},
        {"reply_to": ["a@stadt.example\nBcc: x@evil.example"]},
        {"headers": {"X-Case": "1\nBcc: x@evil.example"}},
        {"bcc": ["a@stadt.example\nx"]},
    ],
    ids=["subject", "to", "to with a command", "reply-to", "header", "bcc"],
)
def test_a_line_break_in_a_header_is_refused_before_anything_is_queued(wrong: dict[str, Any]) -> None:
    to = wrong.pop("to", "a@stadt.example")
    with pytest.raises(ValueError):  # noqa: PT011 - Django's BadHeaderError is one
        send(to, **wrong)
    assert queued() == []


def test_attempts_go_on_for_a_day_with_growing_pauses() -> None:
    job = registry.jobs[JOB]
    assert job.pauses == PAUSES
    assert sum(pause.total_seconds() for pause in PAUSES) > 24 * 3600
    assert list(PAUSES) == sorted(PAUSES)
    strategy = jobs.Pauses(job.pauses, job.final)
    assert strategy.pause(0, MailWaits()) == PAUSES[0]
    assert strategy.pause(len(PAUSES), MailWaits()) is None
    assert strategy.pause(0, MailRefused()) is None


def test_the_content_of_a_mail_that_failed_is_deleted_after_two_weeks() -> None:
    send("alt@stadt.example")
    send("neu@stadt.example")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '15 days' WHERE job_id ="
            " (SELECT id FROM procrastinate_jobs WHERE args ->> 'recipient' = 'alt@stadt.example')"
        )
        mail_queue.forget_failed()
        cursor.execute("SELECT args ->> 'recipient' FROM procrastinate_jobs WHERE task_name = %s", [JOB])
        assert cursor.fetchall() == [("neu@stadt.example",)]


def test_the_queue_writes_no_arguments_into_the_log() -> None:
    from stadt.core.log import QueueFilter

    record = logging.LogRecord(
        "procrastinate.worker", logging.ERROR, "", 0, "Job x(recipient='geheim@x')", (), None
    )
    record.job, record.action = (
        {"id": 7, "task_name": JOB, "task_kwargs": {"recipient": "geheim@x"}},
        "job_error",
    )
    assert QueueFilter().filter(record)
    assert record.getMessage() == "job_error: job 7 (core.send_mail)"
