"""The built scripts and styles: which hashed file belongs to which source, from Vite's manifest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

STATIC_ROOT = Path(__file__).parent / "static"
BUILD = STATIC_ROOT / "stadt"
STATIC_URL = "/static/"


@dataclass(frozen=True)
class Entry:
    """Addresses a page needs for one entry: its module, the modules it always imports, and its styles."""

    script: str
    preloads: tuple[str, ...]
    styles: tuple[str, ...]


def find_entry(source: str) -> Entry | None:
    """Return the built files of a source such as `src/base.ts`; None while the assets are not built."""
    file = BUILD / "manifest.json"
    if not file.is_file():
        return None
    return _entry(source, _manifest(file, file.stat().st_mtime_ns))


@lru_cache(maxsize=4)
def _manifest(file: Path, _changed: int) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def _entry(source: str, manifest: dict[str, Any]) -> Entry | None:
    chunk = manifest.get(source)
    if chunk is None:
        return None
    imported = list(_imports(source, manifest))
    styles = [*chunk.get("css", ()), *(css for name in imported for css in manifest[name].get("css", ()))]
    return Entry(
        script=_url(chunk["file"]),
        preloads=tuple(_url(manifest[name]["file"]) for name in imported),
        styles=tuple(_url(css) for css in dict.fromkeys(styles)),
    )


def list_files(sources: Sequence[str]) -> list[str]:
    """Addresses of everything that these sources need before a page can use them: scripts, styles, fonts; sorted."""
    file = BUILD / "manifest.json"
    manifest = _manifest(file, file.stat().st_mtime_ns) if file.is_file() else {}
    chunks = [
        manifest[name]
        for source in sources
        if source in manifest
        for name in (source, *_imports(source, manifest))
    ]
    return sorted(
        {_url(name) for chunk in chunks for name in (chunk["file"], *chunk.get("css", ()), *_fonts(chunk))}
    )


def _fonts(chunk: dict[str, Any]) -> list[str]:
    return [name for name in chunk.get("assets", ()) if name.endswith(".woff2")]


def _imports(source: str, manifest: dict[str, Any]) -> dict[str, None]:
    found: dict[str, None] = {}
    waiting = list(manifest[source].get("imports", ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting.extend(manifest[name].get("imports", ()))
    return found


def _url(file: str) -> str:
    return f"{STATIC_URL}stadt/{file}"


def missing_assets() -> str | None:
    """Return what is wrong and what to do when the assets are not built; asked by `stadt doctor`."""
    if find_entry("src/base.ts") is None:
        return "Die Oberfläche ist nicht gebaut. Bitte „make assets“ ausführen."
    return None
