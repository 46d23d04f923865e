"""Every backup that the city makes by itself: written, read back, remembered, and older ones thinned out."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from stadt.core.audit import record
from stadt.core.environment import Environment
from stadt.core.errors import ConfigurationError, StadtError
from stadt.core.language import in_words
from stadt.core.people.actor import Actor
from stadt.core.people.models import Setting
from stadt.hub.backup.archive import Damaged
from stadt.hub.backup.keeping import list_stored, name_for, sum_beside, superfluous
from stadt.hub.backup.making import Made, Progress, make
from stadt.hub.backup.protection import Keys, Protection
from stadt.hub.backup.reading import sha256_of_file, verify

logger = logging.getLogger("stadt.backup")

LAST, FAILED = "backup.last", "backup.failed"
RECIPIENTS = "backup-recipients"


def make_scheduled(actor: Actor, environment: Environment, progress: Progress) -> Made:
    """Write a backup into the folder of STADT_BACKUP, read it back, and thin out older ones.

    What went wrong is remembered for the operations page and raised.

    Raises:
        StadtError: no folder, a recipient that is none, a full disk, or what was written cannot be read back.
    """
    try:
        made, target = _make(environment, progress)
    except StadtError as error:
        _remember(FAILED, {"at": datetime.now(UTC).isoformat(timespec="seconds"), "reason": error.detail})
        raise
    remember_made(actor, target, made)
    thin_out(actor, target.parent, environment.city)
    return made


def _make(environment: Environment, progress: Progress) -> tuple[Made, Path]:
    folder = folder_of(environment)
    protection = Protection(read_recipients(environment.home / RECIPIENTS))
    target = folder / name_for(environment.city, datetime.now(UTC), encrypted=protection.is_on)
    made = make(environment, target, protection, progress)
    progress.step(in_words("Sicherung wird zurückgelesen", "the backup is read back"))
    if not protection.is_on:
        verify(target, Keys(), progress)
    if sha256_of_file(target) != made.sha256:
        raise Damaged(
            in_words(
                f"{target} ist auf dem Datenträger nicht, was geschrieben wurde.",
                f"{target} is not on the disk what was written.",
            )
        )
    sum_beside(target).write_text(f"{made.sha256}  {target.name}\n", "ascii")
    return made, target


def folder_of(environment: Environment) -> Path:
    """The folder of STADT_BACKUP. It is not made: below a mount that is away it would fill the wrong disk.

    Raises:
        ConfigurationError: it is not set, or is not there.
    """
    if environment.backup is None:
        raise ConfigurationError(
            in_words("STADT_BACKUP nennt keinen Ordner.", "STADT_BACKUP names no folder.")
        )
    if not environment.backup.is_dir():
        raise ConfigurationError(
            in_words(
                f"Den Ordner {environment.backup} aus STADT_BACKUP gibt es nicht; ist der Datenträger eingehängt?",
                f"The folder {environment.backup} of STADT_BACKUP does not exist; is the disk mounted?",
            )
        )
    return environment.backup


def read_recipients(file: Path) -> tuple[str, ...]:
    """Recipients of age, one a line, `#` begins a remark; none where there is no file.

    Raises:
        ConfigurationError: the file names nobody, which would leave the backup open.
    """
    if not file.exists():
        return ()
    lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    found = tuple(line for line in lines if line and not line.startswith("#"))
    if not found:
        raise ConfigurationError(
            in_words(f"In {file} steht kein Empfänger.", f"There is no recipient in {file}.")
        )
    return found


@transaction.atomic
def remember_made(actor: Actor, target: Path, made: Made) -> None:
    """Keep when the last backup was made, how large it is, and whether it is whole; and who took the city's data."""
    facts: dict[str, Any] = {
        "at": made.facts["made_at"],
        "file": target.name,
        "bytes": made.size,
        "sha256": made.sha256,
        "gaps": len(made.gaps),
    }
    _remember(LAST, facts)
    Setting.objects.filter(key=FAILED).delete()
    record(actor, "make_backup", "backup", {key: facts[key] for key in ("at", "bytes", "sha256", "gaps")})
    logger.info("backup %s made, %d bytes", target.name, made.size)


def _remember(key: str, value: dict[str, Any]) -> None:
    Setting.objects.update_or_create(key=key, defaults={"value": value})


def thin_out(actor: Actor, folder: Path, city: str) -> int:
    """Delete the scheduled backups that are kept no longer. Returns how many."""
    gone = superfluous(list_stored(folder, city), ZoneInfo(settings.TIME_ZONE))
    for item in gone:
        item.path.unlink(missing_ok=True)
        sum_beside(item.path).unlink(missing_ok=True)
    if gone:
        record(actor, "thin_out", "backup", {"deleted": len(gone)})
    return len(gone)
