"""German names as keys: their order (DIN 5007-1) and their form in an address."""

import re
import unicodedata
from collections.abc import Mapping

UMLAUTS: Mapping[int, str] = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}


def german_sort_key(text: str) -> str:
    """A string whose code-point order is the German order of `text`.

    Upper and lower case are the same, letters without umlaut come before those with one when all else is equal
    (DIN 5007-1, variant 1), and punctuation separates words like a space.
    """
    folded = text.casefold()
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    words = "".join(sign if sign.isalnum() else " " for sign in bare).split()
    return f"{' '.join(words)}\x01{unicodedata.normalize('NFC', folded)}"


def german_slug(name: str) -> str:
    """A key for addresses, at most 80 signs: `Bulmke-Hüllen` becomes `bulmke-huellen`, empty when nothing is left."""
    spelled = unicodedata.normalize("NFC", name.casefold()).translate(UMLAUTS)
    return re.sub(r"[^a-z0-9]+", "-", spelled).strip("-")[:80].rstrip("-")
