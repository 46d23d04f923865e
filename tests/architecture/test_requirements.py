"""What the landing document of SensorThings claims is what tests are named after, requirement by requirement."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from stadt.hub.sta.landing import CONFORMANCE, CREATE, EXTENSIONS, RECEIVE, SPECIFICATION

TESTS = Path(__file__).resolve().parent.parent / "conformance" / "sta"


def requirements(source: str) -> list[str]:
    """The URIs in `@pytest.mark.requirement("…", …)` above the tests of a module."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and getattr(mark.func, "attr", "") == "requirement":
                    found += [str(ast.literal_eval(argument)) for argument in mark.args]
    return found


def in_tests() -> Iterator[tuple[str, Path]]:
    for path in sorted(TESTS.rglob("test_*.py")):
        for uri in requirements(path.read_text("utf-8")):
            yield uri, path


def claimed() -> list[str]:
    """What a city with a broker claims; without one those of MQTT are missing."""
    return [*(f"{SPECIFICATION}/{name}" for name in CONFORMANCE), RECEIVE, CREATE, *EXTENSIONS]


def test_every_requirement_that_is_claimed_is_tested_in_one_place_and_no_other_is() -> None:
    counted = Counter(uri for uri, _ in in_tests())
    assert sorted(counted) == sorted(claimed())
    assert not [uri for uri, count in counted.items() if count > 1]


def test_a_requirement_is_tested_in_the_folder_of_its_class() -> None:
    wrong = [
        (uri, path.parent.name)
        for uri, path in in_tests()
        if uri.startswith(SPECIFICATION)
        and uri.removeprefix(f"{SPECIFICATION}/").partition("/")[0].replace("-", "_") != path.parent.name
    ]
    assert not wrong


def test_marks_above_tests_are_read_and_others_are_not() -> None:
    source = "@mark.requirement('a', 'b')\ndef test_one(): ...\n\n@mark.requirement('c')\ndef other(): ...\n"
    assert requirements(source) == ["a", "b"]
