"""What a file holds, found out in a process of its own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stadt.hub.intake.child import RECOGNISE_SECONDS, Task, run, work_folder
from stadt.hub.intake.errors import refused
from stadt.hub.intake.reading import Reading

MAX_BYTES = 2 * 1024**3


def recognise(
    path: Path, filename: str, answer: Mapping[str, Any] | None = None, *, districts: Sequence[str] = ()
) -> Reading:
    """How the file is to be read, with what is doubtful told.

    Args:
        path: the file; nothing is written beside it that stays.
        filename: its name as it was sent; content decides, the name only says what to remark.
        answer: `answer_of` an earlier reading, so that the next delivery needs no hand.
        districts: names of the city's districts and quarters, to tell the columns that hold them.

    Raises:
        Unreadable: with one sentence, when it is none of the formats, damaged, hostile, or above 2 GB.
    """
    if path.stat().st_size > MAX_BYTES:
        raise refused("too_large", {"limit": "2 GB"})
    with work_folder(path.parent) as folder:
        task = Task(
            task="recognise",
            path=str(path.absolute()),
            folder=folder,
            seconds=RECOGNISE_SECONDS,
            filename=filename,
            answer=dict(answer or {}),
            districts=tuple(districts),
        )
        return Reading.from_json(run(task))
