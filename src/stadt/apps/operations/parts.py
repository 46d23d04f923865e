"""The parts of the overview: how each piece of the installation is, in a word and a few facts."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

import django
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from stadt import __version__
from stadt.apps.operations import queries
from stadt.apps.operations.checks import MAIL
from stadt.apps.operations.findings import Finding, all_findings
from stadt.apps.operations.models import Fact, Sample
from stadt.core import condition, queue
from stadt.core.condition import Level
from stadt.core.manifest import Severity
from stadt.core.people.actor import Actor
from stadt.hub.ingest.queries import SourceNow, running_replays, sources_now
from stadt.hub.ingest.rights import MANAGE
from stadt.web import formats
from stadt.web.maps import State
from stadt.web.tables import StateCell

LEVELS = {Level.OK: State.SUCCESS, Level.WARNING: State.WARNING, Level.FAILED: State.DANGER}


@dataclass(frozen=True, slots=True)
class Part:
    """A card: a word on how it is, facts, and where to look further."""

    title: str
    state: StateCell
    facts: Sequence[tuple[str, Any]] = field(default_factory=list)
    url: str = ""
    link: str = ""

    @property
    def shown(self) -> list[tuple[str, Any]]:
        """The facts with terms that begin like a sentence."""
        return [(capfirst(term), value) for term, value in self.facts]


def all_parts(actor: Actor) -> list[Part]:
    """Every part in the order in which an operator looks. A dozen small queries."""
    found = {one.key: one for one in all_findings()}
    newest, known, counts = queries.newest_sample(), queries.facts(), queue.count_by_state()
    server = queries.server()
    return [
        database(found, server, newest, known),
        room(found, known),
        processes(found),
        jobs(found, counts),
        sources(actor, found, newest),
        mail(found),
        audit(found),
        *backups(found),
        versions(found, server),
        address(),
    ]


def state_of(found: Mapping[str, Finding], *keys: str) -> StateCell:
    """The worst of these checks in a word."""
    bad = [found[key] for key in keys if key in found and found[key].is_bad]
    if not bad:
        return StateCell(_("in Ordnung"), State.SUCCESS)
    if any(one.severity is Severity.DANGER for one in bad):
        return StateCell(_("braucht Sie jetzt"), State.DANGER)
    return StateCell(_("braucht Sie"), State.WARNING)


def size(count: int | None) -> str | None:
    """Bytes as people read them, with one digit from a gigabyte on."""
    if count is None:
        return None
    for unit, length in (("TB", 2**40), ("GB", 2**30), ("MB", 2**20)):
        if count >= length:
            return f"{formats.number(count / length, 0 if unit == 'MB' else 1)} {unit}"
    return f"{formats.number(count / 1024, 0)} kB"


def database(
    found: Mapping[str, Finding], server: queries.Server, newest: Sample | None, known: Mapping[str, Fact]
) -> Part:
    """Size, growth, largest table, connections, role."""
    tables = known["tables"].value if "tables" in known else []
    facts: list[tuple[str, Any]] = [
        (_("Größe"), size(newest.database_bytes) if newest else _("wird gleich gemessen"))
    ]
    grown = growth_of_a_day(newest)
    if grown is not None:
        facts.append((_("in 24 Stunden"), ("+" if grown >= 0 else formats.MINUS) + (size(abs(grown)) or "")))
    if tables:
        facts.append((_("größte Tabelle"), f"{tables[0][0]} ({size(tables[0][1])})"))
    facts += [
        (
            _("Verbindungen"),
            _("%(used)s von %(most)s") % {"used": server.connections, "most": server.most_connections},
        ),
        (_("Rolle"), f"{server.role} – {_('Superuser!')}" if server.is_superuser else server.role),
    ]
    state = state_of(found, "operations.database", "operations.growth")
    return Part(
        _("Datenbank"), state, facts, reverse("operations:database"), _("Tabellen und langsame Abfragen")
    )


def growth_of_a_day(newest: Sample | None) -> int | None:
    """Bytes the database grew by within the last 24 hours; None before there are samples of a day."""
    if newest is None:
        return None
    before = queries.sample_before(newest.at - timedelta(days=1))
    if before is None or newest.at - before.at < timedelta(hours=23):
        return None
    return newest.database_bytes - before.database_bytes


def room(found: Mapping[str, Finding], known: Mapping[str, Fact]) -> Part:
    """Free room of each file system, and the size of the lake."""
    facts: list[tuple[str, Any]] = [
        (one.title, one.detail if one.level is Level.OK else StateCell(one.detail, LEVELS[one.level]))
        for one in condition.conditions()
        if one.key.startswith("disk.")
    ]
    if "lake" in known:
        facts.append((_("Datenablage belegt"), size(known["lake"].value) or _("in einem Speicherdienst")))
    return Part(
        _("Platz"),
        state_of(found, "operations.disks"),
        facts,
        reverse("operations:trends"),
        _("Verlauf ansehen"),
    )


def processes(found: Mapping[str, Finding]) -> Part:
    """Is somebody there who answers and who works."""
    beats = queue.last_heartbeats()
    alive = [beat for beat in beats if timezone.now() - beat < queue.STALLED_AFTER]
    requests, errors = queries.traffic_of_last_hour()
    facts: list[tuple[str, Any]] = [
        (_("Web"), _("antwortet")),
        (_("Worker"), _worker_words(alive, beats)),
        (_("Anfragen dieser und letzter Stunde"), formats.number(requests)),
        (
            _("davon mit Fehler beendet"),
            StateCell(formats.number(errors), State.WARNING) if errors else formats.number(0),
        ),
    ]
    return Part(
        _("Web und Worker"),
        state_of(found, "operations.worker"),
        facts,
        reverse("operations:trends"),
        _("Verlauf ansehen"),
    )


def _worker_words(alive: Sequence[datetime], beats: Sequence[datetime]) -> Any:
    if alive:
        return _("%(count)s, letztes Lebenszeichen %(time)s") % {
            "count": len(alive),
            "time": formats.ago(alive[0]),
        }
    if beats:
        return StateCell(_("letztes Lebenszeichen %(time)s") % {"time": formats.ago(beats[0])}, State.DANGER)
    return StateCell(_("keiner"), State.DANGER)


def jobs(found: Mapping[str, Finding], counts: Mapping[str, int]) -> Part:
    """What waits, runs, is stalled and failed."""
    since = queue.oldest_waiting()
    facts: list[tuple[str, Any]] = [
        (_("warten"), formats.number(counts["waiting"])),
        (_("am längsten"), formats.ago(since) if since else _("nichts wartet")),
        (_("laufen"), formats.number(counts["running"])),
        (_("verwaist"), formats.number(counts["stalled"])),
        (
            _("gescheitert"),
            StateCell(formats.number(counts["failed"]), State.WARNING)
            if counts["failed"]
            else formats.number(0),
        ),
    ]
    state = state_of(found, "operations.queue", "operations.failed_jobs")
    return Part(_("Aufgaben"), state, facts, reverse("operations:jobs"), _("Aufgaben ansehen"))


def sources(actor: Actor, found: Mapping[str, Finding], newest: Sample | None) -> Part:
    """Which sources deliver, which are silent, what was refused."""
    listed = sources_now()
    enabled = [one for one in listed if one.enabled]
    refused = sum(queries.refused_today(newest).values())
    last = max((one.last_message_at for one in enabled if one.last_message_at), default=None)
    facts: list[tuple[str, Any]] = [
        (_("eingeschaltet"), _("%(on)s von %(all)s") % {"on": len(enabled), "all": len(listed)}),
        (_("letzte Nachricht"), formats.ago(last) if last else _("noch keine")),
        (_("still"), _silent_words([one for one in enabled if one.is_silent])),
        (_("heute abgewiesen"), formats.number(refused)),
        (_("Neuauswertungen im Gange"), formats.number(running_replays())),
    ]
    may_open = actor.can(MANAGE)
    url = reverse("ingest:sources") if may_open else ""
    return Part(
        _("Datenquellen"),
        state_of(found, "ingest.silent_sources"),
        facts,
        url,
        _("Datenquellen ansehen") if may_open else "",
    )


def _silent_words(silent: Sequence[SourceNow]) -> Any:
    if not silent:
        return _("keine")
    names = ", ".join(one.title for one in silent[:3]) + (", …" if len(silent) > 3 else "")
    return StateCell(names, State.WARNING)


def mail(found: Mapping[str, Finding]) -> Part:
    """Does mail leave."""
    failed = dict(queue.count_by_task("failed")).get(MAIL, 0)
    facts: list[tuple[str, Any]] = [
        (_("Weg"), mail_way()),
        (_("warten"), formats.number(dict(queue.count_by_task("waiting")).get(MAIL, 0))),
        (
            _("nicht verschickt"),
            StateCell(formats.number(failed), State.WARNING) if failed else formats.number(0),
        ),
    ]
    return Part(
        _("E-Mail-Versand"),
        state_of(found, "operations.mail"),
        facts,
        reverse("operations:mail"),
        _("E-Mails ansehen"),
    )


def mail_way() -> str:
    """Where mail goes, without the log-in of the mail server."""
    if settings.STADT.mail_url:
        return _("Mailserver %(host)s") % {"host": settings.EMAIL_HOST}
    return _("Postfach der Vorführung") if settings.STADT.demo else _("keiner: E-Mails stehen im Log")


def audit(found: Mapping[str, Finding]) -> Part:
    """Is the chain whole, as far as it was asked last."""
    keys = [key for key in found if key.startswith("core.audit_")]
    asked = [moment for key in keys if (moment := found[key].checked_at) is not None]
    facts: list[tuple[str, Any]] = [
        (_("versiegelte Zeilen"), formats.number(queries.sealed_rows())),
        (_("zuletzt geprüft"), formats.ago(max(asked)) if asked else _("noch nicht")),
    ]
    return Part(_("Protokoll"), state_of(found, *keys), facts)


def backups(found: Mapping[str, Finding]) -> list[Part]:
    """What the checks of the backups say, or that nobody has switched them on; nothing where none are declared."""
    keys = [key for key in found if key.startswith("backup.")]
    if not keys:
        return []
    if settings.STADT.backup is None:
        state = State.NEUTRAL if settings.STADT.demo else State.WARNING
        said = _("nicht eingeschaltet; STADT_BACKUP nennt den Ordner dafür")
        return [Part(_("Sicherungen"), StateCell(_("aus"), state), [(_("jede Nacht"), said)])]
    facts = [(found[key].title, found[key].said or _("in Ordnung")) for key in keys]
    return [Part(_("Sicherungen"), state_of(found, *keys), facts)]


def versions(found: Mapping[str, Finding], server: queries.Server) -> Part:
    """What runs here."""
    pending = found.get("operations.migrations")
    facts: list[tuple[str, Any]] = [
        (_("Plattform"), __version__),
        ("Python", platform.python_version()),
        ("PostgreSQL", server.version),
        ("DuckDB", version("duckdb")),
        ("Django", django.get_version()),
        (_("Stand der Tabellen"), queries.schema_fingerprint() or _("unbekannt")),
        (_("Änderungen der Tabellen"), pending.said if pending and pending.is_bad else _("keine offen")),
    ]
    return Part(_("Versionen"), state_of(found, "operations.migrations"), facts)


def address() -> Part:
    """How people reach the city."""
    environment = settings.STADT
    is_open = not environment.is_secure and not environment.is_local
    state = (
        StateCell(_("unverschlüsselt"), State.DANGER)
        if is_open
        else StateCell(_("in Ordnung"), State.SUCCESS)
    )
    facts: list[tuple[str, Any]] = [
        (_("Adresse"), environment.url),
        (
            _("verschlüsselt"),
            _("ja, TLS")
            if environment.is_secure
            else _("nein, nur auf dieser Maschine erreichbar")
            if environment.is_local
            else _("nein"),
        ),
        (_("Vorführung"), _("an: simulierte Daten") if environment.demo else _("aus")),
    ]
    return Part(_("Adresse"), state, facts)
