"""Snapshots for tests: small, whole, and as long as a city could make them."""

from datetime import UTC, date, datetime
from typing import Any

from stadt.apps.reports.snapshot import (
    ActionField,
    Decision,
    Edition,
    Gaps,
    Indicator,
    Measure,
    Snapshot,
    Target,
    Theme,
    Value,
    Verdict,
)

MOMENT = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
HOSTILE = (
    '#import "/etc/passwd": *',
    "$ x^2 $ #panic() \\ *stark* _kursiv_ `code` <label> @quelle // Ende /* auf",
    "= Überschrift\n- Liste\n\n\n+ noch eine",
    '{ PAGE } { INCLUDETEXT "c:\\\\geheim" } <w:p/> ]]> &amp; </w:t>',
    "\u202egnp.exe\u202c \u2067rechts\u2069 \x00\x1b[31m",
    '=HYPERLINK("https://böse.example") @SUM(A1) -1+2',
    "中文 🎉 ﷽ \U0010ffff",
    "Wort" * 1250,
    "Ein Satz aus vielen Wörtern. " * 180,
)


def indicator(number: int = 1, **more: Any) -> Indicator:
    """One with value, interval, SOLL and verdict."""
    value = Value(
        key="waste.monitored_share",
        title="Anteil überwachter Behälter",
        unit="%",
        number=41.5,
        digits=1,
        period="November 2026",
        as_of=MOMENT,
        low=38.25,
        high=44.75,
        level=0.95,
        method="wilson",
        quality="vorläufig",
        is_simulated=True,
    )
    fields: dict[str, Any] = {
        "code": f"K2.1-{number:02}",
        "name": "Anteil überwachter Behälter",
        "field": "HF-2.1",
        "source": "Messungen in den Behältern",
        "values": (value,),
        "target": Target(low=60.0, due=date(2027, 12, 31), is_example=True),
        "verdict": Verdict(state="outside", is_simulated=True),
    }
    return Indicator(**(fields | more))


def measure(**more: Any) -> Measure:
    fields: dict[str, Any] = {
        "code": "M-2.1.3",
        "title": "Behälter, die melden, wann sie voll sind",
        "field": "HF-2.1",
        "period": "2021-2023",
        "funding": "Eigenmittel, offen",
        "is_funding_open": True,
        "state": "in_implementation",
        "state_title": "in Umsetzung",
        "state_note": "Stand 2020, nicht fortgeschrieben",
        "space": "Innenstadt",
        "sdgs": (11, 12),
        "indicators": ("K2.1-01", "K2.1-02"),
        "verdict": "outside",
        "is_simulated": True,
    }
    return Measure(**(fields | more))


def snapshot(kind: str = "council", **more: Any) -> Snapshot:
    """A report about one theme with one measure and two indicators, of which one has nothing."""
    fields: dict[str, Any] = {
        "kind": kind,
        "city": "Probstadt",
        "strategy": "Strategie der Stadt",
        "note": "Stand 2020, nicht fortgeschrieben",
        "edition": Edition(name="1.0", paper="20-25/77", decided_on=date(2020, 6, 25)),
        "moment": MOMENT,
        "release": "0.1.0",
        "address": "https://stadt.example/berichte/1/",
        "author": "Stabsstelle (Sachbearbeitung)",
        "subject": "M-2.1.3" if kind == "measure_sheet" else "",
        "themes": (
            Theme(
                code="LT-2",
                title="Energie und Umwelt",
                fields=(
                    ActionField(
                        code="HF-2.1",
                        title="Abfall",
                        measures=("M-2.1.3",),
                        indicators=("K2.1-01", "K2.1-02"),
                    ),
                ),
            ),
        ),
        "measures": (measure(),),
        "indicators": (
            indicator(),
            indicator(2, name="Gesparte Fahrten", values=(), target=None, verdict=None),
        ),
        "decisions": (
            Decision(
                number="4",
                body="Verwaltungsvorstand",
                decided_on=date(2026, 11, 2),
                kind="start",
                kind_title="Beginn",
                codes=("M-2.1.3",),
            ),
        ),
        "asks": ("Der Rat nimmt den Bericht zur Kenntnis.",),
        "gaps": Gaps(measures_funding_open=1, indicators_without_target=1, indicators_without_value=1),
    }
    return Snapshot(**(fields | more))


def overlong(text: str) -> Snapshot:
    """A sheet whose every text is this one, with more of everything than any measure has."""
    many = tuple(
        indicator(
            number, name=text, source=text, values=(Value(key="a.b", title=text, unit="%", reason=text),)
        )
        for number in range(1, 41)
    )
    return snapshot(
        "measure_sheet",
        strategy=text,
        city=text[:80],
        edition=Edition(name=text[:40]),
        themes=(Theme(code="LT-2", title=text, fields=(ActionField(code="HF-2.1", title=text, measures=("M-2.1.3",)),)),),
        measures=(
            measure(
                title=text, summary=text, period=text, funding=text, space=text, state_note=text, state_title=text[:60],
                sdgs=tuple(range(1, 18)), indicators=tuple(item.code for item in many),
                requires=tuple(f"M-1.1.{number}" for number in range(1, 30)),
            ),
        ),
        indicators=many,
        decisions=tuple(
            Decision(number=str(number), body=text, kind="funding", kind_title="Finanzierung", title=text, codes=("M-2.1.3",), reason=text, paper=text)
            for number in range(20)
        ),
        changes=(text,) * 20,
    )  # fmt: skip
