"""The table of conformance names tests that exist, and leaves out none of its sentences."""

import re
from pathlib import Path

HERE = Path(__file__).parent
TABLE = HERE.parents[2] / "docs" / "apps" / "open311.md"


def test_every_sentence_of_the_table_has_its_test() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    defined = set(re.findall(r"def (test_\w+)", written))
    rows = TABLE.read_text(encoding="utf-8").partition("## Conformance")[2].splitlines()
    sentences = [row for row in rows if row.startswith("| ") and "---" not in row][1:]
    named = [re.findall(r"`(test_\w+)`", row) for row in sentences]
    assert len(sentences) > 30
    assert [row for row, tests in zip(sentences, named, strict=True) if not tests] == []
    assert {test for tests in named for test in tests} - defined == set()
