"""The data shown at a moment, as canonical JSON with a checksum: what a decision rests on, and what a survey found.

Parts above this app add what they know, such as verdicts, by `register_part`; the view keeps it under their name.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from stadt.apps.governance import strategy
from stadt.hub.indicators.queries import Value, latest_values

VIEW = "vernetzte-stadt.decision-view/1"

BuildPart = Callable[[Sequence[str]], Mapping[str, Any]]
_parts: dict[str, BuildPart] = {}


def register_part(name: str, build: BuildPart) -> None:
    """Let a view hold what another app knows: `build(codes)` gives code → whatever JSON takes. Again: the newer counts."""
    _parts[name] = build


def canonical(document: Mapping[str, Any]) -> str:
    """The one way this document is written, so that equal content has an equal checksum."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def checksum(text: str) -> str:
    """SHA-256 of the text, as 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def is_intact(text: str, expected: str) -> bool:
    """Whether a kept text still has the checksum it was kept with."""
    return checksum(text) == expected


def build_view(codes: Sequence[str], at: datetime) -> str:
    """What is known now about these codes: edition, texts, states, values with intervals, and the parts of other apps."""
    content = strategy.content_at()
    edition = strategy.current_edition()
    indicators = {code: list(_indicator_codes(content, code)) for code in codes}
    keys = {key for found in indicators.values() for one in found for key in strategy.own_keys(one)}
    values = latest_values(keys)
    return canonical(
        {
            "format": VIEW,
            "taken_at": at.isoformat(),
            "edition": None
            if edition is None
            else {"name": edition.name, "valid_on": _day(edition.valid_on)},
            "subjects": [_subject(content, code, indicators[code], values) for code in codes],
            "parts": {name: dict(build(codes)) for name, build in sorted(_parts.items())},
        }
    )


def without_moment(text: str) -> dict[str, Any]:
    """The view but for the moment it was taken, to tell whether something has changed since."""
    document: dict[str, Any] = json.loads(text)
    document.pop("taken_at", None)
    return document


def value_document(value: Value) -> dict[str, Any]:
    """A value as JSON keeps it; times are ISO 8601, missing stays missing and is never 0."""
    interval = value.interval
    return {
        "value_id": value.id,
        "key": value.key,
        "series": value.series,
        "value": value.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "state": str(value.state),
        "quality_class": str(value.quality_class),
        "interval": None
        if interval is None
        else {
            "low": interval.low,
            "high": interval.high,
            "level": interval.level,
            "method": str(interval.method),
        },
        "period": str(value.period),
        "period_start": value.period_start.isoformat(),
        "period_end": value.period_end.isoformat(),
        "as_of": value.as_of.isoformat(),
        "version": value.version,
        "revision": value.revision,
        "simulated": value.simulated,
    }


def _indicator_codes(content: strategy.Content, code: str) -> Sequence[str]:
    if code in content.indicators:
        return (code,)
    measure = content.measures.get(code)
    return measure.indicator_codes if measure else ()


def _subject(
    content: strategy.Content, code: str, indicators: Sequence[str], values: Mapping[str, Value]
) -> dict[str, Any]:
    item = content.find(code)
    measure = content.measures.get(code)
    shown: dict[str, Any] = {"code": code, "title": str(getattr(item, "title", ""))}
    if measure:
        shown |= {
            "state": measure.state,
            "state_word": strategy.state_word(measure.state),
            "period": measure.period.text,
            "start": _day(measure.period.start),
            "end": _day(measure.period.end),
            "funding": measure.funding.text,
            "owner": measure.owner,
        }
    shown["indicators"] = [
        {
            "code": one,
            "name": content.indicators[one].name,
            "unit": content.indicators[one].unit,
            "values": [value_document(values[key]) for key in strategy.own_keys(one) if key in values],
        }
        for one in indicators
        if one in content.indicators
    ]
    return shown


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
