"""Survey rounds: what a round found, what is missing and who is asked for it, and which indicators are overdue."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.governance import strategy
from stadt.apps.governance.frozen import canonical, value_document
from stadt.apps.governance.intervals import later
from stadt.apps.governance.kinds import RoundState
from stadt.apps.governance.models import SurveyRound
from stadt.core.errors import NotFound
from stadt.core.people.models import User
from stadt.hub.indicators.queries import Value, history, latest_values

ROUND = "vernetzte-stadt.round/1"
LOOKED_BACK = 200
"""Periods of one indicator that are looked through for the one that held at a key date."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one indicator of a round has at the key date; `missing` says why there is none, empty when there is one."""

    code: str
    name: str
    unit: str
    values: tuple[Value, ...]
    missing: str
    contacts: tuple[User, ...] = ()


@dataclass(frozen=True, slots=True)
class Overdue:
    """An indicator whose newest value is older than its interval and expected delay allow (M-02)."""

    code: str
    name: str
    last: date | None
    due: date | None


@dataclass(frozen=True, slots=True)
class RoundSnapshot:
    """A frozen round: the base values of the next period. `document` is what was frozen, `sha256` its checksum."""

    id: int
    title: str
    key_date: date
    sha256: str
    document: Mapping[str, Any]
    is_example: bool

    def values_of(self, code: str) -> list[Mapping[str, Any]]:
        """The values of an indicator in this round; empty where it was not asked for or had none."""
        for one in self.document["indicators"]:
            if one["code"] == code:
                return list(one["values"])
        return []


def list_rounds() -> list[SurveyRound]:
    """All rounds, the newest key date first, without their snapshots."""
    return list(SurveyRound.objects.defer("snapshot").order_by("-key_date"))


def get_round(pk: int) -> SurveyRound:
    """The round. Raises NotFound."""
    found = SurveyRound.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("Diese Erhebung gibt es nicht."))
    return found


def round_snapshot(pk: int) -> RoundSnapshot | None:
    """What a round froze; None for one that does not exist or is not frozen."""
    row = SurveyRound.objects.filter(pk=pk, state=RoundState.FROZEN).first()
    if row is None:
        return None
    return RoundSnapshot(
        row.pk, row.title, row.key_date, row.sha256, json.loads(row.snapshot), row.is_example
    )


def latest_round(before: date | None = None) -> RoundSnapshot | None:
    """The newest frozen round with a key date before a day (any); no examples. Its values are the base of the next period."""
    rows = SurveyRound.objects.filter(state=RoundState.FROZEN, is_example=False)
    if before is not None:
        rows = rows.filter(key_date__lt=before)
    pk = rows.order_by("-key_date").values_list("pk", flat=True).first()
    return round_snapshot(pk) if pk is not None else None


def default_codes() -> list[str]:
    """What a round asks for unless somebody chooses: the priority indicators, all active ones where none is marked."""
    indicators = strategy.list_indicators()
    return [one.code for one in indicators if one.priority] or [one.code for one in indicators]


def find_values(codes: Sequence[str], key_date: date, *, with_contacts: bool = False) -> list[Found]:
    """For each indicator the values that held at the key date."""
    indicators = strategy.content_at().indicators
    contacts = contacts_of(codes) if with_contacts else {}
    return [
        _found(indicators[code], key_date, contacts.get(code, ())) for code in codes if code in indicators
    ]


def contacts_of(codes: Iterable[str]) -> dict[str, tuple[User, ...]]:
    """For each indicator those who answer for the data of a measure that is to move it, else the measure's lead. One query."""
    wanted = set(codes)
    measures = [one for one in strategy.list_measures() if wanted & set(one.indicator_codes)]
    people = strategy.data_contacts([one.code for one in measures])
    found: dict[str, dict[int, User]] = {}
    for measure in measures:
        for code in wanted & set(measure.indicator_codes):
            for user in people.get(measure.code, ()):
                found.setdefault(code, {})[user.pk] = user
    return {code: tuple(users.values()) for code, users in found.items()}


def build_snapshot(row: SurveyRound, at: Any) -> str:
    """All values of a round as canonical JSON; what is missing stays missing, with its reason."""
    return canonical(
        {
            "format": ROUND,
            "title": row.title,
            "key_date": row.key_date.isoformat(),
            "taken_at": at.isoformat(),
            "indicators": [
                {
                    "code": one.code,
                    "name": one.name,
                    "unit": one.unit,
                    "missing": one.missing,
                    "values": [value_document(value) for value in one.values],
                }
                for one in find_values(row.indicators, row.key_date)
            ],
        }
    )


def list_overdue(today: date | None = None) -> list[Overdue]:
    """Indicators whose next value should have come by now (M-02). One without an interval is never overdue. One query for their values."""
    day = today or timezone.localdate()
    found = []
    surveyed = [one for one in strategy.list_indicators() if one.interval]
    keys = {one.code: strategy.own_keys(one.code) for one in surveyed}
    values = latest_values(key for own in keys.values() for key in own)
    for one in surveyed:
        held = [value for key in keys[one.code] if (value := values.get(key)) and value.value is not None]
        last = max((_last_day(value) for value in held), default=None)
        due = _due(last, one.interval, one.expected_delay_days)
        if last is None or (due is not None and due < day):
            found.append(Overdue(one.code, one.name, last, due))
    return found


def _due(last: date | None, interval: str, delay: int | None) -> date | None:
    following = later(last, interval) if last else None
    return later(following, f"P{min(delay or 0, 9999)}D") if following else None


def _found(one: strategy.PrintedIndicator, key_date: date, contacts: tuple[User, ...]) -> Found:
    keys = strategy.own_keys(one.code)
    values = tuple(value for key in keys if (value := _held_at(key, key_date)) is not None)
    missing = ""
    if not keys:
        missing = gettext("Keine Quelle ist angeschlossen.")
    elif not values:
        missing = gettext("Bis zum Stichtag gibt es keinen Wert.")
    elif all(value.value is None for value in values):
        missing = values[0].reason or gettext("Der Wert fehlt.")
    elif one.interval and all(_is_old(value, one.interval, key_date) for value in values):
        missing = gettext("Der letzte Wert ist älter als der Abstand der Erhebungen.")
    return Found(one.code, one.name, one.unit, values, missing, contacts)


def _held_at(key: str, key_date: date) -> Value | None:
    """The newest value of a period that was over on the key date."""
    held = [value for value in history(key, LOOKED_BACK) if _last_day(value) <= key_date]
    return held[-1] if held else None


def _is_old(value: Value, interval: str, key_date: date) -> bool:
    following = later(_last_day(value), interval)
    return following is not None and following < key_date


def _last_day(value: Value) -> date:
    """The last local day of the value's period, whose end is the moment after it."""
    return date.fromordinal(timezone.localdate(value.period_end).toordinal() - 1)
