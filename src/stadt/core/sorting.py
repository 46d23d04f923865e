"""German sorting by a stored key, after DIN 5007-1 (words: ä sorts as a, ß as ss)."""

import unicodedata


def german_sort_key(text: str) -> str:
    """A string whose code-point order is the German order of `text`.

    Upper and lower case are the same, letters without umlaut come before those with one when all else is equal
    (DIN 5007-1, variant 1), and punctuation separates words like a space.
    """
    folded = text.casefold()
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    words = "".join(sign if sign.isalnum() else " " for sign in bare).split()
    return f"{' '.join(words)}\x01{unicodedata.normalize('NFC', folded)}"
