"""M-15, S-2: before and after a measure, beside the rest of the city and the other measures on the same indicator."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from stadt.apps.steering import movement
from stadt.apps.steering.movement import movements_of
from stadt.apps.steering.movement_words import movement_rows
from stadt.apps.steering.tests.town import CODE, KEYS, MEASURE, Period, Town
from stadt.apps.strategy.public import Measure

HORST = 7


def begun(town: Town, **more: Any) -> Measure:
    """The measure began in the middle of 2022."""
    town.state("in_implementation", period=Period(start=date(2022, 7, 1)), **more)
    return town.measures[MEASURE]


def test_the_last_value_before_the_beginning_stands_beside_the_newest(town: Town) -> None:
    town.give(40.0, 50.0, 52.0, 60.0)  # of 2020 to 2023
    town.measures["M-9.9.9"] = replace_code(begun(town), "M-9.9.9")
    [found] = movements_of(town.measures[MEASURE])
    assert (found.whole.before, found.whole.before_on, found.whole.after) == (50.0, date(2021, 12, 31), 60.0)
    assert (found.whole.change, found.others) == (10.0, ("M-9.9.9",))
    [row] = movement_rows([found])
    assert (row["change"][:3], row["others"]) == ("+10", "1 andere Maßnahme: M-9.9.9")


def replace_code(measure: Measure, code: str) -> Measure:
    return Measure(code, "Noch eine", indicators=measure.indicators)


def test_nothing_before_or_another_definition_is_no_change(town: Town) -> None:
    measure = begun(town)
    town.give(52.0, 60.0, first=2022)
    assert movements_of(measure)[0].whole.change is None
    town.give(50.0, 60.0, first=2021)
    values = town.values[KEYS[CODE]]
    town.values[KEYS[CODE]] = [replace(values[0], version=2), values[1]]
    assert movements_of(measure)[0].whole.change is None
    town.values.clear()
    assert movements_of(measure) == []


def test_an_area_is_compared_with_the_rest_of_the_city_and_not_with_itself(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """10 of 20 become 18 of 20 in the area, 40 of 80 become 44 of 80 elsewhere: 40 points against 5."""
    monkeypatch.setattr(movement, "find_area", lambda key: SimpleNamespace(id=HORST, name="Horst"))
    measure = begun(town)
    spatial = SimpleNamespace(areas=("horst",))
    town.give(50.0, 62.0, first=2021)
    city = town.values[KEYS[CODE]]
    town.values[KEYS[CODE]] = [
        replace(value, numerator=met, denominator=100.0)
        for value, met in zip(city, (50.0, 62.0), strict=True)
    ]
    town.values[f"{KEYS[CODE]}@{HORST}"] = [
        replace(value, value=100 * met / 20, numerator=met, denominator=20.0)
        for value, met in zip(city, (10.0, 18.0), strict=True)
    ]
    asked: Any = SimpleNamespace(
        code=measure.code, indicators=measure.indicators, period=measure.period, spatial=spatial
    )
    [found] = movements_of(asked)
    assert found.part is not None
    assert found.rest is not None
    assert (found.part.change, found.rest.change, found.difference) == (40.0, 5.0, 35.0)
    rows = movement_rows([found, replace(found, area="Erle")])
    assert [row["name"].text.split(" · ")[1] for row in rows] == [
        "ganze Stadt", "Horst", "übrige Stadt", "Erle", "übrige Stadt",
    ]  # fmt: skip
    assert rows[1]["change"] == "+40,0\u202fProzentpunkte"
    assert rows[1]["others"] == "Unterschied zur übrigen Stadt: +35,0\u202fProzentpunkte"
    [_city, behind, *_more] = movement_rows([replace(found, part=found.rest, rest=found.part)])
    assert behind["others"] == "Unterschied zur übrigen Stadt: −35,0\u202fProzentpunkte"
    later = replace(found, rest=replace(found.rest, after_on=date(2024, 12, 31)))
    assert later.difference is None, "two steps between other days are no difference"
