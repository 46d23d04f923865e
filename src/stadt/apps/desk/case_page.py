"""What a case's page shows to the office, read with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.desk import photos, wording
from stadt.apps.desk.actions import ACTIONS, MESSAGE, QUESTION
from stadt.apps.desk.answers import in_words
from stadt.apps.desk.conversation import conversation_of
from stadt.apps.desk.happenings import Happening, happenings
from stadt.apps.desk.rows import Row, as_features, as_rows, row_of
from stadt.civic.cases import rights
from stadt.civic.cases.access import place_of
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.models import Case, Entry, Party
from stadt.civic.cases.queries import (
    Candidate,
    duplicate_candidates,
    history,
    moves_for,
    notes_of,
    tasks_of,
)
from stadt.civic.cases.queries.listing import find_next, list_by_id, list_relatives
from stadt.civic.cases.services.telling import can_be_told
from stadt.civic.cases.versions import type_of
from stadt.core.people.actor import Actor
from stadt.web.formats import day, moment
from stadt.web.maps import MapLayer
from stadt.web.tables import LinkCell

Facts = list[tuple[str, Any]]
MOST_CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class Head:
    """What stands over every page about a case."""

    row: Row
    case_type: CaseType


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case that may be the same, with what speaks for it."""

    row: Row
    reasons: Sequence[str]
    photo: photos.Photo | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of two cases that are compared."""

    row: Row
    facts: Facts
    photos: Sequence[photos.Photo]


def head_of(case: Case, case_type: CaseType) -> Head:
    """The head of a page about the case."""
    return Head(row_of(case, case_type, timezone.localdate()), case_type)


def context_of(actor: Actor, case: Case, *, with_contact: bool = False) -> dict[str, Any]:
    """Everything about a case that the actor, who reads it, may see; `with_contact`: the look at contact data was kept."""
    case_type = type_of(case)
    head = head_of(case, case_type)
    files = photos.photos_of(case)
    entries = history(actor, case)
    related = list_relatives(actor, case)
    place = place_of(case)
    may_handle = actor.can(rights.HANDLE, place)
    can_ask = can_be_told(case)
    moves = [one for one in moves_for(actor, case, case_type) if can_ask or one not in case_type.questions]
    left_out = _left_out(can_ask=can_ask, has_question=any(one in case_type.questions for one in moves))
    return {
        "case": case,
        "head": head,
        "facts": facts_of(case, head, related),
        "moves": [
            (wording.titled(move), reverse("desk:move", args=[case.reference, move.key])) for move in moves
        ],
        "actions": [
            (one, reverse("desk:change", args=[case.reference, one.key]))
            for one in ACTIONS
            if one.key not in left_out and one.fits(case) and actor.can(one.permission, place)
        ],
        "before": photos.before(files),
        "after": photos.after(files),
        "documents": [one for one in files if not one.is_photo],
        "answers": in_words(case, case_type, with_contact=with_contact),
        "can_ask": can_ask,
        "thread": conversation_of(case),
        "notes": notes_of(actor, case),
        "happenings": happenings(entries, case_type),
        "seen": entries[-1].pk if entries else 0,
        "tasks": [(task.key, wording.titled(task), is_done) for task, is_done in tasks_of(case)],
        "suggestions": [] if case.is_closed else suggestions(actor, case),
        "children": as_rows([one for one in related if one.parent_id == case.pk]),
        "may_handle": may_handle,
        "may_take": may_handle and not case.is_closed and case.assignee_id != actor.user_id,
        "may_redact": actor.can(rights.REDACT, place),
        "may_merge": actor.can(rights.MANAGE, place),
        "may_see_contact": actor.can(rights.SEE_CONTACT, place),
        "parties": None,
        "next": find_next(actor, case),
        "point": _point(head),
    }


def _left_out(*, can_ask: bool, has_question: bool) -> set[str]:
    """Changes that stand elsewhere or reach nobody: where the type has a step that asks, that is the one way to ask."""
    if not can_ask:
        return {QUESTION, MESSAGE}
    return {QUESTION} if has_question else set()


def _point(head: Head) -> list[MapLayer]:
    """The case on a map of its own; nothing where it has no place."""
    shown = [replace(one, url="") for one in as_features([head.row])]
    return [MapLayer("desk.case", gettext("Ort"), shown)] if shown else []


def facts_of(case: Case, head: Head, related: Sequence[Case]) -> Facts:
    """The case in terms and values."""
    row = head.row
    known = {one.pk: one for one in related}
    facts: Facts = [
        (gettext("Nummer"), case.reference),
        (gettext("Dienst"), row.type_title),
        (gettext("Kategorie"), row.category),
        (gettext("Ort"), row.place),
        (gettext("Objekt"), case.asset),
        (gettext("eingegangen"), moment(case.received_at)),
        (gettext("Eingang über"), str(wording.SOURCES.get(case.source, case.source))),
        (gettext("Frist"), day(case.due_at) if case.due_at else ""),
        (gettext("eingeplant für"), day(case.planned_for) if case.planned_for else ""),
        (gettext("Team"), row.team or gettext("Stadt, ohne Team")),
        (gettext("Person"), row.person or gettext("noch niemand")),
        (gettext("Auftragnehmer"), case.contractor.name if case.contractor else ""),
        (gettext("betrifft auch"), _others(case.weight)),
        (
            gettext("wieder geöffnet"),
            gettext("%(count)d-mal") % {"count": case.reopened} if case.reopened else "",
        ),
        (gettext("Teil von"), _link(known.get(case.parent_id or 0))),
        (gettext("gehört zu"), _link(known.get(case.duplicate_of_id or 0))),
    ]
    return [(term, value) for term, value in facts if value not in ("", None)]


def _others(weight: int) -> str:
    return gettext("%(count)d weitere") % {"count": weight} if weight else ""


def _link(case: Case | None) -> LinkCell | None:
    if case is None:
        return None
    return LinkCell(f"{case.title} ({case.reference})", reverse("desk:case", args=[case.reference]))


def suggestions(actor: Actor, case: Case) -> list[Suggestion]:
    """Cases that may be the same and that the actor may read, best first."""
    found: list[Candidate] = duplicate_candidates(
        case.type_key,
        case.category,
        case.lon,
        case.lat,
        case.text,
        case.asset,
        case.received_at,
        leave_out=case.pk,
        limit=MOST_CANDIDATES,
    )
    if not found:
        return []
    rows = as_rows(list_by_id(actor, [one.case_id for one in found]))
    by_id = {row.case.pk: row for row in rows}
    first = photos.first_photos([row.case for row in rows])
    return [
        Suggestion(by_id[one.case_id], one.reasons, first.get(one.case_id))
        for one in found
        if one.case_id in by_id
    ]


def sides(actor: Actor, *cases: Case) -> list[Side]:
    """Cases to be compared."""
    return [
        Side(
            row,
            [
                (gettext("Kategorie"), row.what),
                (gettext("Ort"), row.place or None),
                (gettext("eingegangen"), moment(row.case.received_at)),
                (gettext("Stand"), row.state.text),
                (gettext("Beschreibung"), row.case.text or None),
                (gettext("betrifft auch"), _others(row.case.weight) or None),
            ],
            [one for one in photos.photos_of(row.case) if one.is_photo][:2],
        )
        for row in as_rows(cases)
    ]


def last_entry(case: Case) -> int:
    """The newest entry that a reader of the case has seen; 0 for none. One query."""
    return Entry.objects.filter(case=case).order_by("-pk").values_list("pk", flat=True).first() or 0


def entries_since(actor: Actor, case: Case, seen: int) -> list[Happening]:
    """What happened after an entry, in words."""
    return happenings([one for one in history(actor, case) if one.pk > seen], type_of(case))


def parties_in_words(parties: Sequence[Party]) -> list[tuple[int, str, Facts]]:
    """People of a case with how to reach them, each with its number."""
    return [
        (
            one.pk,
            f"{one.name or gettext('ohne Namen')}: {wording.PARTIES.get(one.role, one.role)}",
            [
                (term, value)
                for term, value in (
                    (
                        gettext("E-Mail-Adresse"),
                        LinkCell(one.email, f"mailto:{one.email}") if one.email else "",
                    ),
                    (
                        gettext("Telefon"),
                        LinkCell(one.phone, f"tel:{_digits(one.phone)}") if one.phone else "",
                    ),
                    (gettext("möchte Nachrichten"), gettext("ja") if one.wants_mail else gettext("nein")),
                )
                if value
            ],
        )
        for one in parties
    ]


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")
