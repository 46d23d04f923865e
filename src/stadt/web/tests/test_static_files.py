"""Static files are sent precompressed where the browser can, for ever where the name carries a hash, never from outside."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from stadt.core.errors import MethodNotAllowed, NotFound
from stadt.web import assets, static_files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "static"
    (root / "stadt" / "assets").mkdir(parents=True)
    (root / "stadt" / "assets" / "base-CJix67cf.js").write_text("let plain")
    (root / "stadt" / "assets" / "base-CJix67cf.js.br").write_bytes(b"brotli")
    (root / "stadt" / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("geheim")
    (root / "secret.css").symlink_to(tmp_path / "secret.txt")
    monkeypatch.setattr(static_files, "STATIC_ROOT", root)
    static_files.find_file.cache_clear()
    return root


def get(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": raw, "extensions": {}}
    asyncio.run(static_files.handle_static(scope, receive, send))
    names = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], names, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.usefixtures("folder")
def test_a_hashed_file_is_sent_compressed_and_cached_for_ever() -> None:
    status, headers, body = get("/static/stadt/assets/base-CJix67cf.js", accept_encoding="gzip, br;q=0.9")
    assert (status, body) == (200, b"brotli")
    assert headers["content-encoding"] == "br"
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in headers["cache-control"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("accepted", ["", "identity", "br;q=0"])
def test_a_browser_that_cannot_unpack_gets_the_plain_file(accepted: str) -> None:
    _, headers, body = get("/static/stadt/assets/base-CJix67cf.js", accept_encoding=accepted)
    assert body == b"let plain"
    assert "content-encoding" not in headers
    assert headers["vary"] == "Accept-Encoding"


@pytest.mark.usefixtures("folder")
def test_an_unhashed_file_is_cached_briefly_and_asked_for_by_etag() -> None:
    _, headers, _ = get("/static/stadt/icon.svg")
    assert "immutable" not in headers["cache-control"]
    assert get("/static/stadt/icon.svg", if_none_match=headers["etag"])[0] == 304


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret.txt",
        "/static/secret.css",
        "/static/stadt",
        "/static/stadt/missing.js",
        "/static/a\0.js",
    ],
)
def test_nothing_outside_the_folder_is_sent(path: str) -> None:
    with pytest.raises(NotFound):
        get(path)


def test_only_reading_is_allowed() -> None:
    with pytest.raises(MethodNotAllowed):
        get("/static/stadt/icon.svg", "POST")


def test_an_entry_brings_its_imports_and_their_styles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "manifest.json").write_text(
        '{"src/a.ts": {"file": "assets/a-1.js", "imports": ["_b.js"], "css": ["assets/a-1.css"]},'
        ' "_b.js": {"file": "assets/b-1.js", "css": ["assets/b-1.css"], "imports": ["_b.js"]}}'
    )
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    entry = assets.find_entry("src/a.ts")
    assert entry == assets.Entry(
        "/static/stadt/assets/a-1.js",
        ("/static/stadt/assets/b-1.js",),
        ("/static/stadt/assets/a-1.css", "/static/stadt/assets/b-1.css"),
    )


def test_the_doctor_is_told_when_nothing_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    assert "nicht gebaut" in (assets.missing_assets() or "")
