"""The process that typesets: reads one order from standard input, writes the files to standard output, and is gone.

Whatever a paper does to it (endless loop, all memory) ends this process only.
"""

import sys
import tempfile
from datetime import datetime
from pathlib import Path

import msgspec

from stadt.apps.reports.papers.blocks import Paper

MEMORY_BYTES = 3 * 1024**3
CPU_SECONDS = 60


class Order(msgspec.Struct, frozen=True):
    """Versions of one paper, the longest first, and the moment its files name."""

    papers: tuple[Paper, ...]
    moment: datetime
    forms: tuple[str, ...] = ("pdf", "docx")


class Made(msgspec.Struct, frozen=True):
    """The files, or in one word why there are none."""

    pdf: bytes = b""
    docx: bytes = b""
    problem: str = ""


def make(order: Order) -> Made:
    """Typeset in this process."""
    from stadt.apps.reports.typesetting.docx import write  # noqa: PLC0415 - behind the fence
    from stadt.apps.reports.typesetting.pdf import DoesNotFit, typeset  # noqa: PLC0415

    try:
        pdf, number = typeset(order.papers, order.moment)
    except DoesNotFit:
        return Made(problem="does-not-fit")
    return Made(pdf, write(order.papers[number], order.moment) if "docx" in order.forms else b"")


def main(folder: Path) -> None:
    """Close the fence around this process, then work; `folder` is the only one it may write."""
    from stadt.hub.intake.fence import close_in  # noqa: PLC0415 - only in the child

    tempfile.tempdir = str(folder)
    close_in(
        memory_bytes=MEMORY_BYTES, seconds=CPU_SECONDS, readable=[Path(__file__).parent], writable=folder
    )
    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.msgpack.encode(make(order)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
