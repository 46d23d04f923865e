"""German words as they are found: case and umlauts do not matter, nor how an umlaut is spelled.

    Müll → mull, muell      Muell → muell      Straße → strasse

A text is kept with both spellings of its umlauts, so that either spelling of a question meets one of them.
"""

import re
import unicodedata
from functools import lru_cache

from stadt.core.german import UMLAUTS, german_sort_key

LONGEST_WORD = 60
SHOWN = re.compile(r"[^\W\d_]{3,60}")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The text without case, umlauts and punctuation, its words separated by one space."""
    return german_sort_key(text).split("\x01")[0]


def spell(text: str) -> str:
    """As `fold`, with umlauts spelled out."""
    return fold(unicodedata.normalize("NFC", text.casefold()).translate(UMLAUTS))


def spellings(text: str) -> tuple[str, ...]:
    """Both forms of a text; one where it has no umlaut."""
    return tuple(dict.fromkeys((fold(text), spell(text))))


def indexed(text: str) -> str:
    """What is kept of a text: its words, and those with umlauts a second time, spelled out."""
    return " ".join(spellings(text))


def shown_words(text: str) -> dict[str, str]:
    """Words of three letters and more: how each is compared, and how it is written."""
    found = SHOWN.findall(unicodedata.normalize("NFC", text))
    return {fold(word): word for word in found if fold(word)}
