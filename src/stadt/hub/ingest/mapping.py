"""Applies a device profile: takes the values of a decoded payload and makes observed properties of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Value = float | int | bool | str
LONGEST_TEXT = 200
LARGEST = 1e300


class ValueKind(StrEnum):
    """What a datastream's results are (OGC SensorThings 1.1, table 12: the ends of the observationType codes)."""

    MEASUREMENT = "OM_Measurement"
    COUNT = "OM_CountObservation"
    TRUTH = "OM_TruthObservation"
    CATEGORY = "OM_CategoryObservation"


class NoteCode(StrEnum):
    """Why a value of an accepted message was not stored."""

    MISSING = "missing"
    OUT_OF_RANGE = "out_of_range"
    WRONG_TYPE = "wrong_type"
    NOT_DECODED = "not_decoded"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a profile: where a value stands and what it is. result = raw value x factor + offset."""

    key: str
    path: tuple[str, ...]
    kind: ValueKind = ValueKind.MEASUREMENT
    factor: float = 1.0
    offset: float = 0.0
    minimum: float | None = None
    maximum: float | None = None

    @property
    def field(self) -> str:
        """The path as it is written: `soil.levels.0`."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Note:
    """A value that was not stored: where it stood and why."""

    field: str
    code: NoteCode


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a profile makes of one payload: a value by observed property, and what was left out."""

    values: dict[str, Value]
    notes: tuple[Note, ...] = ()

    @property
    def wrong_types(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.code is NoteCode.WRONG_TYPE)


_MISSING = object()


def decode(rules: Sequence[Rule], payload: dict[str, Any] | None) -> Decoded:
    """The values of a payload by the keys of the rules.

    A value outside its rule's valid range is a sensor's fault and no observation; it is left out and noted.
    A path that is not there is noted too: sensors send some values only now and then.
    """
    if payload is None:
        return Decoded({}, (Note("", NoteCode.NOT_DECODED),))
    values: dict[str, Value] = {}
    notes: list[Note] = []
    for rule in rules:
        path = rule.path
        raw = payload.get(path[0], _MISSING) if len(path) == 1 else find_value(payload, path)
        if raw is _MISSING or raw is None:
            notes.append(Note(rule.field, NoteCode.MISSING))
            continue
        if (
            type(raw) is float and rule.kind is ValueKind.MEASUREMENT and abs(raw) < LARGEST
        ):  # the usual case, fast
            value: Value | None = raw * rule.factor + rule.offset
        else:
            value = _convert(rule, raw)
        if value is None:
            notes.append(Note(rule.field, NoteCode.WRONG_TYPE))
        elif _is_outside(rule, value):
            notes.append(Note(rule.field, NoteCode.OUT_OF_RANGE))
        else:
            values[rule.key] = value
    return Decoded(values, tuple(notes))


def find_value(payload: Any, path: Sequence[str]) -> Any:
    """The value at a path of object keys and list positions; a marker object when it is not there."""
    found = payload
    for step in path:
        if isinstance(found, dict):
            found = found.get(step, _MISSING)
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            return _MISSING
    return found


def find_number(payload: dict[str, Any] | None, path: Sequence[str]) -> float | None:
    """The finite number at a path, None where there is none."""
    found = find_value(payload, path) if payload and path else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if abs(found) < 1e15 else None


def _convert(rule: Rule, raw: Any) -> Value | None:
    """The result of the rule's kind; None when the raw value has another type."""
    if rule.kind is ValueKind.TRUTH:
        return raw if isinstance(raw, bool) else None
    if rule.kind is ValueKind.CATEGORY:
        return raw if isinstance(raw, str) and raw and len(raw) <= LONGEST_TEXT else None
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    if not abs(raw) < LARGEST:
        return None
    if rule.kind is ValueKind.COUNT:
        number = raw * rule.factor + rule.offset
        return int(number) if abs(number) < 2**53 and number == math.floor(number) else None
    return raw * rule.factor + rule.offset


def _is_outside(rule: Rule, value: Value) -> bool:
    if isinstance(value, bool | str):
        return False
    if rule.minimum is not None and value < rule.minimum:
        return True
    return rule.maximum is not None and value > rule.maximum
