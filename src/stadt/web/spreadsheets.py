"""Texts in tables that office programs open: none is run as a formula, whoever wrote it."""

import re
from typing import Any

# What a spreadsheet would run (OWASP "CSV Injection"): also after blanks of any kind and in full width, and what starts
# with a tab or a line end. Written so that Python and DuckDB (RE2) read the same: RE2's \s knows no blanks beyond ASCII.
BLANKS = "[\\s\x0b\x1c-\x1f\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]*"
FORMULA = rf"^{BLANKS}[=+\-@＝＋－＠]|^[\t\r\n]"
_FORMULA = re.compile(FORMULA)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run the text."""
    return _FORMULA.match(text) is not None


def harmless(cell: Any) -> Any:
    """The cell; a text that a spreadsheet would run has an apostrophe in front. Numbers and all else stay as they are."""
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell
