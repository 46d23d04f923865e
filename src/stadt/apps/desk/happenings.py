"""What happened to a case, told in sentences; names are looked up once for all entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.desk.wording import titled
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.models import Entry
from stadt.core.people.models import Organisation, User
from stadt.web.formats import day

KINDS: Mapping[str, Any] = {
    "opened": _("eröffnet"),
    "moved": _("Stand geändert"),
    "assigned": _("zugewiesen"),
    "handed_over": _("Auftrag geändert"),
    "weighed": _("Dringlichkeit geändert"),
    "task": _("Aufgabe geändert"),
    "asked": _("Rückfrage gestellt"),
    "written": _("Nachricht geschrieben"),
    "answered": _("Antwort bekommen"),
    "recategorised": _("Kategorie geändert"),
    "replaced": _("Ort geändert"),
    "released": _("Text freigegeben"),
    "merged": _("mit einem anderen zusammengeführt"),
    "absorbed": _("andere dazugenommen"),
    "parted": _("vom anderen getrennt"),
    "released_other": _("einen anderen abgetrennt"),
    "put_below": _("untergeordnet"),
    "taken_out": _("herausgelöst"),
    "supported": _("Stimme von jemand anderem"),
    "party_corrected": _("Kontaktdaten berichtigt"),
    "renewed": _("auf die neue Fassung seiner Art gebracht"),
    "party_added": _("Person dazugenommen"),
    "anonymised": _("anonymisiert"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. `text` was written to the reporter (and everybody, where the case is public)."""

    at: datetime
    who: str
    title: str
    text: str
    reason: str
    detail: str


def happenings(entries: Sequence[Entry], case_type: CaseType) -> list[Happening]:
    """The entries in words, in their order. At most two queries."""
    people = _people(entries)
    teams = _teams(entries)
    return [
        Happening(
            at=one.at,
            who=_who(one, people),
            title=_title(one, case_type),
            text=one.public_text,
            reason=one.reason,
            detail=_detail(one, teams, people),
        )
        for one in entries
    ]


def _title(entry: Entry, case_type: CaseType) -> str:
    if entry.move and (move := case_type.find_move(entry.move)) is not None:
        return titled(move)
    state = case_type.find_state(entry.to_state) if entry.to_state else None
    kind = str(KINDS.get(entry.kind, entry.kind))
    return f"{kind}: {titled(state)}" if state and entry.to_state != entry.from_state else kind


def _who(entry: Entry, people: Mapping[int, str]) -> str:
    if entry.actor_kind == "user":
        return people.get(int(entry.actor_id or 0), gettext("jemand mit gelöschtem Konto"))
    if entry.actor_kind == "system":
        return gettext("die Plattform")
    if entry.actor_kind == "token":
        return gettext("eine Schnittstelle")
    if entry.actor_kind == "resident":
        return gettext("jemand anderes")
    return gettext("die meldende Person")


def _detail(entry: Entry, teams: Mapping[int, str], people: Mapping[int, str]) -> str:
    data = entry.data
    said = [
        teams.get(data.get("organisation") or 0, ""),
        teams.get(data.get("contractor") or 0, ""),
        people.get(data.get("assignee") or 0, ""),
    ]
    planned = data.get("planned_for")
    if isinstance(planned, str) and planned:
        said.append(gettext("geplant für %(day)s") % {"day": day(date.fromisoformat(planned))})
    return ", ".join(one for one in said if one)


def _people(entries: Iterable[Entry]) -> dict[int, str]:
    ids = {int(one.actor_id) for one in entries if one.actor_kind == "user" and one.actor_id.isdecimal()}
    ids |= {one.data["assignee"] for one in entries if isinstance(one.data.get("assignee"), int)}
    return {pk: user.get_full_name() for pk, user in User.objects.in_bulk(ids).items()}


def _teams(entries: Iterable[Entry]) -> dict[int, str]:
    ids = {
        one.data[name]
        for one in entries
        for name in ("organisation", "contractor")
        if isinstance(one.data.get(name), int)
    }
    if not ids:
        return {}
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))
