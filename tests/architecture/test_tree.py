"""Nothing stands in the tree that belongs to one machine, and nothing is kept twice."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from finding import ROOT

# Written in pieces, so that this file does not contain what it looks for.
MACHINE = re.compile(
    "|".join(["/" + name + "/" for name in ("root", "work", "Users")]) + "|" + "(?<!apps)/home" + r"/[a-z]+/"
)
REGISTRIES = re.compile(
    "|".join(name + r"\." + rest for name, rest in (("registry", "npmjs"), ("files", "pythonhosted")))
)
INDEX = re.compile("--(?:extra-)?index" + "-url|--find" + "-links|--trusted" + "-host")
BINARY = frozenset(
    {".png", ".jpg", ".ico", ".woff2", ".woff", ".gpkg", ".parquet", ".br", ".gz", ".mo", ".shp", ".dbf"}
)


def files() -> list[Path]:
    """Everything under version control, or what a source distribution unpacked."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=False, capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        skipped = {".venv", "node_modules", ".cache", "var", ".git", "__pycache__"}
        paths = [path for path in ROOT.rglob("*") if not skipped.intersection(path.parts)]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in files():
        text = path.read_text("utf-8", errors="replace")
        if pattern.search(text):
            numbers = [
                str(number) for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)
            ]
            found.append(f"{path.relative_to(ROOT)}:{','.join(numbers[:3])}")
    return found


@pytest.mark.parametrize(
    "pattern", [MACHINE, REGISTRIES, INDEX], ids=["machine path", "registry", "index option"]
)
def test_no_file_names_a_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    assert lines_with(pattern) == []


def test_built_files_are_not_kept() -> None:
    kept = [path.relative_to(ROOT).as_posix() for path in files()]
    built = re.compile(
        r"\.pyc$|\.mo$|/node_modules/|^src/stadt/web/static/(?:build|stadt)/assets/|\.egg-info"
    )
    assert [name for name in kept if built.search(name)] == []


def test_every_module_says_in_one_sentence_what_it_is_for() -> None:
    silent = []
    for path in files():
        inner = path.relative_to(ROOT).parts
        if path.suffix != ".py" or "migrations" in inner or path.stat().st_size == 0:
            continue
        if not re.match(r'(?:#[^\n]*\n)*\s*(?:r?"""|\')', path.read_text("utf-8")):
            silent.append(path.relative_to(ROOT).as_posix())
    assert silent == []
