"""Batches as multipart/mixed: parts of application/http, change sets as parts of multipart/mixed (OData 4.01, 11.7)."""

import re
from collections.abc import Iterator, Sequence
from email.message import Message
from email.parser import BytesHeaderParser
from http import HTTPStatus
from uuid import uuid4

from stadt.core.errors import TooLarge
from stadt.hub.sta.batch.parts import MOST_PARTS, ChangeSet, Part, Unit, bad_batch
from stadt.hub.sta.batch.replies import Answer, Reply, SetAnswer

MULTIPART, HTTP = "multipart/mixed", "application/http"
BLANK_LINE = re.compile(rb"\r?\n(?:\r?\n|\Z)")
LINE_END = re.compile(rb"\r?\n")
LONGEST_HEADERS = 8_192
MIME = BytesHeaderParser()


def read_multipart(body: bytes, content_type: str) -> list[Unit]:
    """The requests and change sets of a body.

    Raises:
        BadRequest: it is no such message; the part is named.
        TooLarge: it has too many parts.
    """
    head = _headers(f"Content-Type: {content_type}".encode(), "batch")
    units: list[Unit] = []
    for number, content in enumerate(_split(body, head, "batch")):
        place = f"parts[{number}]"
        inner, rest = _head_and_rest(content, place)
        if inner.get_content_type() == MULTIPART:
            parts = []
            for n, piece in enumerate(_split(rest, inner, place)):
                where = f"{place}.parts[{n}]"
                headers, request = _head_and_rest(piece, where)
                if headers.get_content_type() == MULTIPART:
                    raise bad_batch(where, "a change set holds no change set")
                parts.append(_request(headers, request, where))
            if not parts:
                raise bad_batch(place, "is a change set without changes")
            units.append(ChangeSet("", tuple(parts)))
        else:
            units.append(_request(inner, rest, place))
    return units


def _split(body: bytes, head: Message, place: str) -> Iterator[bytes]:
    """What stands between the delimiter lines (RFC 2046, 5.1.1); lines end with CRLF or with LF alone.

    The delimiters of an inner multipart are other ones, so that two levels are two passes over the bytes, however they
    are nested.
    """
    boundary = head.get_param("boundary")
    if not isinstance(boundary, str) or not 0 < len(boundary) <= 70:
        raise bad_batch(place, "the Content-Type names no boundary of 1 to 70 characters")
    mark = re.escape(boundary.encode("utf-8", "surrogateescape"))
    delimiter = re.compile(rb"(?:\A|\r\n|\n)--" + mark + rb"(--)?[ \t]*(?=\r\n|\n|\Z)")
    start: int | None = None
    count = 0
    for match in delimiter.finditer(body):
        if start is not None:
            count += 1
            if count > MOST_PARTS:
                raise TooLarge(f"At most {MOST_PARTS} requests are taken at once.")
            content = body[start : match.start()]
            line = LINE_END.match(content)
            yield content[line.end() :] if line else content
        if match[1]:
            return
        start = match.end()
    raise bad_batch(place, "the delimiter line that ends it is missing")


def _head_and_rest(content: bytes, place: str) -> tuple[Message, bytes]:
    if LINE_END.match(content):
        raise bad_batch(place, f"has no headers; it needs Content-Type: {HTTP} or {MULTIPART}")
    end = BLANK_LINE.search(content)
    if end is None:
        raise bad_batch(place, "has no empty line behind its headers")
    return _headers(content[: end.start()], place), content[end.end() :]


def _headers(lines: bytes, place: str) -> Message:
    if len(lines) > LONGEST_HEADERS:
        raise bad_batch(place, f"has more than {LONGEST_HEADERS} bytes of headers")
    if not lines:
        return Message()
    found = MIME.parsebytes(lines + b"\r\n\r\n")
    if found.defects or found.get_payload():
        raise bad_batch(place, "has headers that cannot be read")
    return found


def _request(headers: Message, content: bytes, place: str) -> Part:
    """One request as in RFC 9112. Its Content-Length is not looked at: the delimiter says where it ends."""
    if headers.get_content_type() != HTTP:
        raise bad_batch(place, f"has the Content-Type {headers.get_content_type()[:60]!r} instead of {HTTP}")
    if str(headers.get("Content-Transfer-Encoding", "binary")).strip().lower() not in {
        "binary",
        "8bit",
        "7bit",
    }:
        raise bad_batch(place, "has a Content-Transfer-Encoding other than binary, 8bit or 7bit")
    content = content.lstrip(b"\r\n")
    line_end = LINE_END.search(content)
    line = content[: line_end.start()] if line_end else content
    try:
        words = line.decode().split()
    except UnicodeDecodeError:
        raise bad_batch(place, "the request line is not UTF-8") from None
    if len(words) > 2 and words[-1].upper().startswith("HTTP/"):
        words.pop()  # the examples of 18-088 leave it out
    if len(words) < 2:
        raise bad_batch(place, "expected a request line such as GET Things(1) HTTP/1.1")
    end = BLANK_LINE.search(content)
    between = (
        content[line_end.end() : end.start()] if line_end and end and end.start() >= line_end.end() else b""
    )
    inner = _headers(between, place)
    body = content[end.end() :] if end else b""
    return Part(
        id=str(headers.get("Content-ID", inner.get("Content-ID", ""))).strip().strip("<>"),
        place=place,
        method=words[0].upper(),
        url=" ".join(words[1:]),
        headers={name.lower(): str(value) for name, value in inner.items()},
        body=body if body.strip() else b"",
    )


def write_multipart(answers: Sequence[Answer | SetAnswer]) -> tuple[bytes, bytes]:
    """The answers as a body and its Content-Type. A change set that failed is one answer (OData 4.01, 11.7.6)."""
    boundary = f"batchresponse_{uuid4()}"
    pieces: list[bytes] = []
    for item in answers:
        pieces.append(b"--%s\r\n" % boundary.encode())
        if isinstance(item, Answer):
            pieces += _http(item)
        elif item.failed is not None:
            pieces += _http(item.failed)
        else:
            inner = f"changesetresponse_{uuid4()}"
            pieces.append(b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n" % inner.encode())
            for answer in item.answers:
                pieces += [b"--%s\r\n" % inner.encode(), *_http(answer)]
            pieces.append(b"--%s--\r\n" % inner.encode())
    pieces.append(b"--%s--\r\n" % boundary.encode())
    return b"".join(pieces), b"multipart/mixed; boundary=%s" % boundary.encode()


def _http(answer: Answer) -> Iterator[bytes]:
    reply: Reply = answer.reply
    yield b"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
    if answer.part.id:
        yield b"Content-ID: %s\r\n" % answer.part.id.encode()
    yield b"\r\nHTTP/1.1 %d %s\r\n" % (reply.status, HTTPStatus(reply.status).phrase.encode())
    for name, value in reply.headers:
        yield b"%s: %s\r\n" % (name.title(), value)
    yield b"Content-Length: %d\r\n\r\n" % len(reply.body)
    yield reply.body
    yield b"\r\n"
