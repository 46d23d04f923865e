"""What a rule's text may look like, checked before it is parsed, so that no rule takes long or much memory.

CEL itself always ends, yet a loop over a loop is quadratic and more: a million steps took minutes when measured.
"""

import re

LONGEST_TEXT = 2000
DEEPEST = 16
MOST_LOOPS = 4
LONGEST_LOOP = 120
MOST_SUMS = 40  # each copies what it joins: nine hundred over texts of 20,000 characters took 23 seconds
STRINGS = re.compile(r'"(?:\\.|[^"\\\n])*"' + r"|'(?:\\.|[^'\\\n])*'")
LOOPS = ("all", "exists", "exists_one", "filter")
MAKING = re.compile(r"\.\s*map\s*\(")  # builds lists of anything: one of lists of lists took 25 seconds
LOOP = re.compile(rf"\.\s*(?:{'|'.join(LOOPS)})\s*\(\s*([A-Za-z_]\w*)\s*,")
LOOP_WORD = re.compile(rf"\.\s*(?:{'|'.join(LOOPS)})\s*\(")
TRIPLE = re.compile(r"\'\'\'|\"\"\"")
UNUSUAL = re.compile(r"//|[\x00-\x08\x0b\x0c\x0e-\x1f]")
PREFIXED = re.compile(r"(?i)\b[rb]+\"")  # raw texts and bytes, whose quotes follow other rules
OPENING, CLOSING = "([{", ")]}"


class UnfitRuleError(ValueError):
    """The text is no rule of this language; says why, in a sentence fit to show."""


def bare_text(text: str) -> str:
    """The rule without what stands inside quotes, so that brackets and words can be counted."""
    return STRINGS.sub('""', text)


def loop_names(bare: str) -> frozenset[str]:
    """Names that a loop gives to the entries of its list."""
    return frozenset(LOOP.findall(bare))


def check_bounds(text: str) -> None:
    """Raises UnfitRuleError for a text that is too long, too deep, or loops in a loop."""
    if len(text) > LONGEST_TEXT:
        raise UnfitRuleError(f"ist länger als {LONGEST_TEXT} Zeichen")
    bare = bare_text(text)
    if TRIPLE.search(text) or UNUSUAL.search(bare) or PREFIXED.search(bare):
        raise UnfitRuleError("enthält Kommentare oder besondere Zeichenketten")
    depth = deepest = 0
    for sign in bare:
        depth += (sign in OPENING) - (sign in CLOSING)
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise UnfitRuleError(f"ist mehr als {DEEPEST} Klammern tief")
    if bare.count("+") > MOST_SUMS:
        raise UnfitRuleError(f"zählt mehr als {MOST_SUMS}-mal zusammen")
    if MAKING.search(bare):
        raise UnfitRuleError("baut mit map eine neue Liste")
    _check_loops(bare)


def _check_loops(bare: str) -> None:
    found = list(LOOP_WORD.finditer(bare))
    if len(found) > MOST_LOOPS:
        raise UnfitRuleError(f"durchläuft mehr als {MOST_LOOPS} Listen")
    end = -1
    for loop in found:
        if loop.start() < end:
            raise UnfitRuleError("durchläuft eine Liste in einer Liste")
        before = bare[: loop.start()].rstrip()[-1:]
        if not (before.isalnum() or before == "_"):
            raise UnfitRuleError("durchläuft etwas anderes als eine genannte Liste")
        end = _closing(bare, loop.end())
        if end - loop.end() > LONGEST_LOOP:
            raise UnfitRuleError(f"durchläuft eine Liste mit mehr als {LONGEST_LOOP} Zeichen Bedingung")
        if "+" in bare[loop.end() : end]:
            raise UnfitRuleError("zählt in einer Liste zusammen")


def _closing(bare: str, start: int) -> int:
    depth = 1
    for place in range(start, len(bare)):
        depth += (bare[place] in OPENING) - (bare[place] in CLOSING)
        if depth == 0:
            return place
    return len(bare)
