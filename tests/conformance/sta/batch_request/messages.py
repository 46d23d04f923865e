"""Writes batches as a client does, and reads the answers with the standard library's mail parser."""

import json
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx
    from tests.conformance.sta.conftest import Client


@dataclass
class Part:
    """One answer: of a request, or of a change set with `parts`."""

    status: int = 0
    headers: dict[str, str] | None = None
    body: Any = None
    id: str = ""
    parts: "list[Part] | None" = None


def request(line: str, body: Any = None, content_id: str = "", end: str = "\r\n", **headers: str) -> str:
    """One part of application/http."""
    lines = ["Content-Type: application/http"]
    lines += [f"Content-ID: {content_id}"] if content_id else []
    lines += ["", f"{line} HTTP/1.1", "Host: 127.0.0.1:8000"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body is not None and "Content_Type" not in headers:
        lines.append("Content-Type: application/json")
    return end.join([*lines, "", "" if body is None else json.dumps(body), ""])


def joined(boundary: str, parts: list[str], end: str = "\r\n") -> str:
    """Parts as one multipart body."""
    return "".join(f"--{boundary}{end}{part}{end}" for part in parts) + f"--{boundary}--{end}"


def change_set(*parts: str, end: str = "\r\n") -> str:
    """A change set."""
    return f"Content-Type: multipart/mixed;boundary=changeset_1{end}{end}" + joined(
        "changeset_1", list(parts), end
    )


def send(
    sta: "Client", *parts: str, token: str = "manager", status: int = 200, end: str = "\r\n", **more: str
) -> list[Part]:
    """The answers to a multipart batch."""
    answer = post(sta, joined("batch_1", list(parts), end), token=token, **more)
    assert answer.status_code == status, answer.text
    if status != 200:
        return [Part(answer.status_code, body=answer.json())]
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    found = BytesParser().parsebytes(head + answer.content)
    assert not found.defects
    return [_part(item) for item in found.get_payload()]  # type: ignore[arg-type]


def post(
    sta: "Client",
    body: str | bytes,
    token: str = "manager",
    kind: str = "multipart/mixed;boundary=batch_1",
    **more: str,
) -> "httpx.Response":
    """A batch as it is."""
    headers = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in more.items()}}
    return sta.request("POST", "/$batch", token=token, content=body, headers=headers)


def send_json(
    sta: "Client", requests: list[dict[str, Any]], token: str = "manager", status: int = 200, **more: str
) -> list[dict[str, Any]]:
    """The answers to a JSON batch; the refusal of the whole batch as one."""
    answer = post(sta, json.dumps({"requests": requests}), token, "application/json", **more)
    assert answer.status_code == status, answer.text
    found: list[dict[str, Any]] = answer.json()["responses"] if status == 200 else [answer.json()]
    return found


def _part(item: Message) -> Part:
    if item.get_content_type() == "multipart/mixed":
        return Part(parts=[_part(inner) for inner in item.get_payload()])  # type: ignore[arg-type]
    assert item.get_content_type() == "application/http"
    content = item.get_payload(decode=True)
    assert isinstance(content, bytes)
    line, _, rest = content.partition(b"\r\n")
    version, status, _ = line.decode().split(" ", 2)
    assert version == "HTTP/1.1"
    inner = BytesParser().parsebytes(rest)
    text = inner.get_payload(decode=True) or b""
    assert isinstance(text, bytes)
    assert len(text) == int(inner["Content-Length"])
    kind = inner.get_content_type()
    return Part(
        int(status),
        {name.lower(): str(value) for name, value in inner.items()},
        json.loads(text) if "json" in kind and text else text.decode(),
        str(item.get("Content-ID", "")),
    )
