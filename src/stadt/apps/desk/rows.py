"""Cases as rows of a list and as points of a map, with everything in words; a handful of queries for any number of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from stadt.apps.desk import wording
from stadt.apps.desk.wording import Words
from stadt.civic.cases.catalogue import CaseType, Face
from stadt.civic.cases.clock import calendar_of_city
from stadt.civic.cases.models import Case
from stadt.civic.cases.placeholders import title_in
from stadt.civic.cases.versions import types_of
from stadt.hub.places.queries import find_area_by_id
from stadt.web.formats import local
from stadt.web.maps import MapFeature, State, point


@dataclass(frozen=True, slots=True)
class Row:
    """A case as it stands in a list."""

    case: Case
    url: str
    title: str
    type_title: str
    category: str
    place: str
    state: Words
    clock: Words
    priority: Words | None
    team: str
    person: str

    @property
    def what(self) -> str:
        """Category, else the service."""
        return self.category or self.type_title


def as_rows(cases: Sequence[Case], address: str = "desk:case") -> list[Row]:
    """Rows in the order of the cases; `address` names the page they lead to."""
    types = types_of(cases)
    today = timezone.localdate()
    return [row_of(case, types[case.type_key, case.type_version], today, address) for case in cases]


def row_of(case: Case, case_type: CaseType, today: date, address: str = "desk:case") -> Row:
    """One row."""
    category = case_type.find_category(case.category)
    state = case_type.find_state(case.state)
    title = wording.titled(state) if state else case.state
    return Row(
        case=case,
        url=reverse(address, args=[case.reference]),
        title=title_in(case, case_type, get_language() or "de"),
        type_title=wording.titled(case_type),
        category=wording.titled(category) if category else case.category,
        place=place_words(case),
        state=Words(title, wording.FACE_LOOKS[Face(case.face)]),
        clock=case_clock(case, case_type, title, today),
        priority=wording.priority_words(case.priority),
        team=case.organisation.name if case.organisation else "",
        person=case.assignee.get_full_name() if case.assignee else "",
    )


def case_clock(case: Case, case_type: CaseType, state_title: str, today: date) -> Words:
    """The clock of a case in words, in the days that its type counts."""
    due, unit, left = local(case.due_at).date() if case.due_at else None, case_type.unit_for(case.face), None
    if case.due_at is not None and due is not None:
        is_calendar = unit == "calendar"
        left = (
            (due - today).days
            if is_calendar
            else calendar_of_city().working_days(timezone.now(), case.due_at)
        )
    return wording.clock_words(
        due=due,
        left=left,
        unit=unit,
        today=today,
        waits=wording.waiting_words(case, state_title),
        closed=local(case.closed_at).date() if case.closed_at else None,
    )


def place_words(case: Case) -> str:
    """Where it is: the address, else the quarter or district."""
    if case.address:
        return case.address
    for number in (case.quarter_id, case.district_id):
        if number is not None and (area := find_area_by_id(number)) is not None:
            return area.name
    return ""


def _state(row: Row) -> Words:
    """What a point's colour says: first that time is up or nearly so, else the state of the case."""
    if row.clock.look is State.DANGER:
        return Words(gettext("überfällig"), State.DANGER)
    if row.clock.look is State.WARNING:
        return Words(gettext("bald fällig"), State.WARNING)
    return row.state


def as_features(rows: Iterable[Row]) -> list[MapFeature]:
    """The rows that have a place, as points; overdue ones are said to be so."""
    return [
        MapFeature(
            row.case.reference,
            f"{row.what}: {row.title}" if row.title != row.what else row.what,
            point(row.case.lon, row.case.lat),
            text=row.place,
            value=row.clock.text,
            url=row.url,
            state=_state(row).look,
            state_label=_state(row).text,
            simulated=row.case.is_example,
        )
        for row in rows
        if row.case.lon is not None and row.case.lat is not None
    ]
