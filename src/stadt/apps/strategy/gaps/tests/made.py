"""A small made strategy: two themes, four measures, four indicators, one of them printed twice."""

from typing import Any

from stadt.apps.strategy.gaps.state import State
from stadt.apps.strategy.record.content import (
    ActionField,
    Content,
    Funding,
    Head,
    IndicatorLink,
    Item,
    Measure,
    Period,
    PrintedIndicator,
    Spatial,
    Theme,
)

DEFINED = {"formula": "a / b", "unit": "%", "direction": "higher better"}


def indicator(code: str, **more: Any) -> PrintedIndicator:
    """A printed indicator with a proposed definition."""
    return PrintedIndicator(code, f"Kennzahl {code}", field=f"HF-{code[1:4]}", **(DEFINED | more))


def measure(code: str, *indicators: str, **more: Any) -> Measure:
    """A measure that is to move these indicators."""
    links = tuple(IndicatorLink(name) for name in indicators)
    return Measure(code, f"Maßnahme {code}", field=f"HF-{code[2:5]}", **({"indicators": links} | more))


ITEMS: tuple[Item, ...] = (
    Head(title="Strategie der Probe"),
    Theme("LT-1", "Verwaltung", slug="verwaltung"),
    Theme("LT-2", "Umwelt", slug="umwelt"),
    ActionField("HF-1.1", "Dienste", "LT-1", slug="dienste"),
    ActionField("HF-2.1", "Luft", "LT-2", slug="luft"),
    measure("M-1.1.1", "K1.1-01", sdgs=(11,), funding=Funding("Eigenmittel"), state_note="Stand 2020"),
    measure(
        "M-1.1.2",
        "K1.1-01",
        "K1.1-03",
        sdgs=(9, 11),
        owner="it",
        main_sdg=9,
        state="planned",
        spatial=Spatial(types=("virtual",)),
        funding=Funding("Pilot: Land, Rest: offen"),
    ),
    measure("M-2.1.1", sdgs=(11,), period=Period(text="offen", is_undated=True), software="none: Gebäude"),
    measure("M-2.1.2", "K1.1-02", state="struck"),
    indicator("K1.1-01", standard="U4SSC EC: ICT: PS: 1A Open Data"),
    indicator("K1.1-02", standard="CITYkeys (name): participation"),
    indicator("K1.1-03", is_active=False, repeats="K1.1-01"),
    indicator("K1.1-04", owner="it", interval="P1Y", priority=True, unit=""),
)


def made_state(*items: Item, **facts: Any) -> State:
    """What gaps are looked for in; facts that are not given are empty."""
    empty: dict[str, Any] = {
        "connected": frozenset(), "measured": frozenset(), "targets": frozenset(), "bases": frozenset(),
        "due": frozenset(), "same_data": (), "context": frozenset(),
    }  # fmt: skip
    return State(Content(items or ITEMS), **(empty | facts))
