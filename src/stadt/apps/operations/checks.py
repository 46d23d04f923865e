"""What the running city asks of itself: does somebody work, did jobs or mail fail, do the tables fit, is there room."""

from datetime import timedelta
from functools import partial

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, ngettext

from stadt.apps.operations.models import Sample
from stadt.core import condition, queue
from stadt.core.condition import Condition, Level
from stadt.core.manifest import Check, Severity

MAIL = "core.send_mail"
LONGEST_WAIT = timedelta(minutes=15)
GROWTH_DAYS = 7
ROOM_DAYS = 30
# The checks that pages answer themselves, and the kind of condition they look at.
LIVE = {"operations.database": "database", "operations.disks": "disk", "operations.worker": "worker"}


def check_condition(kind: str) -> str | None:
    """What this process sees wrong with the database, a worker or the disks."""
    for one in condition.conditions():
        if one.key.split(".")[0] == kind and one.level is not Level.OK:
            return words(one)
    return None


def words(one: Condition) -> str:
    """A condition in one text: what is so and what to do."""
    return " ".join(part for part in (one.detail, one.advice) if part)


def check_queue() -> str | None:
    """What could run runs soon."""
    since = queue.oldest_waiting()
    if since is None or timezone.now() - since < LONGEST_WAIT:
        return None
    minutes = int((timezone.now() - since).total_seconds() // 60)
    told = gettext(
        "Eine Aufgabe wartet seit %(minutes)d Minuten. Bitte nachsehen, ob der Worker läuft und was ihn aufhält."
    )
    return told % {"minutes": minutes}


def check_failed_jobs() -> str | None:
    """No job has failed for good; mail has a check of its own."""
    found = [(task, number) for task, number in queue.count_by_task("failed") if task != MAIL]
    number = sum(count for _, count in found)
    if not number:
        return None
    names = ", ".join(task for task, _ in found[:3]) + (", …" if len(found) > 3 else "")
    return ngettext(
        "%(number)d Aufgabe ist nach allen Versuchen gescheitert (%(names)s). Bitte den Grund ansehen, dann wiederholen oder verwerfen.",
        "%(number)d Aufgaben sind nach allen Versuchen gescheitert (%(names)s). Bitte den Grund ansehen, dann wiederholen oder verwerfen.",
        number,
    ) % {"number": number, "names": names}


def check_mail() -> str | None:
    """Every mail has left."""
    number = dict(queue.count_by_task("failed")).get(MAIL, 0)
    if not number:
        return None
    return ngettext(
        "%(number)d E-Mail ließ sich nicht verschicken. Bitte STADT_MAIL_URL und den Mailserver prüfen, dann wiederholen.",
        "%(number)d E-Mails ließen sich nicht verschicken. Bitte STADT_MAIL_URL und den Mailserver prüfen, dann wiederholen.",
        number,
    ) % {"number": number}


def check_migrations() -> str | None:
    """The tables are those of this version."""
    number = count_pending_migrations()
    if not number:
        return None
    return ngettext(
        "%(number)d Änderung der Tabellen steht aus. Bitte „stadt migrate“ ausführen.",
        "%(number)d Änderungen der Tabellen stehen aus. Bitte „stadt migrate“ ausführen.",
        number,
    ) % {"number": number}


def count_pending_migrations() -> int:
    """How many migrations this version has that the database has not. About a tenth of a second."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def check_growth() -> str | None:
    """At the pace of the last days the disk lasts another month."""
    days = days_of_room()
    if days is None or days >= ROOM_DAYS:
        return None
    told = ngettext(
        "Wächst die Datenbank weiter wie zuletzt, ist der Datenträger in %(days)d Tag voll. Bitte Platz schaffen oder den Datenträger vergrößern.",
        "Wächst die Datenbank weiter wie zuletzt, ist der Datenträger in %(days)d Tagen voll. Bitte Platz schaffen oder den Datenträger vergrößern.",
        days,
    )
    return told % {"days": days}


def days_of_room() -> int | None:
    """Whole days until the growth of the last seven days has used up the disk; None without growth or a day of samples."""
    newest = Sample.objects.order_by("-at").first()
    if newest is None:
        return None
    oldest = Sample.objects.filter(at__gte=newest.at - timedelta(days=GROWTH_DAYS)).order_by("at").first()
    if oldest is None or newest.at - oldest.at < timedelta(days=1):
        return None
    grown = newest.database_bytes - oldest.database_bytes
    if grown <= 0:
        return None
    return int(newest.disk_free / (grown / ((newest.at - oldest.at) / timedelta(days=1))))


CHECKS = (
    Check(
        "operations.database", gettext_noop("Datenbank"), partial(check_condition, "database"),
        watched=True, severity=Severity.DANGER, only_running=True,
    ),
    Check(
        "operations.disks", gettext_noop("Platz auf den Datenträgern"), partial(check_condition, "disk"),
        watched=True, severity=Severity.DANGER, only_running=True,
    ),
    Check(
        "operations.worker", gettext_noop("Hintergrundarbeit"), partial(check_condition, "worker"),
        watched=True, severity=Severity.DANGER, only_running=True,
    ),
    Check("operations.queue", gettext_noop("Warteschlange"), check_queue, watched=True, only_running=True),
    Check("operations.failed_jobs", gettext_noop("Gescheiterte Aufgaben"), check_failed_jobs, watched=True),
    Check("operations.mail", gettext_noop("E-Mail-Versand"), check_mail, watched=True),
    Check("operations.migrations", gettext_noop("Änderungen der Tabellen"), check_migrations, watched=True, only_running=True),
    Check(
        "operations.growth", gettext_noop("Wachstum der Datenbank"), check_growth,
        watched=True, every=timedelta(hours=1),
    ),
)  # fmt: skip
