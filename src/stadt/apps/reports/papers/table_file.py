"""The numbers of a report as CSV: one row for each value, with where it comes from in every row."""

import csv
import io
from collections.abc import Iterator

from stadt.apps.reports.papers import words
from stadt.apps.reports.papers.blocks import plain
from stadt.apps.reports.snapshot import Indicator, Snapshot, Value
from stadt.web.spreadsheets import harmless

COLUMNS = (
    "type", "code", "title", "field", "state", "period", "funding", "key", "ist", "ist_shown", "unit", "as_of",
    "interval_low", "interval_high", "soll_low", "soll_high", "soll_due", "verdict", "verdict_shown", "simulated",
    "source", "edition", "moment", "snapshot_sha256",
)  # fmt: skip


def write(snapshot: Snapshot, checksum: str) -> bytes:
    """CSV by RFC 4180 in UTF-8 with a byte order mark; numbers with a decimal point, empty where nothing is known."""
    kept = io.StringIO()
    writer = csv.DictWriter(kept, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    every = {
        "edition": snapshot.edition.name,
        "moment": snapshot.moment.isoformat(),
        "snapshot_sha256": checksum,
    }
    for row in (*_measures(snapshot), *_indicators(snapshot)):
        writer.writerow({name: _safe(text) for name, text in (row | every).items()})
    return b"\xef\xbb\xbf" + kept.getvalue().encode()


def _measures(snapshot: Snapshot) -> Iterator[dict[str, str]]:
    for measure in snapshot.measures:
        yield {
            "type": "measure",
            "code": measure.code,
            "title": measure.title,
            "field": measure.field,
            "state": measure.state,
            "period": measure.period,
            "funding": measure.funding,
            "verdict": measure.verdict,
            "verdict_shown": words.verdict_cell(measure.verdict).text,
            "simulated": _truth(measure.is_simulated),
        }


def _indicators(snapshot: Snapshot) -> Iterator[dict[str, str]]:
    for indicator in snapshot.indicators:
        verdict = indicator.verdict.state if indicator.verdict else "not_assessable"
        head = {
            "type": "indicator",
            "code": indicator.code,
            "title": indicator.name,
            "field": indicator.field,
            "verdict": verdict,
            "verdict_shown": words.verdict_cell(verdict).text,
            "source": indicator.source,
        }
        for value in indicator.values or (None,):
            yield head | _soll(indicator) | (_ist(value) if value else {"unit": indicator.unit})


def _soll(indicator: Indicator) -> dict[str, str]:
    target = indicator.target
    if target is None:
        return {}
    due = target.due.isoformat() if target.due else ""
    return {"soll_low": _number(target.low), "soll_high": _number(target.high), "soll_due": due}


def _ist(value: Value) -> dict[str, str]:
    return {
        "key": value.key,
        "ist": _number(value.number),
        "ist_shown": words.value_text(value),
        "unit": value.unit,
        "period": value.period,
        "as_of": value.as_of.isoformat() if value.as_of else "",
        "interval_low": _number(value.low),
        "interval_high": _number(value.high),
        "simulated": _truth(value.is_simulated),
    }


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _safe(text: str) -> str:
    """A text that a spreadsheet would compute is marked as text; numbers stay numbers."""
    line = plain(text)
    try:
        float(line)
    except ValueError:
        return str(harmless(line))
    return line
