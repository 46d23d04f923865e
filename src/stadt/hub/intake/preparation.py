"""The file becomes a typed table, in a process of its own."""

from pathlib import Path

import msgspec

from stadt.hub.datasets.declaration import Column
from stadt.hub.intake.child import PREPARE_SECONDS, Task, run, work_folder
from stadt.hub.intake.reading import Prepared, Reading, Written

TABLE = "table.parquet"


def prepare(path: Path, reading: Reading, target: Path) -> Prepared:
    """Write the table that the reading describes; it stands at `target` whole, or not at all.

    Args:
        path: the file. reading: how to read it. target: where the Parquet file is to stand.

    Raises:
        Unreadable: with one sentence, when the file does not fit the reading, or needs too much time or memory.
    """
    with work_folder(target.parent) as folder:
        task = Task(
            task="prepare",
            path=str(path.absolute()),
            folder=folder,
            seconds=PREPARE_SECONDS,
            reading=reading.to_json(),
            target=TABLE,
        )
        written = msgspec.convert(run(task), Written)
        (Path(folder) / TABLE).replace(target)
    return Prepared(
        path=target,
        columns=tuple(Column(one.name, one.type, one.title, one.unit) for one in written.columns),
        row_count=written.row_count,
        dropped=written.dropped,
        refused=written.refused,
        refused_count=written.refused_count,
        bbox=written.bbox,
        remarks=written.remarks,
    )
