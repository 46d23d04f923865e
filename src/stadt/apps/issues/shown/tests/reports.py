"""A small case type of the tests' own, and rows of the projection for them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from stadt.apps.issues.shown.mapping import CaseFacts
from stadt.apps.issues.shown.models import PublicIssue
from stadt.civic.cases.catalogue import CaseType, Category, Face, Move, PublicFace, State

ZONE = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE)
TYPE = CaseType(
    key="puddle",
    version=1,
    title="Pfütze melden",
    door="melden",
    public=PublicFace(text_published="after_review", photos_published="after_review"),
    states=(
        State(key="new", title="neu", face=Face.RECEIVED, is_initial=True),
        State(key="looking", title="wird geprüft", face=Face.CHECKING),
        State(key="asked", title="wartet", face=Face.CHECKING, pauses=True),
        State(key="planned", title="eingeplant", face=Face.PLANNED),
        State(key="dry", title="trocken", face=Face.DONE, is_final=True),
        State(key="refused", title="abgelehnt", face=Face.NOT_POSSIBLE, is_final=True),
        State(key="spam", title="Unfug", face=Face.NOT_POSSIBLE, is_final=True, is_public=False),
    ),
    moves=(
        Move(key="look", title="Prüfen", target="looking"),
        Move(key="ask", title="Nachfragen", target="asked"),
        Move(key="plan", title="Einplanen", target="planned"),
        Move(key="dry", title="Getrocknet", target="dry"),
        Move(key="refuse", title="Ablehnen", target="refused", who="decider"),
        Move(key="again", title="Wieder nass", source=("dry",), target="looking", who="reporter"),
    ),
    categories=(
        Category(
            key="deep", title="Tiefe Pfütze", words=("Loch", "Wasser"), texts={"en": {"title": "Deep puddle"}}
        ),
        Category(key="wide", title="Breite Pfütze"),
        Category(key="private", title="Pfütze im Keller", is_public=False),
    ),
)


def facts(**more: Any) -> CaseFacts:
    """A report that everybody may see, changed as told."""
    given: dict[str, Any] = {
        "case_id": 7,
        "reference": "ABCD-EFGH",
        "type_key": TYPE.key,
        "category": "deep",
        "state": "new",
        "face": "received",
        "received_at": NOON,
        "changed_at": NOON,
    }
    return CaseFacts(**given | more)


def keep(number: int, **more: Any) -> PublicIssue:
    """A row of the projection, as `project` would keep it."""
    today = timezone.localdate()
    given: dict[str, Any] = {
        "case_id": number,
        "reference": f"{number:04d}-TEST",
        "type_key": TYPE.key,
        "category": "deep",
        "face": "received",
        "received_on": today,
        "changed_at": timezone.now(),
        "lon": 7.1,
        "lat": 51.5,
    }
    row = given | more
    row.setdefault("received_at", datetime.combine(row["received_on"], time(12), ZONE))
    row.setdefault("is_closed", row["face"] in ("done", "not_possible"))
    if row["is_closed"]:
        row.setdefault("closed_on", today)
        row.setdefault("closed_at", datetime.combine(row["closed_on"], time(13), ZONE))
    return PublicIssue.objects.create(**row)


def keep_many(count: int, **more: Any) -> None:
    """So many rows that differ only in their numbers."""
    for number in range(1, count + 1):
        keep(number, **more)


def days_ago(days: int) -> date:
    """A day in the past."""
    return timezone.localdate() - timedelta(days=days)


def references(issues: Iterable[Any]) -> list[str]:
    """Their numbers, in order."""
    return [issue.reference for issue in issues]
