"""Cursors as clients see them: sealed, so that their gaps do not tell how much is stored that one may not see."""

import base64
import hashlib
import struct
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from stadt.core.errors import BadRequest
from stadt.hub.observations.feed import Cursor

FORM = struct.Struct(">qqq")
LONGEST = 200


@lru_cache(maxsize=4)
def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"sta.cursor:{key}".encode()).digest()))


def seal(cursor: Cursor) -> str:
    """A cursor as the id of an event; no two are alike, even of the same cursor."""
    return _box(settings.SECRET_KEY).encrypt(FORM.pack(*cursor)).decode()


def unseal(text: str) -> Cursor:
    """The cursor of an event's id.

    Raises:
        BadRequest: it is none of this city.
    """
    try:
        return Cursor(*FORM.unpack(_box(settings.SECRET_KEY).decrypt(text[:LONGEST].encode())))
    except (InvalidToken, struct.error, UnicodeEncodeError):
        raise BadRequest("Last-Event-ID is no id of an event of this service.") from None
