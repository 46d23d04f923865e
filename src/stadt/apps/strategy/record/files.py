"""Reads the printed strategy from a city's folder: themes, fields of action, measures and indicators."""

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from stadt.core.city import current
from stadt.core.errors import ConfigurationError
from stadt.core.german import german_slug

MEASURE_COLUMNS = (
    "number",
    "title_de",
    "leitthema",
    "handlungsfeld",
    "period_text",
    "funding_text",
    "sdgs",
    "spatial_reference",
    "software_system",
    "kpis_related",
)
INDICATOR_COLUMNS = (
    "id",
    "leitthema",
    "handlungsfeld",
    "name_de",
    "unit",
    "direction",
    "kind",
    "formula",
    "u4ssc_or_citykeys_code",
    "source",
)
DIRECTIONS = frozenset({"higher better", "lower better", "neutral"})
KINDS = frozenset({"share", "rate", "count", "index", "ratio", "duration"})
MEASURE_NUMBER = re.compile(r"(\d+)\.(\d+)\.(\d+)([a-z]?)")
INDICATOR_CODE = re.compile(r"K(\d+)\.(\d+)-(\d+)")
SUSTAINABLE_DEVELOPMENT_GOALS = range(1, 18)


class StrategyError(ConfigurationError):
    """The city's strategy contradicts itself or cannot be read."""

    code = "strategy"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure (Maßnahme). `code` is `M-` and the printed number; all other fields are as in the city's table.

    `state` is one of `record.lifecycle`, empty as long as nobody updated the measure.

    `spatial_reference`, `software_system` and `indicator_codes` are this project's reading of the document.
    """

    code: str
    number: str
    title: str
    theme: str
    field: str
    period_text: str
    funding_text: str
    sdgs: tuple[int, ...]
    spatial_reference: str
    software_system: str
    indicator_codes: tuple[str, ...]
    state: str = ""

    @property
    def is_struck(self) -> bool:
        return self.state == "struck"


@dataclass(frozen=True, slots=True)
class PrintedIndicator:
    """A row of the indicator table: the name is printed; unit, direction, kind, formula, standard and source are proposals.

    `repeats` is the code of the indicator that this row repeats by mistake; such a row is inactive.
    """

    code: str
    name: str
    theme: str
    field: str
    unit: str
    direction: str
    kind: str
    formula: str
    standard: str
    source: str
    repeats: str = ""
    is_ended: bool = False

    @property
    def is_active(self) -> bool:
        return not self.repeats and not self.is_ended


@dataclass(frozen=True, slots=True)
class ActionField:
    """A field of action (Handlungsfeld), such as `HF-2.1`."""

    code: str
    slug: str
    name: str
    theme_slug: str
    measures: tuple[Measure, ...]
    indicators: tuple[PrintedIndicator, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A guiding theme (Leitthema) or lighthouse project with its fields of action."""

    number: int
    slug: str
    name: str
    fields: tuple[ActionField, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        return tuple(measure for part in self.fields for measure in part.measures)

    @property
    def indicators(self) -> tuple[PrintedIndicator, ...]:
        return tuple(indicator for part in self.fields for indicator in part.indicators)


@dataclass(frozen=True)
class Strategy:
    """The whole document. Empty where a city has none."""

    title: str = ""
    as_of: str = ""
    note: str = ""
    themes: tuple[Theme, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    indicators: Mapping[str, PrintedIndicator] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[ActionField, ...]:
        return tuple(part for theme in self.themes for part in theme.fields)

    @property
    def active_indicators(self) -> tuple[PrintedIndicator, ...]:
        return tuple(indicator for indicator in self.indicators.values() if indicator.is_active)


@cache
def printed_strategy() -> Strategy:
    """What the files of this installation's city say, whatever was decided since; read once.

    Raises:
        StrategyError: see `read_strategy`.
    """
    return read_strategy(current().folder / "strategy")


def read_strategy(folder: Path) -> Strategy:
    """Read `strategy.toml`, `measures.csv` and `kpis.csv`; an absent folder is an empty strategy.

    Raises:
        StrategyError: with one sentence naming the file and the code that is wrong.
    """
    if not folder.is_dir():
        return Strategy()
    head = _read_head(folder / "strategy.toml")
    inactive = head.get("inactive", {})
    if not isinstance(inactive, dict):
        raise StrategyError("strategy.toml: inactive muss eine Tabelle sein.")
    measures = [_measure(row) for row in _rows(folder / "measures.csv", MEASURE_COLUMNS)]
    indicators = [_indicator(row, inactive) for row in _rows(folder / "kpis.csv", INDICATOR_COLUMNS)]
    for problem in _contradictions(measures, indicators, inactive):
        raise StrategyError(problem)
    return Strategy(
        title=str(head.get("title", "")),
        as_of=str(head.get("as_of", "")),
        note=str(head.get("note", "")),
        themes=_themes(measures, indicators),
        measures={
            measure.code: measure
            for measure in sorted(measures, key=lambda measure: number_order(measure.number))
        },
        indicators={indicator.code: indicator for indicator in indicators},
    )


def number_order(number: str) -> tuple[int, int, int, str]:
    """Sorts 1.2.2 before 1.2.10 and 4.3.4 before 4.3.4a."""
    match = MEASURE_NUMBER.fullmatch(number)
    if match is None:
        raise StrategyError(f"measures.csv: „{number}“ ist keine Nummer wie 2.1.3.")
    return int(match[1]), int(match[2]), int(match[3]), match[4]


def field_code(code: str) -> str:
    """The field of action of a measure or indicator: `M-2.1.3` and `K2.1-01` belong to `HF-2.1`."""
    match = MEASURE_NUMBER.search(code) or INDICATOR_CODE.search(code)
    if match is None:
        raise StrategyError(f"„{code}“ ist weder eine Maßnahme noch eine Kennzahl.")
    return f"HF-{int(match[1])}.{int(match[2])}"


def _read_head(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StrategyError(f"{path.name} fehlt im Ordner der Stadt.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StrategyError(f"{path.name} ist nicht lesbar: {error}") from None


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except FileNotFoundError:
        raise StrategyError(f"{path.name} fehlt im Ordner der Stadt.") from None
    except UnicodeDecodeError as error:
        raise StrategyError(f"{path.name} ist nicht in UTF-8: {error}") from None
    reader = csv.DictReader(lines, strict=True)
    if tuple(reader.fieldnames or ()) != columns:
        raise StrategyError(f"{path.name}: Die Spalten müssen {', '.join(columns)} sein.")
    try:
        for row in reader:
            if None in row or None in row.values():
                raise StrategyError(
                    f"{path.name}, Zeile {reader.line_num}: Die Zahl der Felder stimmt nicht."
                )
            yield row
    except csv.Error as error:
        raise StrategyError(f"{path.name}, Zeile {reader.line_num}: {error}") from None


def _measure(row: Mapping[str, str]) -> Measure:
    number_order(row["number"])
    try:
        sdgs = tuple(int(text) for text in _listed(row["sdgs"]))
    except ValueError:
        raise StrategyError(
            f"measures.csv, M-{row['number']}: „{row['sdgs']}“ sind keine SDG-Nummern."
        ) from None
    return Measure(
        code=f"M-{row['number']}",
        number=row["number"],
        title=row["title_de"],
        theme=row["leitthema"],
        field=row["handlungsfeld"],
        period_text=row["period_text"],
        funding_text=row["funding_text"],
        sdgs=sdgs,
        spatial_reference=row["spatial_reference"],
        software_system=row["software_system"],
        indicator_codes=_listed(row["kpis_related"]),
    )


def _indicator(row: Mapping[str, str], inactive: Mapping[str, str]) -> PrintedIndicator:
    if INDICATOR_CODE.fullmatch(row["id"]) is None:
        raise StrategyError(f"kpis.csv: „{row['id']}“ ist kein Code der Form Kn.n-nn.")
    return PrintedIndicator(
        code=row["id"],
        name=row["name_de"],
        theme=row["leitthema"],
        field=row["handlungsfeld"],
        unit=row["unit"],
        direction=row["direction"],
        kind=row["kind"],
        formula=row["formula"],
        standard=row["u4ssc_or_citykeys_code"],
        source=row["source"],
        repeats=inactive.get(row["id"], ""),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _contradictions(
    measures: list[Measure], indicators: list[PrintedIndicator], inactive: Mapping[str, str]
) -> Iterator[str]:
    for code, count in Counter([*(m.code for m in measures), *(i.code for i in indicators)]).items():
        if count > 1:
            yield f"Der Code {code} kommt {count}-mal vor."
    known = {indicator.code for indicator in indicators}
    for code, instead in inactive.items():
        if code not in known or instead not in known:
            yield f"strategy.toml: {code} soll {instead} wiederholen, aber nicht beide stehen in kpis.csv."
    for measure in measures:
        for goal in set(measure.sdgs) - set(SUSTAINABLE_DEVELOPMENT_GOALS):
            yield f"measures.csv: {measure.code} nennt das SDG {goal}, das es nicht gibt."
        for code in set(measure.indicator_codes) - known:
            yield f"measures.csv: {measure.code} nennt die Kennzahl {code}, die nicht in kpis.csv steht."
    for indicator in indicators:
        if indicator.direction not in DIRECTIONS:
            yield f"kpis.csv: {indicator.code} hat die unbekannte Richtung „{indicator.direction}“."
        if indicator.kind not in KINDS:
            yield f"kpis.csv: {indicator.code} hat die unbekannte Art „{indicator.kind}“."
    yield from _misplaced([*measures, *indicators])


def _misplaced(items: "list[Measure | PrintedIndicator]") -> Iterator[str]:
    """One number of a field of action has one name, and one name has one number and one address."""
    names: dict[str, tuple[str, str]] = {}
    slugs: dict[str, str] = {}
    for item in items:
        code = field_code(item.code)
        named = (item.theme, item.field)
        if names.setdefault(code, named) != named:
            yield f"{item.code} gehört der Nummer nach zu „{names[code][1]}“, steht aber bei „{item.field}“."
        for name, owner in ((item.theme, f"L-{code[3:].split('.')[0]}"), (item.field, code)):
            slug = german_slug(name)
            if not slug or slugs.setdefault(slug, owner) != owner:
                yield f"{item.code}: Die Überschrift „{name}“ ist leer oder kommt unter zwei Nummern vor."


def _themes(measures: list[Measure], indicators: list[PrintedIndicator]) -> tuple[Theme, ...]:
    items: list[Measure | PrintedIndicator] = [*measures, *indicators]
    named = {field_code(item.code): (item.theme, item.field) for item in items}
    codes = sorted(named, key=lambda code: [int(part) for part in code[3:].split(".")])
    themes: dict[str, list[str]] = {}
    for code in codes:
        themes.setdefault(named[code][0], []).append(code)
    built = []
    for theme, parts in themes.items():
        slug = german_slug(theme)
        fields = tuple(_field(code, named[code][1], slug, measures, indicators) for code in parts)
        built.append(Theme(int(parts[0][3:].split(".")[0]), slug, theme, fields))
    return tuple(built)


def _field(
    code: str, name: str, theme_slug: str, measures: list[Measure], indicators: list[PrintedIndicator]
) -> ActionField:
    own = sorted((m for m in measures if field_code(m.code) == code), key=lambda m: number_order(m.number))
    return ActionField(
        code=code,
        slug=german_slug(name),
        name=name,
        theme_slug=theme_slug,
        measures=tuple(own),
        indicators=tuple(indicator for indicator in indicators if field_code(indicator.code) == code),
    )
