"""Reads for those who work on kept indicators: what waits, what is asked, who did it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stadt.core.manifest import Permission
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.models import Organisation, User
from stadt.hub.datasets.kept.who import who_is
from stadt.hub.indicators import dimensions, queries
from stadt.hub.indicators.kept.plausibility import Group, Part, ask_group, list_groups
from stadt.hub.indicators.models import Entry, FigureFile, IndicatorValue, KeptIndicator
from stadt.hub.indicators.states import Decision, FileState, Origin, ValueState

MOST = 500


def list_kept(actor: Actor, *permissions: Permission) -> list[KeptIndicator]:
    """The kept indicators of the organisations in which one of the permissions is held."""
    rows = KeptIndicator.objects.select_related("organisation").order_by("key")
    if actor.kind != "system":
        rows = rows.filter(organisation_id__in=_within(actor, permissions))
    return list(rows[:MOST])


def organisations_for(actor: Actor, permission: Permission) -> Any:
    """The organisations in which somebody may do that."""
    rows = Organisation.objects.order_by("name")
    return rows if actor.kind == "system" else rows.filter(pk__in=_within(actor, (permission,)))


def list_waiting(actor: Actor, permission: Permission) -> tuple[list[Entry], list[FigureFile]]:
    """Single entries and files that wait for a confirmation, the oldest first."""
    ids = [kept.pk for kept in list_kept(actor, permission)]
    entries = Entry.objects.filter(kept__in=ids, decision=Decision.ENTERED, file=None)
    files = FigureFile.objects.defer("content").filter(kept__in=ids, state=FileState.PROPOSED)
    return (
        list(entries.select_related("kept", "place").order_by("pk")[:MOST]),
        list(files.select_related("kept").order_by("pk")[:MOST]),
    )


def entries_of(kept: KeptIndicator) -> list[Entry]:
    """The newest entries of one indicator that are not of a file."""
    rows = Entry.objects.filter(kept=kept, file=None).select_related("kept", "place", "file")
    return list(rows.order_by("-pk")[:20])


def files_of(kept: KeptIndicator) -> list[FigureFile]:
    """The newest files of one indicator."""
    return list(FigureFile.objects.defer("content").filter(kept=kept).order_by("-number")[:20])


def values_of(kept: KeptIndicator) -> list[queries.Value]:
    """The newest stored values of one indicator, all places, series and breakdowns."""
    rows = IndicatorValue.objects.filter(key=kept.key, superseded_at=None).exclude(origin=Origin.DERIVED)
    return [
        queries.as_value(row)
        for row in rows.order_by("-period_start", "series", "dimension", "place_id")[:100]
    ]


def is_own(actor: Actor, who: str) -> bool:
    """Whether the actor is who is written so in a table."""
    return who_is(actor) == who


def names_of(whos: Iterable[str]) -> dict[str, str]:
    """`user:12` → the person's name, for colleagues only; others stand as what they are."""
    wanted = set(whos)
    ids = {int(who.partition(":")[2]): who for who in wanted if who.startswith("user:")}
    found = {ids[user.pk]: user.name or user.email for user in User.objects.filter(pk__in=ids)}
    return {who: found.get(who, "") for who in wanted}


@dataclass(frozen=True, slots=True)
class GroupFinding:
    """What has to be asked about stored figures that belong together."""

    title: str
    period: str
    finding: dict[str, Any]
    keys: tuple[str, ...]


def list_group_findings() -> list[GroupFinding]:
    """The city's group rules over its newest stored values."""
    found = []
    for group in list_groups():
        parts, period = _parts(group)
        if parts:
            found += [GroupFinding(group.title, period, one, group.keys) for one in ask_group(group, parts)]
    return found


def _parts(group: Group) -> tuple[list[Part], str]:
    if group.dimension:
        [key] = group.keys
        newest = [
            value
            for value in queries.newest_slots(key)
            if value.place_id is None and group.dimension in value.dimensions
        ]
        last = max((value.period_start for value in newest), default=None)
        values = [
            (value.dimensions[group.dimension], value) for value in newest if value.period_start == last
        ]
    else:
        stored = queries.latest_values(group.keys)
        values = [(key, stored[key]) for key in group.keys if key in stored]
        if len({value.period_start for _name, value in values}) > 1:
            return [], ""
    parts = [Part(name, ValueState(value.state), value.value) for name, value in values]
    return parts, str(values[0][1].period_start.year) if values else ""


def breakdown_of(row: Entry | queries.Value) -> str:
    """A breakdown as people read it: `type: Wind`."""
    said = dimensions.read(row.dimension) if isinstance(row, Entry) else dict(row.dimensions)
    return ", ".join(f"{name}: {value}" for name, value in said.items())


def _within(actor: Actor, permissions: Iterable[Permission]) -> set[int]:
    keys = (ALL, *(permission.key for permission in permissions))
    return {pk for key in keys for pk in actor.grants.get(key, frozenset())}
