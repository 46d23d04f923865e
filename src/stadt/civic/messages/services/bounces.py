"""Mail that came back: the mail server lays it into a Maildir below `STADT_HOME`, and what it says is noted."""

import email
from collections.abc import Iterator
from email.message import Message as Mail
from pathlib import Path

from django.conf import settings

from stadt.civic.messages.services.threads import note_bounce
from stadt.core.people.actor import Actor

FOLDER = "bounces"
READ_AT_ONCE = 500
LARGEST = 1024 * 1024


def read_bounces(actor: Actor) -> int:
    """Read and delete what lies in `bounces/new`. Returns how many messages of the city are known to have come back.

    A file is deleted whatever it says: it holds an address, and what is no report about a delivery helps nobody.
    """
    count = 0
    for place in _waiting(Path(settings.STADT.home) / FOLDER / "new"):
        with place.open("rb") as file:
            mail_id = failed_id(file.read(LARGEST))
        count += bool(mail_id) and note_bounce(actor, mail_id)
        place.unlink(missing_ok=True)
    return count


def failed_id(content: bytes) -> str:
    """The Message-ID of the mail that a report says could not be delivered; empty for every other mail.

    Reports are `multipart/report` (RFC 6522) with a status for each recipient (RFC 3464) and the mail, or its head.
    """
    try:
        found = _failed_id(email.message_from_bytes(content))
    except (LookupError, RecursionError, ValueError):
        return ""  # parts within parts without end, or encodings that there are not
    return found if found.isascii() and found.isprintable() else ""


def _failed_id(report: Mail) -> str:
    if report.get_content_type() != "multipart/report" or not report.is_multipart():
        return ""
    parts = [part for part in report.walk() if part is not report]
    has_failed = any(str(part.get("Action", "")).strip().lower() == "failed" for part in parts)
    found = next(filter(None, map(_original_id, parts)), "")
    return found if has_failed else ""


def _original_id(part: Mail) -> str:
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        original = part.get_payload(0)
    elif part.get_content_type() == "text/rfc822-headers":
        original = email.message_from_string(str(part.get_payload()))
    else:
        return ""
    return "".join(str(original.get("Message-ID", "")).split()) if isinstance(original, Mail) else ""


def _waiting(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    files = sorted(place for place in folder.iterdir() if place.is_file() and not place.is_symlink())
    yield from files[:READ_AT_ONCE]
