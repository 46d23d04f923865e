"""The strategy as the city printed it, read from the city's folder into items; nothing is added that the files do not say."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from stadt.apps.strategy.parsing import parse_funding, parse_period
from stadt.apps.strategy.parsing.names import Names, read_names
from stadt.apps.strategy.record.content import (
    KINDS,
    ActionField,
    Annotation,
    Content,
    Dependency,
    Head,
    IndicatorLink,
    Item,
    Measure,
    PrintedIndicator,
    Spatial,
    Theme,
    field_of,
    kind_of,
)
from stadt.apps.strategy.record.files import Measure as PrintedMeasure
from stadt.apps.strategy.record.files import PrintedIndicator as PrintedRow
from stadt.apps.strategy.record.files import Strategy, StrategyError, read_strategy
from stadt.core.city import current

BEGINNING = date(1900, 1, 1)
"""From when a document counts that does not say its year."""
Day = date
ELEMENTS = "elements.toml"
TABLES = {
    "vision": "vision",
    "goals": "goal",
    "principles": "principle",
    "challenges": "challenge",
    "annotations": "annotation",
}
"""Table in `elements.toml` → kind of item."""


@cache
def printed_content() -> Content:
    """What the files of this installation's city say, read once.

    Raises:
        StrategyError: see `read_content`.
    """
    return read_content(current().folder / "strategy")


@cache
def printed_since() -> date:
    """The first day of the year that the document names as its own; no day is invented where it names none."""
    as_of = printed_content().head.as_of[:4]
    return date(int(as_of), 1, 1) if as_of.isdecimal() and as_of.isascii() and int(as_of) else BEGINNING


class Council(msgspec.Struct, frozen=True):
    """Where the council decided on a document: the paper's number, the day, its address; empty what nobody gave."""

    paper: str = ""
    date: Day | None = None
    link: str = ""


def printed_council() -> Council:
    """The table `[council]` of the city's `strategy.toml`.

    Raises:
        StrategyError: it has the wrong shape.
    """
    head = tomllib.loads((current().folder / "strategy" / "strategy.toml").read_text(encoding="utf-8"))
    try:
        return msgspec.convert(head.get("council", {}), Council)
    except msgspec.ValidationError as error:
        raise StrategyError(f"strategy.toml, council: {error}") from None


def read_content(folder: Path) -> Content:
    """Everything below a city's `strategy` folder; of a city without one, nothing.

    Raises:
        StrategyError: with one sentence naming the file and the code that is wrong.
    """
    printed = read_strategy(folder)
    if printed == Strategy():
        return Content()
    more = _read_elements(folder / ELEMENTS)
    dependencies, names = _dependencies(more), read_names(folder / "funding.toml")
    items: list[Item] = [Head(title=printed.title, as_of=printed.as_of, note=printed.note)]
    for theme in printed.themes:
        items.append(Theme(f"LT-{theme.number}", theme.name, slug=theme.slug))
        items += [
            ActionField(part.code, part.name, f"LT-{theme.number}", slug=part.slug) for part in theme.fields
        ]
    items += [
        _measure(row, dependencies.pop(row.code, ()), printed.note, names)
        for row in printed.measures.values()
    ]
    items += [_indicator(row) for row in printed.indicators.values()]
    items += _elements(more)
    known = {item.code for item in items}
    for problem in _contradictions(items, dependencies, known):
        raise StrategyError(problem)
    return Content(items)


def _measure(row: PrintedMeasure, dependencies: tuple[Dependency, ...], note: str, names: Names) -> Measure:
    return Measure(
        row.code,
        row.title,
        field=field_of(row.code),
        period=parse_period(row.period_text),
        funding=parse_funding(row.funding_text, names),
        sdgs=row.sdgs,
        dependencies=dependencies,
        spatial=Spatial(row.spatial_reference),
        indicators=tuple(IndicatorLink(code) for code in row.indicator_codes),
        state_note=note,
        software=row.software_system,
    )


def _indicator(row: PrintedRow) -> PrintedIndicator:
    return PrintedIndicator(
        row.code,
        row.name,
        field=field_of(row.code),
        unit=row.unit,
        direction=row.direction,
        kind=row.kind,
        formula=row.formula,
        standard=row.standard,
        source=row.source,
        is_active=row.is_active,
        repeats=row.repeats,
    )


def _read_elements(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StrategyError(f"{ELEMENTS} ist nicht lesbar: {error}") from None


def _elements(more: Mapping[str, Any]) -> Iterator[Item]:
    unknown = set(more) - {*TABLES, "dependencies", "themes", "fields"}
    if unknown:
        raise StrategyError(f"{ELEMENTS}: {min(unknown)} ist unbekannt.")
    for table, kind in TABLES.items():
        struct = KINDS[kind][0]
        for row in more.get(table, ()):
            try:
                item: Item = msgspec.convert(row, struct)
            except msgspec.ValidationError as error:
                raise StrategyError(f"{ELEMENTS}, {table}: {error}") from None
            if kind_of(item.code) != kind or set(row) - set(struct.__struct_fields__):
                raise StrategyError(f"{ELEMENTS}: {item.code} passt nicht zu {table}.")
            yield item


def _dependencies(more: Mapping[str, Any]) -> dict[str, tuple[Dependency, ...]]:
    found: dict[str, tuple[Dependency, ...]] = {}
    for row in more.get("dependencies", ()):
        try:
            rest = dict(row)
            of, on = rest.pop("of"), rest.pop("on")
            found[of] = (*found.get(of, ()), msgspec.convert({"code": on, **rest}, Dependency))
        except (KeyError, TypeError, msgspec.ValidationError) as error:
            raise StrategyError(f"{ELEMENTS}, dependencies: {error}") from None
    return found


def _contradictions(
    items: list[Item], left: Mapping[str, tuple[Dependency, ...]], known: set[str]
) -> Iterator[str]:
    if len(known) != len(items):
        yield f"{ELEMENTS}: Ein Code kommt mehrmals vor."
    for code in left:
        yield f"{ELEMENTS}: Die Maßnahme {code} gibt es nicht."
    for item in items:
        if isinstance(item, Measure):
            for dependency in item.dependencies:
                if dependency.code not in known or dependency.code == item.code:
                    yield f"{ELEMENTS}: {item.code} soll von {dependency.code} abhängen."
        elif isinstance(item, Annotation) and item.about not in known:
            yield f"{ELEMENTS}: {item.code} handelt von {item.about}, das es nicht gibt."
