"""How addresses are compared: one spelling for ß and ss, umlauts, Str. and Straße, and house numbers with letters."""

import re
import unicodedata

from stadt.core.german import UMLAUTS

LONGEST_WORDS = 120

# Shortened forms that stand in German street directories, and one spelling for each; the key ends at a word's end.
_STREET = re.compile(r"[ ]?(?:strasse|str)(?![a-z0-9])")
_SHORT = (
    (re.compile(r"(?<![a-z0-9])pl\."), "platz "),
    (re.compile(r"(?<=[a-z])pl\."), "platz "),
    (re.compile(r"(?<![a-z0-9])sankt(?![a-z0-9])"), "st"),
    (re.compile(r"(?<![a-z0-9])doktor(?![a-z0-9])"), "dr"),
    (re.compile(r"(?<![a-z0-9])professor(?![a-z0-9])"), "prof"),
)
_NUMBER = re.compile(r"(?<![a-z0-9])(\d+) ([a-z])(?![a-z0-9])")
_HOUSE_NUMBER = re.compile(r"\d+[a-z]?")


def fold_words(text: str) -> str:
    """The spelling by which places are found: lower case, umlauts as in DIN 5007-2 (ä is ae), ß as ss, „Str.“ joined on.

    `Kurt-Schumacher-Straße 12 a` and `kurt schumacher str. 12A` become the same `kurt schumacherstr 12a`.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(UMLAUTS)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    for pattern, spelled in _SHORT:
        bare = pattern.sub(spelled, bare)
    words = " ".join("".join(sign if sign.isalnum() else " " for sign in bare).split())
    return _NUMBER.sub(r"\1\2", _STREET.sub("str", words)).strip()


def number_first(folded: str) -> tuple[str, int, str]:
    """What sorts house numbers as people read them: street, number, the rest; 9 stands before 10."""
    for word in folded.split():
        if _HOUSE_NUMBER.fullmatch(word):
            street, _, rest = folded.partition(word)
            digits = re.match(r"\d+", word)
            return street.strip(), int(digits.group()[:9]) if digits else 0, word + rest
    return folded, -1, ""
