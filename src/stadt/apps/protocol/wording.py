"""Says rows of the audit in words: who, what, on what, through which door, how it is sealed."""

import re
from collections.abc import Mapping
from datetime import timedelta

from django.utils.translation import gettext, gettext_noop

from stadt.core.doors import Door
from stadt.core.people.models import AuditEntry, AuditSeal
from stadt.core.registry import registry
from stadt.web.maps import State
from stadt.web.tables import StateCell

DOORS = {
    Door.PAGE: gettext_noop("Seite"),
    Door.API: gettext_noop("Schnittstelle /api/v1/"),
    Door.SENSORTHINGS: gettext_noop("SensorThings"),
    Door.INGEST: gettext_noop("Sensornetz"),
    Door.JOB: gettext_noop("Hintergrundaufgabe"),
    Door.COMMAND: gettext_noop("Befehlszeile"),
    Door.SETUP: gettext_noop("Einrichtung"),
    Door.INSIDE: gettext_noop("intern"),
}
SUBJECT = re.compile(r"([A-Za-z_]+)(?:[:(](.+?)\)?)?")
SEALED_LATE = timedelta(hours=1)


def door_choices() -> list[tuple[str, str]]:
    """All doors with their words."""
    return [(str(door), gettext(title)) for door, title in DOORS.items()]


def door_title(door: str) -> str:
    """A door in words; a row from before doors were kept has none."""
    return gettext(DOORS[Door(door)]) if door in set(Door) else gettext("nicht vermerkt")


def verb_title(name: str) -> str:
    """What was done; a verb that no installed app declares is told by its name."""
    verb = registry.verbs.get(name)
    return gettext(verb.title) if verb else name


def who(row: AuditEntry, names: Mapping[str, str]) -> str:
    """Who acted, by the name that the account has now."""
    if row.actor_kind == "user":
        return names.get(row.actor_id) or gettext("gelöschtes Konto %(number)s") % {"number": row.actor_id}
    if row.actor_kind == "token":
        return gettext("Token %(number)s") % {"number": row.actor_id}
    if row.actor_kind == "system":
        return gettext("System (%(part)s)") % {"part": row.actor_id}
    return gettext("nicht angemeldet")


def subject_title(subject: str) -> str:
    """On what, in words: the kind's title where an app declares one, with the number."""
    match = SUBJECT.fullmatch(subject)
    known = registry.subjects.get(match[1]) if match else None
    if match is None or known is None:
        return subject
    return f"{gettext(known.title)} {match[2]}" if match[2] else gettext(known.title)


def subject_url(subject: str) -> str:
    """Where the thing is shown; empty when no app says so or it is gone."""
    match = SUBJECT.fullmatch(subject)
    known = registry.subjects.get(match[1]) if match else None
    if match is None or known is None or known.address is None or not match[2]:
        return ""
    return known.address(match[2]) or ""


def seal_state(row: AuditEntry) -> StateCell:
    """Whether the row is sealed, and whether that happened soon."""
    seal: AuditSeal | None = getattr(row, "seal", None)
    if seal is None:
        return StateCell(gettext("noch nicht versiegelt"), State.INFO)
    if seal.sealed_at - row.at > SEALED_LATE:
        return StateCell(gettext("spät versiegelt"), State.WARNING)
    return StateCell(gettext("versiegelt"), State.SUCCESS)
