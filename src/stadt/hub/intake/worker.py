"""The process that opens somebody's file: `python -m stadt.hub.intake.worker`, a task as JSON in, an answer as JSON out."""

import errno
import logging
import os
import sys
from pathlib import Path

import msgspec

from stadt.hub.intake import fence, tasks
from stadt.hub.intake.child import Answered, Fault, Task
from stadt.hub.intake.errors import Refusal
from stadt.hub.lake.reading import ReadingFailed


def main() -> None:
    """Do the one task and say what came of it."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    # What libraries print goes with the errors; the answer alone goes out.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    fence.close_in(
        memory_bytes=task.memory_bytes,
        seconds=task.seconds,
        readable=(Path(task.path),),
        writable=Path(task.folder),
    )
    with answer:
        answer.write(msgspec.json.encode(_answer(task)))


def _answer(task: Task) -> Answered:
    try:
        return Answered(result=tasks.TASKS[task.task](task))
    except Refusal as refusal:
        return Answered(refusal=refusal.code, values=refusal.values)
    except MemoryError:
        return Answered(refusal="too_much_memory")
    except RecursionError:
        return Answered(refusal="too_deep")
    except Exception as error:
        logging.getLogger("stadt.intake").exception("a file could not be read")
        if isinstance(error, ImportError):
            return Answered(fault=Fault.INCOMPLETE)
        if _is_full(error):
            return Answered(fault=Fault.NO_ROOM)
        # The file is to blame: the city's own mistakes show in the tests, and the log keeps this one.
        return Answered(refusal="damaged")


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return isinstance(error, ReadingFailed) and os.strerror(errno.ENOSPC).lower() in str(error).lower()


if __name__ == "__main__":
    main()
