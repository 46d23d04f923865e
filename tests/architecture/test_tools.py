"""The checks are commands: quiet success, or one line for each finding and exit code 1."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from finding import ROOT

from .conftest import Plant


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / f"tools/{tool}.py"), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("tool", ["imports", "sizes", "privacy"])
def test_a_tree_that_keeps_the_rules_passes(tree: Path, tool: str) -> None:
    done = run(tool, str(tree))
    assert (done.returncode, done.stdout) == (0, f"{tool}: nothing found.\n")


def test_a_finding_is_one_line_with_its_place(tree: Path, plant: Plant) -> None:
    plant("core/people.py", "import stadt.hub\n")
    done = run("imports", str(tree))
    assert done.returncode == 1
    assert done.stdout.startswith("src/stadt/core/people.py:1: upward import: ")
    assert done.stdout.count("\n") == 1
    assert done.stderr == "imports: 1 finding.\n"


def test_a_file_that_is_no_python_is_one_line_too(tree: Path, plant: Plant) -> None:
    path = plant("core/people.py", "def broken(:\n")
    done = run("imports", str(tree))
    assert done.returncode == 1
    assert done.stderr == f"{path}:1: invalid syntax\n"


def test_messages_are_checked_and_compiled_by_verb(tree: Path, plant: Plant) -> None:
    assert run("messages", "check", str(tree)).returncode == 1
    plant(
        "apps/waste/locale/en/LC_MESSAGES/django.po",
        'msgid ""\nmsgstr ""\n\nmsgid "Abfall"\nmsgstr "Waste"\n',
    )
    plant(
        "apps/trees/locale/en/LC_MESSAGES/django.po", 'msgid ""\nmsgstr ""\n\nmsgid "Baum"\nmsgstr "Tree"\n'
    )
    assert run("messages", "check", str(tree)).returncode == 0
    assert run("messages", "compile", str(tree)).stdout == "messages: 2 compiled.\n"
    assert run("messages", "compile", str(tree)).stdout == "messages: 0 compiled.\n"
