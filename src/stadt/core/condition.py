"""What state the city is in: database, disks, worker. Cheap enough to ask on every request; never raises.

A web process looks once a second (`start` and `stop` at its beginning and end) and answers from memory. Any other
process looks when it is asked, at most every two seconds, and waits no longer than `PATIENCE_SECONDS` for it.
"""

import errno
import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import psycopg
from django.db.utils import Error as DjangoDatabaseError
from django.db.utils import InterfaceError, OperationalError
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop

from stadt.core.database import outage
from stadt.core.errors import ReadOnly, Unavailable
from stadt.core.probes import Database, DatabaseQuestion, Disk, Probe, Sample, disks

logger = logging.getLogger("stadt.condition")

EVERY_SECONDS = 1.0
YOUNGEST_SECONDS = 2.0
PATIENCE_SECONDS = 1.5
# A statement of microseconds that takes this long will not be answered soon: the database hangs.
DATABASE_LIMIT_SECONDS = 3.0
# The worker gives a sign of life every five seconds (`stadt.core.jobs`).
WORKER_LIMIT_SECONDS = 20.0
# After a refused write the next one is let through after this time: whether it works now is known by trying only.
TRIAL_SECONDS = 5.0

# SQLSTATE (PostgreSQL's appendix A) of a server that cannot write: no room (53100), read-only (25006), a broken disk
# (58030); and of one that cannot be used: too many connections (53300), shutting down, crashed, starting (57P01 to 57P03).
NO_ROOM = frozenset({"53100"})
NO_WRITING = NO_ROOM | {"25006", "58030"}
NOT_NOW = frozenset({"53300", "57P01", "57P02", "57P03"})
LOST = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
# The file system has no room, or whoever runs the city may use no more of it.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Level(StrEnum):
    """How bad it is: `warning` needs a person soon, `failed` means that something does not work now."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Store(StrEnum):
    """Where something is to be written."""

    DATABASE = "database"
    LAKE = "lake"
    UPLOADS = "uploads"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing the city looks at, in the language of whoever asks.

    Attributes:
        key: `database`, `worker`, or `disk.` with the first of what a file system keeps (`disk.home`, `disk.database`,
            `disk.lake`, `disk.uploads`); a file system is named once.
        detail: one sentence that says what is so.
        advice: what to do about it; empty when all is well.
        since: since when this process sees this level.
    """

    key: str
    title: str
    level: Level
    detail: str
    advice: str
    since: datetime


DISK_TITLES = {
    "home": gettext_noop("Datenträger der Stadt"),
    "database": gettext_noop("Datenträger der Datenbank"),
    "lake": gettext_noop("Datenträger der Datenablage"),
    "uploads": gettext_noop("Datenträger für Hochgeladenes"),
}
NOTHING_STORED = gettext_noop(
    "Auf dem Datenträger der Stadt ist kein Platz mehr: Es wurde nichts gespeichert. Lesen geht weiter."
)
NO_NEW_FILES = gettext_noop(
    "Auf dem Datenträger der Stadt ist kein Platz mehr: Neue Dateien entstehen gerade nicht. Vorhandene sind lesbar."
)
NOTHING_TAKEN = gettext_noop(
    "Die Datenbank nimmt gerade nichts an: Es wurde nichts gespeichert. Lesen geht weiter."
)
NO_ANSWER = gettext_noop("Die Datenbank antwortet gerade nicht.")
DATABASE_ADVICE = gettext_noop(
    "Läuft „stadt up“? Das Protokoll der Datenbank steht im Ordner „database/log“ der Stadt; wenn die Datenbank wieder "
    "antwortet, geht es von selbst weiter."
)
WORKER_ADVICE = gettext_noop(
    "Messwerte kommen weiter an; Veröffentlichungen, Kennzahlen und E-Mails warten. „stadt up“ startet den Worker von "
    "selbst neu; wer ihn getrennt betreibt, startet „stadt worker“."
)
ROOM_ADVICE = gettext_noop(
    "Bitte Platz schaffen oder den Datenträger vergrößern; danach geht es von selbst weiter."
)
SOON_ADVICE = gettext_noop("Bitte bald Platz schaffen oder den Datenträger vergrößern.")


class _State:
    """What this process knows. The lock is held for reading memory only."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.question = DatabaseQuestion()
        self.database: Probe[Database] = Probe("database", self.question)
        self.disks: Probe[tuple[Disk, ...]] = Probe("disks", disks)
        self.is_watching = False
        self.began = time.monotonic()
        self.since: dict[str, tuple[Level, datetime]] = {}
        self.refused_until = 0.0
        self.refusal = ""


_state = _State()


def start() -> None:
    """Look once a second from now on."""
    _state.is_watching = True
    _state.question.is_kept = True
    _state.database.watch(EVERY_SECONDS, _note_outage)
    _state.disks.watch(EVERY_SECONDS, _note_outage)


def stop() -> None:
    """Look only when asked, from now on."""
    _state.is_watching = False
    _state.question.is_kept = False
    _state.database.rest()
    _state.disks.rest()
    outage.set_away(False)


def conditions() -> tuple[Condition, ...]:
    """Everything the city looks at, the database first. Texts are in the active language.

    Waits at most `PATIENCE_SECONDS`, in a web process not at all.
    """
    database, found = _database_sample(), _disks_sample()
    listed = [_database(database), *(_disk(disk) for disk in found.value or ())]
    worker = _worker(database)
    return (*listed, *([worker] if worker else ()))


def is_database_up() -> bool:
    """Whether the database answers, as far as is known."""
    return not _is_away(_database_sample())


def is_writable(store: Store = Store.DATABASE) -> bool:
    """Whether something may be written there now: the database takes it and the disk has room."""
    return find_refusal(store) is None


def find_refusal(store: Store = Store.DATABASE) -> Unavailable | None:
    """What to tell whoever wants to write there now; None when it may be done."""
    for disk in _disks_sample().value or ():
        if disk.free < disk.stop and store in disk.keeps:
            return ReadOnly(gettext(NO_NEW_FILES if store is Store.LAKE else NOTHING_STORED))
    if store is not Store.DATABASE:
        return None
    sample = _database_sample()
    if _is_away(sample):
        return Unavailable(gettext(NO_ANSWER))
    if (sample.value and sample.value.is_read_only) or time.monotonic() < _state.refused_until:
        return ReadOnly(gettext(NOTHING_TAKEN))
    return None


def require_writable(store: Store = Store.DATABASE) -> None:
    """Raises ReadOnly or Unavailable, before anything was changed, when nothing may be written there now."""
    refusal = find_refusal(store)
    if refusal is not None:
        raise refusal


def note_failure(error: BaseException) -> bool:
    """Remember what a write met, so that the next ones are refused at once; True when PostgreSQL refuses all writing.

    Takes psycopg's errors and Django's around them.
    """
    state = sqlstate_of(error)
    if state not in NO_WRITING:
        return False
    with _state.lock:
        _state.refused_until = time.monotonic() + TRIAL_SECONDS
        _state.refusal = state
    logger.error("the database refuses to write: SQLSTATE %s", state)
    return True


def refusal_for(error: BaseException) -> Unavailable | None:
    """What to tell whoever met this error, when it means that the city cannot do this now; None for any other error.

    Remembers what it learns, so that the next ones are refused before they try.
    """
    if isinstance(error, Unavailable):
        return error
    if isinstance(error, OSError) and error.errno in FULL:
        return ReadOnly(gettext(NOTHING_STORED))
    if note_failure(error):
        return ReadOnly(gettext(NOTHING_STORED if sqlstate_of(error) in NO_ROOM else NOTHING_TAKEN))
    if isinstance(error, LOST) or sqlstate_of(error) in NOT_NOW:
        logger.error("the database does not answer: %s", type(error).__name__)
        return Unavailable(gettext(NO_ANSWER))
    return None


def sqlstate_of(error: BaseException) -> str:
    """PostgreSQL's code of an error, looked for through what Django wraps around it; empty without one."""
    seen: BaseException | None = error
    while seen is not None:
        state = getattr(seen, "sqlstate", None)
        if state:
            return str(state)
        seen = seen.__cause__ if isinstance(seen, DjangoDatabaseError) else None
    return ""


def _database_sample() -> Sample[Database]:
    probe = _state.database
    return probe.newest() if _state.is_watching else probe.look(YOUNGEST_SECONDS, PATIENCE_SECONDS)


def _disks_sample() -> Sample[tuple[Disk, ...]]:
    probe = _state.disks
    return probe.newest() if _state.is_watching else probe.look(YOUNGEST_SECONDS, PATIENCE_SECONDS)


def _note_outage() -> None:
    """After each look of a web process: `since` tells when something changed, not when somebody asked."""
    outage.set_away(_is_away(_state.database.newest()))
    with suppress(Exception):  # the watch goes on, whatever a text lacks
        conditions()


def _is_away(sample: Sample[Database]) -> bool:
    if sample.error is not None or sample.waited > DATABASE_LIMIT_SECONDS:
        return True
    return (
        sample.value is None and not _state.is_watching
    )  # a watch that has just begun knows nothing bad yet


def _database(sample: Sample[Database]) -> Condition:
    title = gettext("Datenbank")
    if sample.waited > DATABASE_LIMIT_SECONDS or (sample.value is None and sample.error is None):
        hangs = gettext("Die Datenbank ist gestartet, antwortet aber nicht.")
        return _told("database", title, Level.FAILED, hangs, gettext(DATABASE_ADVICE))
    if sample.error is not None:
        gone = gettext("Die Datenbank ist nicht erreichbar.")
        return _told("database", title, Level.FAILED, gone, gettext(DATABASE_ADVICE))
    if sample.value and sample.value.is_read_only:
        closed = gettext("Die Datenbank lässt sich nur lesen.")
        return _told("database", title, Level.FAILED, closed, gettext(DATABASE_ADVICE))
    if time.monotonic() < _state.refused_until:
        full = _state.refusal in NO_ROOM
        words = (
            gettext("Der Datenbank fehlt Platz.") if full else gettext("Die Datenbank kann nicht schreiben.")
        )
        return _told(
            "database", title, Level.FAILED, words, gettext(ROOM_ADVICE if full else DATABASE_ADVICE)
        )
    return _told("database", title, Level.OK, gettext("Die Datenbank antwortet."))


def _disk(disk: Disk) -> Condition:
    title = gettext(DISK_TITLES[disk.keeps[0]])
    words = {"free": _size(disk.free), "total": _size(disk.total), "stop": _size(disk.stop)}
    if disk.free < disk.stop:
        detail = gettext(
            "Nur noch %(free)s von %(total)s frei. Unter %(stop)s wird nichts mehr angenommen; Lesen geht weiter."
        )
        return _told(disk.key, title, Level.FAILED, detail % words, gettext(ROOM_ADVICE))
    if disk.free < disk.warning:
        detail = gettext("Nur noch %(free)s von %(total)s frei. Unter %(stop)s wird nichts mehr angenommen.")
        return _told(disk.key, title, Level.WARNING, detail % words, gettext(SOON_ADVICE))
    return _told(disk.key, title, Level.OK, gettext("%(free)s von %(total)s frei.") % words)


def _worker(sample: Sample[Database]) -> Condition | None:
    """None while the database, which knows of workers, does not answer."""
    if sample.value is None or _is_away(sample):
        return None
    title, age = gettext("Hintergrundarbeit"), sample.value.worker_age
    if age is not None and age + sample.age < WORKER_LIMIT_SECONDS:
        return _told("worker", title, Level.OK, gettext("Der Worker arbeitet."))
    if age is None and time.monotonic() - _state.began < WORKER_LIMIT_SECONDS:
        return _told("worker", title, Level.OK, gettext("Der Worker startet."))
    detail = gettext("Kein Worker gibt ein Lebenszeichen.")
    return _told("worker", title, Level.FAILED, detail, gettext(WORKER_ADVICE))


def _told(key: str, title: str, level: Level, detail: str, advice: str = "") -> Condition:
    with _state.lock:
        known = _state.since.get(key)
        if known is None or known[0] is not level:
            known = _state.since[key] = (level, datetime.now(UTC))
    return Condition(key, title, level, detail, advice, known[1])


def _size(count: int) -> str:
    """Bytes as people read them: whole MB, GB with one digit."""
    if count < 2**30:
        return f"{number_format(count // 2**20)} MB"
    return f"{number_format(round(count / 2**30, 1), 1)} GB"


def worst(found: tuple[Condition, ...]) -> Level:
    """The worst level of some conditions."""
    levels = {condition.level for condition in found}
    return next((level for level in (Level.FAILED, Level.WARNING) if level in levels), Level.OK)
