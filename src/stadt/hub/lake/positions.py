"""Parts of a table with each row's place in them, by which pages of rows go on where the last one ended."""
# ruff: noqa: S608 - names go through quoted(), paths through literal()

from collections.abc import Sequence

from stadt.hub.lake.engine import literal, quoted
from stadt.hub.lake.layout import layout
from stadt.hub.lake.tables import Field, Kind, geometry_of, table_of

POSITION = "stadt_position"
# A part has fewer rows than that, and a snapshot fewer parts than leave the product below 2^63.
PART_ROWS = 2**40

Box = tuple[float, float, float, float]


def placed_table(
    paths: Sequence[str], fields: Sequence[Field], *, after: int = -1, box: Box | None = None
) -> str:
    """A SELECT as of `table_of`, and the column `stadt_position`: growing from row to row, the same as long as the parts are.

    Args:
        after: only rows behind that position; whole files and row groups before it are not read.
        box: west, south, east, north: leaves out rows whose own box lies outside, by the parts' bounding boxes.
    """
    if not paths:
        return f"SELECT *, 0::BIGINT AS {POSITION} FROM ({table_of(paths, fields)})"
    first, row = (after // PART_ROWS, after % PART_ROWS) if after >= 0 else (0, -1)
    place = layout()
    files = ", ".join(literal(str(place.parts / path)) for path in paths[first:])
    shown = ", ".join(
        f"({quoted(field.name)} AT TIME ZONE 'UTC') AS {quoted(field.name)}"
        if field.kind is Kind.TIME
        else quoted(field.name)
        for field in fields
    )
    conditions = [f"(file_index > 0 OR file_row_number > {row})"] if after >= 0 else []
    if box is not None and geometry_of(fields):
        west, south, east, north = (float(side) for side in box)
        conditions.append(
            f"bbox.xmax >= {west} AND bbox.xmin <= {east} AND bbox.ymax >= {south} AND bbox.ymin <= {north}"
        )
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    position = f"(file_index::BIGINT + {first}) * {PART_ROWS} + file_row_number"
    return f"SELECT {shown}, {position} AS {POSITION} FROM read_parquet([{files}]){where}"
