"""The reference says what the code declares, and a page that is not current is noticed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from finding import ROOT

REFERENCE = ROOT / "docs/reference"


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own, because the reference is written for an empty environment."""
    command = [sys.executable, str(ROOT / "tools/reference.py"), "--check", "--folder", str(folder)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_the_reference_is_current() -> None:
    done = check(REFERENCE)
    assert (done.returncode, done.stdout) == (0, "reference: nothing found.\n"), done.stderr


def test_a_changed_a_missing_and_a_left_over_page_are_stale(tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder)
    errors = folder / "errors.md"
    errors.write_text(errors.read_text("utf-8").replace("`not-found` | 404", "`not-found` | 410"), "utf-8")
    (folder / "jobs.md").unlink()
    (folder / "old.md").write_text("# Old\n", "utf-8")
    done = check(folder)
    stale = [line.split(":")[0] for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert stale == ["docs/reference/errors.md", "docs/reference/jobs.md", "docs/reference/old.md"]
