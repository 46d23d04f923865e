"""Keeps the head of the audit chain outside the database: a chain that lost its end is whole by itself.

`STADT_HOME/audit-head.json` holds the newest head and the newest one that was verified, signed with a secret of the
installation. It falls short of the chain by at most the last minute's rows.
"""

import hashlib
import hmac
import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stadt.core.secrets import secret

logger = logging.getLogger("stadt.audit")

FILE = "audit-head.json"
SECRET = "audit-head"  # noqa: S105 - the name of one
NAMES = ("head", "verified")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the number of its last seal and its hash in hexadecimal digits."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file says. `is_forged`: somebody changed it who does not know the secret."""

    head: Head | None = None
    verified: Head | None = None
    is_forged: bool = False


def find(home: Path) -> Kept:
    """What was kept; nothing when there is no file yet."""
    try:
        text = (home / FILE).read_text("utf-8")
    except FileNotFoundError:
        return Kept()
    try:
        read = json.loads(text)
        heads = {name: Head(**read[name]) if read.get(name) else None for name in NAMES}
        is_forged = not hmac.compare_digest(str(read.get("signature")), _signature(home, heads))
    except (ValueError, TypeError, AttributeError, KeyError):
        return Kept(is_forged=True)
    return Kept(**heads, is_forged=is_forged)


def keep_head(home: Path, head: Head) -> None:
    """Keep the newest head. A folder that cannot be written is logged: sealing goes on."""
    _write(home, {"head": head, "verified": find(home).verified})


def keep_verified(home: Path, head: Head) -> None:
    """Keep the newest head up to which the chain was verified."""
    _write(home, {"head": find(home).head or head, "verified": head})


def _write(home: Path, heads: dict[str, Head | None]) -> None:
    body: dict[str, Any] = {name: asdict(head) if head else None for name, head in heads.items()}
    draft = home / f".{FILE}.{os.getpid()}"
    try:
        body["signature"] = _signature(home, heads)
        with draft.open("w", encoding="utf-8") as file:
            json.dump(body, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(home / FILE)
    except OSError as error:
        logger.error("the head of the audit chain was not kept: %s", error.strerror)


def _signature(home: Path, heads: dict[str, Head | None]) -> str:
    text = json.dumps([asdict(head) if head else None for head in (heads[name] for name in NAMES)])
    return hmac.new(secret(home, SECRET).encode(), text.encode(), hashlib.sha256).hexdigest()
