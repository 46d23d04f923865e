"""Before and after as a table."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from stadt.apps.steering.ist import Figure
from stadt.apps.steering.movement import SHARE, Movement, Step
from stadt.apps.steering.presentation import title_of
from stadt.apps.steering.words import amount
from stadt.web.formats import day
from stadt.web.tables import LinkCell, TableColumn


def movement_columns() -> list[TableColumn]:
    """One line for each indicator; three where the measure is for an area."""
    return [
        TableColumn("name", gettext("Kennzahl")),
        TableColumn("before", gettext("Vor dem Beginn")),
        TableColumn("after", gettext("Zuletzt")),
        TableColumn("change", gettext("Veränderung")),
        TableColumn("others", gettext("Was sonst darauf wirken soll")),
    ]


def movement_rows(movements: Iterable[Movement]) -> list[dict[str, Any]]:
    """The city once for each indicator, then each area and the rest of the city where both are known."""
    rows = []
    told: set[str] = set()
    for one in movements:
        if one.code not in told:
            told.add(one.code)
            where = gettext("ganze Stadt") if one.area else ""
            rows.append(_row(one, where, one.whole) | {"others": _others(one)})
        if one.part is not None:
            rows.append(_row(one, one.area, one.part) | {"others": _compared(one)})
        if one.rest is not None:
            rows.append(_row(one, gettext("übrige Stadt"), one.rest))
    return rows


def _row(movement: Movement, where: str, step: Step) -> dict[str, Any]:
    name = f"{movement.code} {title_of(movement.code)}"
    url = reverse("strategy:indicator", args=[movement.code])
    return {
        "name": LinkCell(f"{name} · {where}" if where else name, url),
        "before": _at(step.before, step.before_on, movement.figure, simulated=step.simulated),
        "after": _at(step.after, step.after_on, movement.figure, simulated=step.simulated),
        "change": _signed(step.change, movement.figure),
        "others": "",
    }


def _at(value: float | None, on: Any, figure: Figure, *, simulated: bool) -> str:
    if value is None:
        return gettext("kein Wert")
    words = f"{amount(value, figure)} ({day(on)})"
    return f"{words}, {gettext('simuliert')}" if simulated else words


def _signed(value: float | None, figure: Figure) -> str:
    """By how much something moved: of a share in percentage points."""
    if value is None:
        return gettext("nicht bekannt")
    moved = replace(figure, unit=gettext("Prozentpunkte")) if figure.unit == SHARE else figure
    return f"+{amount(value, moved)}" if value > 0 else amount(value, moved)


def _compared(movement: Movement) -> str:
    if movement.difference is None:
        return ""
    difference = _signed(movement.difference, movement.figure)
    return gettext("Unterschied zur übrigen Stadt: %(difference)s") % {"difference": difference}


def _others(movement: Movement) -> str:
    count = len(movement.others)
    if not count:
        return gettext("keine andere Maßnahme")
    words = ngettext("%(count)s andere Maßnahme", "%(count)s andere Maßnahmen", count) % {"count": count}
    return f"{words}: {', '.join(movement.others)}"
