"""Tells the same report sent twice, and the same text sent again and again."""

import hashlib
import hmac
import re

from django.conf import settings

from stadt.apps.issues.reporting.limits import SHORTEST_COMPARED

UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
"""Control characters, half a character, and those that hide letters or turn the direction of writing."""


def clean_text(text: str) -> str:
    """What somebody wrote, as text: without what cannot be seen, lines ended alike, no more than one empty line."""
    lines = (
        line.rstrip() for line in UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def clean_line(text: str) -> str:
    """A single line of it."""
    return " ".join(clean_text(text).split())


def key_digest(key: str) -> bytes:
    """How a sender's key is kept."""
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()


def text_digest(text: str) -> bytes:
    """How a text is compared: by its letters and digits alone; empty for a short one.

    Keyed with the city's secret, so that nobody can try texts on what is kept.
    """
    bare = "".join(sign for sign in text.casefold() if sign.isalnum())
    if len(bare) < SHORTEST_COMPARED:
        return b""
    return hmac.digest(
        settings.SECRET_KEY.encode(), b"issues.text:" + bare.encode("utf-8", "replace"), hashlib.sha256
    )
