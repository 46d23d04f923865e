"""Plain ASGI parts: bounded bodies, and files with ranges."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.core import asgi
from stadt.core.errors import BadRequest, FieldError, Invalid, TooLarge

CONTENT = bytes(range(256)) * 20


def scope(method: str = "GET", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": "/x", "headers": pairs}


def receiving(*parts: bytes) -> asgi.Receive:
    left = list(parts)

    async def receive() -> asgi.Message:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    return receive


class Sent:
    def __init__(self) -> None:
        self.messages: list[asgi.Message] = []

    async def __call__(self, message: asgi.Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {k.decode(): v.decode() for k, v in self.messages[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(m.get("body", b"") for m in self.messages[1:])


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=6), st.integers(0, 60))
def test_a_body_arrives_whole_or_is_refused_as_too_large(parts: list[bytes], limit: int) -> None:
    reading = asgi.read_body(scope("POST"), receiving(*parts), limit)
    if sum(map(len, parts)) > limit:
        with pytest.raises(TooLarge):
            asyncio.run(reading)
    else:
        assert asyncio.run(reading) == b"".join(parts)


def test_an_announced_length_over_the_limit_is_refused_before_anything_is_read() -> None:
    async def never() -> asgi.Message:
        raise AssertionError("read")

    with pytest.raises(TooLarge, match="50000000"):
        asyncio.run(asgi.read_body(scope("POST", content_length="50000000"), never, 1000))
    with pytest.raises(BadRequest):
        asyncio.run(asgi.read_body(scope("POST", content_length="-5"), never, 1000))


def test_a_client_that_leaves_is_noticed() -> None:
    async def gone() -> asgi.Message:
        return {"type": "http.disconnect"}

    with pytest.raises(asgi.ClientLeft):
        asyncio.run(asgi.read_body(scope("POST"), gone, 10))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "a.bin"
    path.write_bytes(CONTENT)
    return path


def ask(path: Path, method: str = "GET", **headers: str) -> Sent:
    sent = Sent()
    answer = asgi.FileAnswer(path, "application/octet-stream", filename="Füllstand.csv")
    asyncio.run(asgi.send_file(scope(method, **headers), sent, answer))
    return sent


def test_a_whole_file_is_sent_with_etag_and_name(file: Path) -> None:
    sent = ask(file)
    assert (sent.status, sent.body) == (200, CONTENT)
    assert sent.headers["content-length"] == str(len(CONTENT))
    assert sent.headers["content-disposition"] == "attachment; filename*=UTF-8''F%C3%BCllstand.csv"
    again = ask(file, if_none_match=sent.headers["etag"])
    assert (again.status, again.body) == (304, b"")


@given(st.integers(0, 6000), st.integers(0, 6000))
def test_a_range_gives_exactly_its_bytes(first: int, last: int) -> None:
    path = Path(__file__)
    content = path.read_bytes()
    size = len(content)
    sent = ask(path, range=f"bytes={first}-{last}")
    if first >= size or last < first:
        assert sent.status == 416
        assert sent.headers["content-range"] == f"bytes */{size}"
    else:
        assert (sent.status, sent.body) == (206, content[first : last + 1])
        assert sent.headers["content-range"] == f"bytes {first}-{min(last, size - 1)}/{size}"


def test_suffix_open_and_foreign_ranges(file: Path) -> None:
    assert ask(file, range="bytes=-10").body == CONTENT[-10:]
    assert ask(file, range="bytes=5000-").body == CONTENT[5000:]
    assert ask(file, range="pages=1-2").status == 200
    assert ask(file, range="bytes=0-1,4-5").status == 200
    assert ask(file, range="bytes=a-b").status == 200
    assert ask(file, range="bytes=²-").status == 200
    assert ask(file, range="bytes=0-1", if_range='"other"').status == 200


def test_head_gives_the_headers_only(file: Path) -> None:
    sent = ask(file, "HEAD")
    assert (sent.status, sent.body, sent.headers["content-length"]) == (200, b"", str(len(CONTENT)))


def test_a_refusal_is_a_problem_document_naming_the_fields() -> None:
    sent = Sent()
    asyncio.run(asgi.send_problem(sent, Invalid("So nicht.", fields=(FieldError("result", "NaN"),)), "/sta"))
    assert sent.status == 422
    assert sent.headers["content-type"] == "application/problem+json"
    assert sent.body == (
        b'{"type":"urn:stadt:error:invalid","title":"Unprocessable Entity","status":422,"detail":"So nicht.",'
        b'"code":"invalid","instance":"/sta","errors":[{"field":"result","message":"NaN"}]}'
    )
