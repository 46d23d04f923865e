"""The size rule holds in the real tree, and exceptions to it can only shrink."""

from __future__ import annotations

from pathlib import Path

import pytest

import sizes
from finding import ROOT

from .conftest import Plant

LONG_FUNCTION = "def long() -> None:\n" + "    pass\n" * 60
SHORT_FUNCTION = "def short() -> None:\n" + "    pass\n" * 59


def rules_broken(tree: Path) -> list[str]:
    return [finding.rule for finding in sizes.check(tree)]


def test_the_tree_keeps_the_size_rule() -> None:
    assert [str(finding) for finding in sizes.check(ROOT)] == []


def test_a_file_of_400_lines_passes_and_one_of_401_fails(tree: Path, plant: Plant) -> None:
    plant("core/events.py", "x = 1\n" * 400)
    assert rules_broken(tree) == []
    plant("core/events.py", "x = 1\n" * 401)
    assert rules_broken(tree) == ["file too long"]


@pytest.mark.parametrize(
    "file", ["web/templates/web/base.html", "/frontend/src/map.ts", "/tests/browser/test_map.py"]
)
def test_templates_typescript_and_tests_are_measured_too(tree: Path, plant: Plant, file: str) -> None:
    plant(file, "\n" * 401)
    assert rules_broken(tree) == ["file too long"]


def test_what_is_brought_along_or_built_is_not_measured(tree: Path, plant: Plant) -> None:
    plant("/frontend/node_modules/vega/index.ts", "\n" * 9000)
    plant("web/static/web/map.ts", "\n" * 9000)
    assert rules_broken(tree) == []


def test_a_function_of_60_lines_passes_and_one_of_61_fails(tree: Path, plant: Plant) -> None:
    plant("core/events.py", SHORT_FUNCTION)
    assert rules_broken(tree) == []
    plant("core/events.py", LONG_FUNCTION)
    (finding,) = sizes.check(tree)
    assert (finding.rule, finding.line) == ("function too long", 1)
    assert "core/events.py::long has 61 lines, 60 are allowed" in finding.advice


def test_methods_and_inner_functions_are_measured_by_their_full_name(tree: Path, plant: Plant) -> None:
    inner = "class Batch:\n    async def write(self):\n        def row():\n" + "            pass\n" * 61
    plant("core/events.py", inner)
    names = [finding.advice.split(" ")[0] for finding in sizes.check(tree)]
    assert names == ["src/stadt/core/events.py::Batch.write", "src/stadt/core/events.py::Batch.write.row"]


def test_typescript_functions_are_measured_and_braces_in_texts_are_not_counted(
    tree: Path, plant: Plant
) -> None:
    body = "    const text = `}`; // }\n" * 60
    plant(
        "/frontend/src/map.ts",
        "export class Map {\n  draw(to: string): void {\n    if (to) {\n    }\n" + body + "  }\n}\n",
    )
    (finding,) = sizes.check(tree)
    assert (finding.rule, finding.line) == ("function too long", 2)
    assert "frontend/src/map.ts::draw has 64 lines" in finding.advice


def test_an_exact_exception_with_a_reason_is_accepted(tree: Path, plant: Plant) -> None:
    plant("core/events.py", LONG_FUNCTION)
    plant("/tools/size_exceptions.txt", "# why\nsrc/stadt/core/events.py::long 61 one line for each event\n")
    assert rules_broken(tree) == []


def test_an_exception_may_not_be_outgrown(tree: Path, plant: Plant) -> None:
    plant("core/events.py", LONG_FUNCTION + "    pass\n")
    plant("/tools/size_exceptions.txt", "src/stadt/core/events.py::long 61 one line for each event\n")
    assert rules_broken(tree) == ["function too long"]


def test_an_exception_larger_than_needed_is_stale(tree: Path, plant: Plant) -> None:
    plant("core/events.py", LONG_FUNCTION)
    plant("/tools/size_exceptions.txt", "src/stadt/core/events.py::long 70 one line for each event\n")
    (finding,) = sizes.check(tree)
    assert finding.rule == "stale exception"
    assert finding.advice == "lower src/stadt/core/events.py::long to 61"


def test_an_exception_that_is_not_needed_any_more_is_stale(tree: Path, plant: Plant) -> None:
    plant("/tools/size_exceptions.txt", "src/stadt/core/gone.py 500 was a table\n")
    (finding,) = sizes.check(tree)
    assert finding.advice == "remove src/stadt/core/gone.py: it is not needed"


@pytest.mark.parametrize("line", ["src/stadt/core/events.py 500\n", "src/stadt/core/events.py many lines\n"])
def test_an_exception_needs_a_number_and_a_reason(tree: Path, plant: Plant, line: str) -> None:
    plant("/tools/size_exceptions.txt", line)
    assert rules_broken(tree) == ["unreadable exception"]
