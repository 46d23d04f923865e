"""The reference says what the code declares, and a page that is not current is noticed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from finding import ROOT


def reference(*arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, because the reference is written for an empty environment."""
    command = [sys.executable, str(ROOT / "tools/reference.py"), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_the_reference_is_current() -> None:
    done = reference("--check")
    assert (done.returncode, done.stdout) == (0, "reference: nothing found.\n"), done.stderr


def test_a_changed_a_missing_and_a_left_over_page_are_stale(tmp_path: Path) -> None:
    folder = str(tmp_path)
    assert reference("--folder", folder).returncode == 0
    assert reference("--check", "--folder", folder).returncode == 0
    errors = tmp_path / "errors.md"
    errors.write_text(errors.read_text("utf-8").replace("`not-found` | 404", "`not-found` | 410"), "utf-8")
    (tmp_path / "jobs.md").unlink()
    (tmp_path / "old.md").write_text("# Old\n", "utf-8")
    done = reference("--check", "--folder", folder)
    stale = [line.split(":")[0] for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert stale == ["docs/reference/errors.md", "docs/reference/jobs.md", "docs/reference/old.md"]
    assert reference("--folder", folder).returncode == 0
    assert not (tmp_path / "old.md").exists()
