"""The unit of a Datastream: it may be corrected while nothing was measured in it, and not afterwards."""

from collections.abc import Mapping
from typing import Any

from stadt.core.errors import Conflict, FieldError
from stadt.hub.observations import models as tables
from stadt.hub.sta.preferences import CORRECT_UNIT

# Columns and their names in the standard: of a Datastream, and of a MultiDatastream.
UNITS = {"unit_of_measurement": "unitOfMeasurement", "unit_of_measurements": "unitOfMeasurements"}
LONGEST_CODE = 200


def require_same_unit(identifier: int, values: Mapping[str, Any]) -> None:
    """Refuse another unit for a datastream that has observations: they would mean something else without a word.

    Name and symbol may be written differently while the definition says that it is the same unit. Takes the counters'
    lock, as everything that stores observations does. `values` are the new ones by column.

    Raises:
        Conflict: naming both units, and what to do.
    """
    column = next((name for name in UNITS if name in values), None)
    if column is None:
        return
    state = tables.DatastreamState.objects.select_for_update().filter(datastream_id=identifier).first()
    if state is None or not state.count:
        return
    current = tables.Datastream.objects.values_list(column, flat=True).get(pk=identifier)
    is_as_long = len(_listed(current)) == len(_listed(values[column]))  # what is not, is refused for that
    if is_as_long and _meanings(current) != _meanings(values[column]):
        name = UNITS[column]
        message = (
            f"the Datastream has {state.count} Observations in {_shown(current)}; a unit does not change under them. "
            f"Create a new Datastream for {_shown(values[column])}; if the unit was only written wrongly, send the "
            f"change with 'Prefer: {CORRECT_UNIT}'"
        )
        raise Conflict(f"{name}: {message}.", fields=(FieldError(name, message),))


def corrected_units(current: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The definitions before and after, for the audit; empty when no unit is among the new values."""
    for column, name in UNITS.items():
        if column in values:
            return {"unit": [_codes(current.get(name)), _codes(values[column])]}
    return {}


def _codes(units: Any) -> list[str]:
    return [str(unit.get("definition") or "")[:LONGEST_CODE] for unit in _listed(units)]


def _listed(units: Any) -> list[dict[str, Any]]:
    return [unit or {} for unit in units] if isinstance(units, list) else [units or {}]


def _meanings(units: Any) -> list[tuple[Any, ...]]:
    return [_meaning(unit) for unit in _listed(units)]


def _meaning(unit: dict[str, Any]) -> tuple[Any, ...]:
    definition = unit.get("definition")
    return (definition,) if definition else (None, unit.get("name") or None, unit.get("symbol") or None)


def _shown(units: Any) -> str:
    found = [unit.get("definition") or unit.get("symbol") or unit.get("name") for unit in _listed(units)]
    return ", ".join(f"'{str(name)[:60]}'" if name else "no unit" for name in found[:5])
