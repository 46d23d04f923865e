"""Writes docs/reference/ from what the code declares, or checks that it is current.

    python tools/reference.py [--check] [--folder FOLDER]

It runs with an empty environment and needs no database.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from finding import ROOT, Finding, report

FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py from the code; `make docs` renews it. -->"


def prepare(home: str) -> None:
    """Load the apps as a fresh installation would, with the home folder given, in English."""
    for name in list(os.environ):
        if name.startswith(("STADT_", "LC_", "LANG")) or name == "DATABASE_URL":
            del os.environ[name]
    os.environ.update(
        STADT_HOME=home, LC_ALL="en", DJANGO_SETTINGS_MODULE="stadt.config.settings", COLUMNS="100"
    )
    sys.path.insert(0, str(ROOT / "src"))
    import django  # noqa: PLC0415 - reads the environment prepared above

    django.setup()


def write_pages() -> dict[str, str]:
    """All pages of the reference: file name to text. The apps are loaded."""
    import reference_code  # noqa: PLC0415 - needs the apps loaded
    import reference_registry  # noqa: PLC0415

    pages = {**reference_code.PAGES, **reference_registry.PAGES}
    texts = {}
    index = [
        NOTE,
        "",
        "# Reference",
        "",
        "What the code declares. The [architecture](../architecture.md) says why.",
        "",
    ]
    for name, (title, page) in sorted(pages.items()):
        texts[f"{name}.md"] = "\n".join([NOTE, "", f"# {title}", "", *page()]).rstrip() + "\n"
        index.append(f"- [{title}]({name}.md)")
    return {**texts, "README.md": "\n".join(index) + "\n"}


def check(folder: Path, wanted: dict[str, str]) -> list[Finding]:
    """Which files of the folder are missing, different or left over."""
    there = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    findings = []
    for name in sorted(there.keys() | wanted.keys()):
        if there.get(name) != wanted.get(name):
            line = _first_difference(there.get(name, ""), wanted.get(name, ""))
            findings.append(Finding(f"docs/reference/{name}", line, "stale reference", "run `make docs`"))
    return findings


def _first_difference(left: str, right: str) -> int:
    pairs = zip(left.splitlines(), right.splitlines(), strict=False)
    same = 0
    for one, other in pairs:
        if one != other:
            break
        same += 1
    return same + 1


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="The generated reference.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is not current")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as home:
        prepare(home)
        wanted = write_pages()
    if given.check:
        return report("reference", check(given.folder, wanted))
    given.folder.mkdir(parents=True, exist_ok=True)
    for path in given.folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (given.folder / name).write_text(text, "utf-8")
    print(f"reference: {len(wanted)} pages written.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
