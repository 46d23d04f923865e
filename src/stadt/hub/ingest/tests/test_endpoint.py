"""The webhook takes what is meant for it, answers after the commit, and refuses the rest by field."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.utils import timezone

from stadt.core import asgi
from stadt.core.database.pool import close_async_pool
from stadt.core.errors import StadtError, problem
from stadt.core.tokens import issue_token
from stadt.hub.ingest.endpoint import handle
from stadt.hub.ingest.models import Device, RawFrame, Refusal, Source, SourceState
from stadt.hub.ingest.services import change_source
from stadt.hub.ingest.tests.city import OPERATOR, make_profile, make_source, make_token, organisation
from stadt.hub.ingest.tests.uplinks import body, uplink
from stadt.hub.observations.models import Observation, Thing
from stadt.hub.observations.rights import READ

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Call:
    """A request to the webhook."""

    secret: str = ""
    content: bytes = b""
    slug: str = "rathaus"
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None


@dataclass(frozen=True)
class Answer:
    status: int
    document: dict[str, Any]

    @property
    def fields(self) -> list[str]:
        return [item["field"] for item in self.document.get("errors", ())]


async def _ask(call: Call) -> Answer:
    sent: list[asgi.Message] = []
    given = {"authorization": f"Bearer {call.secret}"} if call.secret else {}
    length = {} if call.length is None else {"content-length": str(call.length)}
    headers = [(k.lower().encode(), v.encode()) for k, v in {**given, **length, **call.headers}.items()]
    scope = {"type": "http", "method": call.method, "path": f"/ingest/tts/{call.slug}", "headers": headers}

    async def receive() -> asgi.Message:
        return {"type": "http.request", "body": call.content, "more_body": False}

    async def send(message: asgi.Message) -> None:
        sent.append(message)

    try:
        await handle(scope, receive, send)
    except StadtError as error:
        return Answer(error.status, problem(error))
    return Answer(sent[0]["status"], msgspec.json.decode(sent[1]["body"]))


def ask(*calls: Call) -> list[Answer]:
    async def together() -> list[Answer]:
        try:
            return await asyncio.gather(*(_ask(call) for call in calls))
        finally:
            await close_async_pool()

    return asyncio.run(together())


@pytest.fixture
def source() -> Source:
    return make_source(make_profile())


@pytest.fixture
def call(source: Source) -> Call:
    return Call(make_token(source), body(uplink()))


def assert_nothing_was_written() -> None:
    assert not Observation.objects.exists()
    assert not RawFrame.objects.exists()
    assert not Thing.objects.exists()
    assert not Device.objects.exists()


def test_an_uplink_is_stored_when_it_is_acknowledged(call: Call) -> None:
    [answer] = ask(call)
    assert answer.status == 200
    assert answer.document == {
        "readings": 1,
        "duplicate": False,
        "left_out": [{"field": "temperature", "reason": "missing"}],
    }
    assert Observation.objects.get().result_number == 62


def test_the_token_may_stand_in_a_header_of_its_own(call: Call) -> None:
    [answer] = ask(replace(call, secret="", headers={"X-Stadt-Token": call.secret}))
    assert answer.status == 200


def test_many_at_once_are_each_stored_once(call: Call) -> None:
    calls = [replace(call, content=body(uplink(device_id=f"device-{n % 20}", f_cnt=n))) for n in range(60)]
    answers = ask(*calls, *calls[:30])
    assert [answer.status for answer in answers] == [200] * 90
    assert sum(answer.document["duplicate"] for answer in answers) == 30
    assert Observation.objects.count() == 60


def test_other_kinds_of_messages_are_acknowledged_and_ignored(call: Call) -> None:
    content = body(
        {"end_device_ids": {"device_id": "container-0001"}, "join_accept": {"session_key_id": "x"}}
    )
    [answer] = ask(replace(call, content=content))
    assert (answer.status, answer.document) == (202, {"readings": 0, "ignored": "join_accept"})
    assert_nothing_was_written()


@pytest.mark.parametrize(
    ("content", "status", "field"),
    [
        (b'{"end_device_ids"', 400, "body"),
        (body(uplink(f_cnt=1) | {"simulated": "yes"}), 422, "simulated"),
        (body(uplink({"fill_level": float("nan")})), 422, "uplink_message.decoded_payload.fill_level"),
        (body(uplink({"fill_level": "62"})), 422, "uplink_message.decoded_payload.fill_level"),
        (body(uplink(received_at="9999-01-01T00:00:00Z")), 422, "uplink_message.received_at"),
    ],
)
def test_a_wrong_message_is_refused_by_its_field_and_nothing_is_written(
    call: Call, content: bytes, status: int, field: str
) -> None:
    [answer] = ask(replace(call, content=content))
    assert (answer.status, answer.fields) == (status, [field])
    assert_nothing_was_written()


def test_a_body_of_50_megabytes_is_refused_before_it_is_read(call: Call) -> None:
    [answer] = ask(replace(call, content=b"", length=50_000_000))
    assert answer.status == 413
    assert_nothing_was_written()


def test_a_body_that_grows_beyond_the_limit_is_refused(call: Call) -> None:
    [answer] = ask(replace(call, content=b" " * 300_000))
    assert answer.status == 413


def test_an_unknown_device_is_refused_where_there_is_no_profile_for_it() -> None:
    closed = make_source(slug="geschlossen")
    [answer] = ask(Call(make_token(closed), body(uplink()), slug="geschlossen"))
    assert (answer.status, answer.document["code"]) == (422, "unknown-device")
    assert answer.fields == ["end_device_ids.device_id"]
    assert_nothing_was_written()


@pytest.mark.parametrize("secret", ["", "stadt_wrong", "wrong"])
def test_a_missing_or_wrong_token_is_401(call: Call, secret: str) -> None:
    [answer] = ask(replace(call, secret=secret))
    assert answer.status == 401
    assert_nothing_was_written()


def test_a_token_of_another_source_is_403(call: Call) -> None:
    other = make_source(slug="andere")
    [answer] = ask(replace(call, secret=make_token(other)))
    assert answer.status == 403
    assert_nothing_was_written()


def test_a_token_without_the_scope_is_403(source: Source, call: Call) -> None:
    expires_at = timezone.now() + timedelta(days=1)
    _, secret = issue_token(
        OPERATOR,
        "liest nur",
        (READ,),
        expires_at=expires_at,
        organisation=organisation(),
        subject=source.subject,
    )
    [answer] = ask(replace(call, secret=secret))
    assert answer.status == 403


def test_a_source_that_is_switched_off_takes_nothing(source: Source, call: Call) -> None:
    change_source(
        OPERATOR,
        source,
        title="x",
        enabled=False,
        default_profile=source.default_profile,
        keep_frames_days=30,
    )
    [answer] = ask(call)
    assert answer.status == 403
    assert_nothing_was_written()


@pytest.mark.parametrize("slug", ["unbekannt", "", "../rathaus", "rathaus/mehr"])
def test_an_unknown_source_is_404(call: Call, slug: str) -> None:
    [answer] = ask(replace(call, slug=slug))
    assert answer.status == 404


def test_other_methods_are_405(call: Call) -> None:
    [answer] = ask(replace(call, method="GET"))
    assert answer.status == 405


def test_refused_messages_are_counted_without_their_content(call: Call) -> None:
    ask(replace(call, content=body(uplink({"fill_level": "geheim"}))))
    ask(replace(call, content=body(uplink({"fill_level": "geheim"}))))
    ask(replace(call, content=b"kaputt"))
    rows = {(item.device_id, item.code, item.field, item.count) for item in Refusal.objects.all()}
    assert rows == {
        ("container-0001", "invalid", "uplink_message.decoded_payload.fill_level", 2),
        ("", "bad-request", "body", 1),
    }
    assert SourceState.objects.get().refused == 3
