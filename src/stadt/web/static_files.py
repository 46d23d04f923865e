"""Sends the built scripts, styles, fonts and pictures: precompressed, cached for ever where the name carries a hash."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from stadt.core import asgi
from stadt.core.errors import MethodNotAllowed, NotFound
from stadt.web.assets import STATIC_ROOT, STATIC_URL

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".md": "text/markdown; charset=utf-8",
}
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
HASHED = re.compile(r"/assets/.+-[\w-]{8}\.\w+$")
FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"


async def handle_static(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """Answer `/static/…` (plain ASGI).

    Raises:
        MethodNotAllowed: for anything but GET and HEAD.
        NotFound: for files that do not exist, are not of a known type or lie outside the folder.
    """
    if scope["method"] not in {"GET", "HEAD"}:
        raise MethodNotAllowed(headers={"Allow": "GET, HEAD"})
    path = find_file(scope["path"].removeprefix(STATIC_URL))
    if path is None:
        raise NotFound("Diese Datei gibt es nicht.")
    variant, encoding = _variant(path, asgi.header(scope, b"accept-encoding"))
    headers = {} if encoding else {"Vary": "Accept-Encoding"}
    answer = asgi.FileAnswer(
        variant,
        MEDIA_TYPES[path.suffix],
        cache_control=FOR_EVER if HASHED.search(path.as_posix()) else BRIEFLY,
        encoding=encoding,
        headers=headers,
    )
    await asgi.send_file(scope, send, answer)


@lru_cache(maxsize=512)
def find_file(name: str) -> Path | None:
    """Return the file of a name below the static folder, or None."""
    if "\0" in name or len(name) > 300:
        return None
    try:
        path = (STATIC_ROOT / name).resolve()
        is_ours = path.is_relative_to(STATIC_ROOT.resolve()) and path.suffix in MEDIA_TYPES and path.is_file()
    except OSError:  # a part longer than the file system's names
        return None
    return path if is_ours else None


def _variant(path: Path, accepted: str) -> tuple[Path, str]:
    offered = {
        part.split(";")[0].strip() for part in accepted.split(",") if "q=0" not in part.replace("q=0.", "")
    }
    for encoding, suffix in ENCODINGS:
        variant = path.with_name(path.name + suffix)
        if encoding in offered and variant.is_file():
            return variant, encoding
    return path, ""
