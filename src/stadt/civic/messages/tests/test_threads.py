"""Messages stay as they were written, reach their readers, and can be erased by one verb only."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import Error, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from stadt.civic.messages import services
from stadt.civic.messages.models import AuthorKind, Delivery, DeliveryState, Message, Thread
from stadt.civic.messages.queries import count_unread, thread_of
from stadt.civic.messages.services import Recipient, write_message
from stadt.civic.messages.services import threads as writing
from stadt.civic.messages.wording import LONGEST_TITLE, check_template, fill, one_line
from stadt.core.errors import Forbidden, Invalid
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, User

pytestmark = pytest.mark.django_db
OFFICE = Actor.system("command:test")


@pytest.fixture(autouse=True)
def outbox(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Mails as they would be queued."""
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def resident() -> User:
    return User.objects.create_user("erika@example.org", "x")


@pytest.mark.parametrize(
    "change",
    [
        lambda: Message.objects.update(text="other"),
        lambda: Message.objects.update(author_kind="citizen"),
        lambda: Message.objects.all().delete(),
        lambda: Message.objects.update(erased_at="2026-01-01T00:00Z", text=""),
    ],
)
def test_nobody_changes_a_message(change: Callable[[], object]) -> None:
    write_message(OFFICE, "case:1", "Wir kümmern uns.")
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        change()
    assert Message.objects.get().text == "Wir kümmern uns."


def test_even_while_erasing_no_other_words_are_put_in() -> None:
    write_message(OFFICE, "case:1", "Wir kümmern uns.")
    with pytest.raises(Error, match="never changed"), transaction.atomic(), writing._erasing():
        Message.objects.update(text="Nein.")


def test_erasing_leaves_that_there_was_a_message_and_closes_the_door_again(resident: User) -> None:
    secret = services.make_link("case:1", "reporter", "a@example.org")
    write_message(
        OFFICE, "case:1", "Wir kümmern uns.", plain="Wir tun es.", recipients=[Recipient(user_id=resident.pk)]
    )
    write_message(OFFICE, "case:2", "Anderes.")
    assert services.erase_messages("case:1") == 1
    gone = Message.objects.get(thread__subject="case:1")
    assert (gone.text, gone.plain_text, gone.erased_at is None) == ("", "", False)
    assert Message.objects.get(thread__subject="case:2").text == "Anderes."
    assert services.find_access(secret, "reporter") is None
    assert count_unread(resident.pk) == 0
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        Message.objects.update(text="")


def test_erasing_the_whole_leaves_nothing() -> None:
    write_message(OFFICE, "case:1", "Eins.", recipients=[Recipient(email="a@example.org")])
    assert services.erase_messages("case:1", whole=True) == 1
    assert not Thread.objects.exists()
    assert services.erase_messages("case:1") == 0


def test_a_mail_holds_a_link_and_not_what_was_written(outbox: list[Any]) -> None:
    write_message(
        OFFICE,
        "case:1",
        "Ihre Diagnose liegt vor.",
        recipients=[Recipient(email="a@example.org", url="/dienste/vorgang/geheim/")],
        title="Antrag ABCD-EFGH",
    )
    sent = outbox[0]
    assert "Diagnose" not in sent.body
    assert f"{settings.STADT.url}/dienste/vorgang/geheim/" in sent.body
    assert sent.subject == "Neue Nachricht: Antrag ABCD-EFGH"


def test_where_the_type_allows_it_the_mail_holds_the_text_and_its_plain_form(outbox: list[Any]) -> None:
    write_message(
        OFFICE,
        "case:1",
        "Die Leuchte wird instand gesetzt.",
        plain="Wir reparieren die Lampe.",
        recipients=[Recipient(email="a@example.org")],
        with_text=True,
    )
    assert "instand gesetzt" in outbox[0].body
    assert "In einfacher Sprache:\nWir reparieren die Lampe." in outbox[0].body


def test_a_mail_speaks_the_recipients_language(outbox: list[Any]) -> None:
    write_message(OFFICE, "case:1", "Text", recipients=[Recipient(email="a@example.org", language="en")])
    assert outbox[0].subject == "New message from the city"


@pytest.mark.parametrize(
    "title", ["Ein\r\nBcc: a@evil.example", "x\n\nBody", "\u2028Bcc: a@evil.example\x00"]
)
def test_no_title_begins_another_header(outbox: list[Any], title: str) -> None:
    write_message(OFFICE, "case:1", "Text", recipients=[Recipient(email="a@example.org")], title=title)
    assert outbox[0].recipients() == ["a@example.org"]
    assert "\n" not in outbox[0].subject
    assert not re.search(r"^Bcc:", outbox[0].message().as_string(), re.MULTILINE)


@pytest.mark.parametrize("email", ["a@example.org\nBcc: b@example.org", "kein", "a@b@c", "<a@example.org>"])
def test_an_address_that_is_none_is_refused_and_nothing_is_kept(email: str) -> None:
    with pytest.raises(Invalid) as refused:
        write_message(OFFICE, "case:1", "Text", recipients=[Recipient(email=email)])
    assert refused.value.fields[0].field == "email"
    assert not Thread.objects.exists()


@pytest.mark.parametrize(
    ("text", "more", "field"),
    [
        (" \n\0 ", {}, "text"),
        ("x" * 10_001, {}, "text"),
        ("x", {"plain": "x" * 10_001}, "plain"),
        ("x", {"author_kind": "boss"}, "author_kind"),
    ],
)
def test_what_cannot_be_a_message_is_refused_naming_the_field(text: str, more: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        write_message(OFFICE, "case:1", text, **more)
    assert [error.field for error in refused.value.fields] == [field]


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_mail_leads_to_the_city_only(outbox: list[Any], url: str) -> None:
    write_message(OFFICE, "case:1", "Text", recipients=[Recipient(email="a@example.org", url=url)])
    assert "evil" not in outbox[0].body
    assert "javascript" not in outbox[0].body


def test_states_of_mails_follow_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("waits", "failed", "gone"):
        write_message(OFFICE, f"case:{name}", "Text", recipients=[Recipient(email="a@example.org")])
    ids = {d.message.thread.subject: d.mail_id for d in Delivery.objects.select_related("message__thread")}
    states = {ids["case:waits"]: True, ids["case:failed"]: False}
    monkeypatch.setattr(writing, "find_states", lambda wanted: states)
    assert services.follow_deliveries(OFFICE) == 2
    found = {name: thread_of(f"case:{name}")[0].mail_state for name in ("waits", "failed", "gone")}
    assert found == {"waits": "queued", "failed": "failed", "gone": "sent"}
    assert services.note_bounce(OFFICE, ids["case:gone"])
    assert thread_of("case:gone")[0].mail_state == DeliveryState.BOUNCED
    assert not services.note_bounce(OFFICE, "<unknown@example.org>")
    with pytest.raises(Forbidden):
        services.note_bounce(Actor(kind="user", identifier="1"), "x")


def test_the_queue_knows_what_waits_in_it(settings: Any) -> None:
    settings.EMAIL_BACKEND = "stadt.core.mail_queue.QueueBackend"
    write_message(OFFICE, "case:1", "Text", recipients=[Recipient(email="a@example.org")])
    assert services.follow_deliveries(OFFICE) == 0
    Delivery.objects.update(mail_id="<sent@example.org>")
    assert services.follow_deliveries(OFFICE) == 1
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_the_audit_keeps_no_text() -> None:
    write_message(
        OFFICE, "case:1", "Ganz persönlich", recipients=[Recipient(email="a@example.org")], title="Erika"
    )
    assert "persönlich" not in str(list(AuditEntry.objects.values()))
    assert "Erika" not in str(list(AuditEntry.objects.values()))
    assert "example.org" not in str(list(AuditEntry.objects.values()))


def test_the_inbox_shows_own_threads_only(resident: User, client: Client) -> None:
    other = User.objects.create_user("max@example.org", "x")
    write_message(
        OFFICE, "case:1", "Für Erika <b>fett</b>", recipients=[Recipient(user_id=resident.pk)], title="Lampe"
    )
    write_message(OFFICE, "case:2", "Für Max", recipients=[Recipient(user_id=other.pk)], title="Baum")
    client.force_login(resident)
    shown = client.get("/postfach/").content.decode()
    assert "Lampe" in shown
    assert "Baum" not in shown
    assert "<b>fett" not in shown
    theirs = Thread.objects.get(subject="case:2").pk
    assert client.get(f"/postfach/{theirs}/").status_code == 404
    assert client.get("/postfach/999999/").status_code == 404


def test_opening_a_thread_marks_it_as_read(resident: User, client: Client) -> None:
    write_message(
        OFFICE, "case:1", "Eins", recipients=[Recipient(user_id=resident.pk)], url="/dienste/vorgang/x/"
    )
    write_message(
        Actor(kind="user", identifier=str(resident.pk)), "case:1", "Zwei", author_kind=AuthorKind.CITIZEN
    )
    assert count_unread(resident.pk) == 1
    client.force_login(resident)
    assert "Eine neue Nachricht" in client.get("/konto/").content.decode()
    answer = client.get(f"/postfach/{Thread.objects.get().pk}/")
    assert "Eins" in answer.content.decode()
    assert answer.content.decode().count('href="/postfach/"') >= 2  # in the crumbs and at the end
    assert answer["Referrer-Policy"] == "same-origin"
    assert count_unread(resident.pk) == 0


def test_the_inbox_is_closed_to_strangers(client: Client) -> None:
    assert client.get("/postfach/").status_code == 302


def test_an_empty_inbox_says_what_it_is_for(resident: User, client: Client) -> None:
    client.force_login(resident)
    assert "Noch keine Nachrichten" in client.get("/postfach/").content.decode()


def test_templates_name_declared_placeholders_only() -> None:
    check_template("Guten Tag, {reference} ist {state}.", {"reference", "state"})
    for wrong in ("{name}", "{reference.__class__}", "{reference!r}", "{0}", "{}"):
        with pytest.raises(Invalid):
            check_template(wrong, {"reference"})


def test_a_value_with_braces_is_not_filled_again() -> None:
    assert fill("{a} {b} {c}", {"a": "{b}", "b": "1"}) == "{b} 1 {c}"


@given(st.text(max_size=400), st.dictionaries(st.text("abc", min_size=1), st.text(max_size=20)))
def test_filling_never_fails_and_keeps_what_is_no_placeholder(text: str, values: dict[str, str]) -> None:
    made = fill(text, values)
    assert made == text or "{" in text


@given(st.text(max_size=400))
def test_a_title_is_one_bounded_line(text: str) -> None:
    made = one_line(text)
    assert len(made) <= LONGEST_TITLE
    assert not set(made) & set("\r\n\0\x85\u2028\u2029")
