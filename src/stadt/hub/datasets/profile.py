"""What is in each column: how many cells are missing, how many values differ, and from what to what they reach."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from stadt.core.errors import Unavailable
from stadt.hub.lake.engine import engine, quoted
from stadt.hub.lake.tables import Field, Kind, geometry_of, table_of

logger = logging.getLogger("stadt.datasets")

SECONDS = 60.0
EXACT_ROWS = 200_000
RANGED = frozenset({Kind.NUMBER, Kind.INTEGER, Kind.DATE, Kind.TIME})


def profile_of(paths: Sequence[str], fields: Sequence[Field], row_count: int) -> dict[str, Any]:
    """`{columns: {name: {missing, distinct, minimum, maximum}}, bbox: [west, south, east, north]}`.

    `distinct` is exact up to `EXACT_ROWS` rows, beyond that DuckDB's estimate (HyperLogLog). A table too large to be looked through in a minute has no profile.
    """
    wanted = ", ".join(expression for field in fields for expression in _expressions(field, row_count))
    try:
        sql = f"SELECT {wanted} FROM data"  # noqa: S608 - declared columns
        [row] = engine().ask(sql, view=table_of(paths, fields), seconds=SECONDS)
    except Unavailable:
        logger.warning("no profile: looking through %s took too long", paths[:1])
        return {}
    cells = iter(row)
    columns = {
        field.name: dict(
            zip(
                ("missing", "distinct", "minimum", "maximum"),
                (_written(next(cells)) for _ in range(4)),
                strict=True,
            )
        )
        for field in fields
    }
    shape = geometry_of(fields)
    return {"columns": columns, "bbox": columns[shape.name].pop("minimum") if shape else None}


def _expressions(field: Field, row_count: int) -> tuple[str, str, str, str]:
    name = quoted(field.name)
    missing = f"count(*) - count({name})"
    if field.kind is Kind.GEOMETRY:
        sides = ", ".join(
            f"{best}({side}({name}))"
            for best, side in (("min", "ST_XMin"), ("min", "ST_YMin"), ("max", "ST_XMax"), ("max", "ST_YMax"))
        )
        return missing, "NULL", f"CASE WHEN count({name}) > 0 THEN [{sides}] END", "NULL"
    is_exact = row_count <= EXACT_ROWS
    distinct = (
        f"count(DISTINCT {name})" if is_exact else f"least(approx_count_distinct({name}), count({name}))"
    )
    if field.kind in RANGED:
        return missing, distinct, f"min({name})", f"max({name})"
    return missing, distinct, "NULL", "NULL"


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
