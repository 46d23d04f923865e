"""A text file as UTF-8 with known lines, whatever it came as."""

import codecs
import csv
import io
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.scan import BLOCK, Scan

WHOLE_BYTES = 8 * 1024 * 1024
HEAD_BYTES = 1024 * 1024
PIECES, PIECE_BYTES = 16, 64 * 1024
TAIL_BYTES = 64 * 1024
_BLANK_LINE = re.compile(rb"\n\r?\n|\r\r")
DELIMITERS = (";", "\t", "|", ",")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are told apart: one character each; no quote where none is used."""

    delimiter: str
    quote: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Text of a file: its beginning, pieces of its middle and its end; of a small file the beginning is all."""

    head: str
    middle: tuple[str, ...] = ()
    tail: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return not self.tail


def as_utf8(path: Path, scan: Scan, folder: Path) -> Path:
    """The file itself where it is UTF-8 with usual line breaks, else a copy in UTF-8 inside `folder`, written in blocks.

    A byte order mark is left out of the copy; DuckDB leaves it out of the original.
    """
    if (scan.is_utf8 and scan.lines > 1) or (scan.is_utf8 and not _has_bare_returns(path)):
        return path
    target = folder / "utf8.txt"
    decoder = codecs.getincrementaldecoder(scan.encoding)()
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    with path.open("rb") as source, target.open("wb") as out:
        lines = 0
        while True:
            block = source.read(BLOCK)
            try:
                text = newlines.decode(decoder.decode(block, final=not block), final=not block)
            except UnicodeDecodeError:
                raise Refusal("undecodable", line=lines + 1, encoding=scan.encoding) from None
            lines += text.count("\n")
            out.write(text.encode())
            if not block:
                return target


def _has_bare_returns(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(BLOCK)
    return b"\r" in head and b"\n" not in head


def filled_lines(path: Path, dialect: Dialect, width: int, folder: Path) -> Path:
    """The file itself where no line is blank, else a copy inside `folder` in which blank lines hold empty cells.

    DuckDB leaves blank lines out and would number all that follows otherwise than people, and Python, do. Lines inside
    quotation marks stay as they are.
    """
    if not _has_blank_lines(path):
        return path
    target = folder / "filled.txt"
    empty = (dialect.delimiter * (width - 1) or dialect.quote * 2 or " ") + "\n"
    taken: list[str] = []
    with (
        path.open(encoding="utf-8-sig", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        try:
            for row in _reader(_noted(source, taken), dialect):
                out.writelines(taken if row else [empty])
                taken.clear()
        except csv.Error:  # DuckDB will say what is wrong, and where
            out.writelines(taken)
            shutil.copyfileobj(source, out, BLOCK)
    return target


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _has_blank_lines(path: Path) -> bool:
    before = b"\n"
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if _BLANK_LINE.search(before + block.removeprefix(codecs.BOM_UTF8)):
                return True
            before = block[-2:]
    return False


def read_texts(path: Path) -> Texts:
    """The text to look at: all of it up to 8 MB, else parts from all over the file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= WHOLE_BYTES:
            return Texts(_decoded(file.read()))
        head = file.read(HEAD_BYTES)
        head = head[: head.rfind(b"\n") + 1]
        middle = []
        for number in range(1, PIECES + 1):
            file.seek(HEAD_BYTES + (size - HEAD_BYTES - TAIL_BYTES) * number // (PIECES + 1))
            middle.append(_whole_lines(file.read(PIECE_BYTES), with_end=False))
        file.seek(size - TAIL_BYTES)
        return Texts(_decoded(head), tuple(middle), _whole_lines(file.read(), with_end=True))


def _decoded(text: bytes) -> str:
    return text.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def _whole_lines(text: bytes, *, with_end: bool) -> str:
    start = text.find(b"\n") + 1
    end = len(text) if with_end else text.rfind(b"\n") + 1
    return _decoded(text[start:end])


def find_dialect(text: str, delimiter: str = "", quote: str | None = None) -> Dialect:
    """The separator that cuts most lines into the same number of cells, and the quote that is used.

    Args:
        text: the beginning of the file.
        delimiter, quote: what a person said.
    """
    sample = text[:200_000]
    if sample.lower().startswith("sep=") and len(sample) > 5 and sample[5] == "\n":
        delimiter = delimiter or sample[4]
    if quote is None:
        doubles = sum(sample.count(mark) for mark in ('\n"', ';"', ',"', '\t"', '|"')) + sample.startswith(
            '"'
        )
        singles = sum(sample.count(mark) for mark in ("\n'", ";'", ",'", "\t'"))
        quote = "'" if singles > 10 and not doubles and sample.count("'") % 2 == 0 else '"'
    if delimiter:
        return Dialect(delimiter, quote)
    scores = [(_consistency(sample, candidate, quote), candidate) for candidate in DELIMITERS]
    best = max(score for score, _ in scores)
    if best <= 0:
        return Dialect(";" if ";" in sample and "," not in sample else ",", quote)
    return Dialect(next(candidate for score, candidate in scores if score >= best * 0.9), quote)


def _consistency(sample: str, delimiter: str, quote: str) -> float:
    """Share of rows that have the most frequent number of cells above one, a little more for more cells."""
    widths: dict[int, int] = {}
    total = 0
    for row in _cut(sample, Dialect(delimiter, quote)):
        if any(row):
            widths[len(row)] = widths.get(len(row), 0) + 1
            total += 1
        if total >= 500:
            break
    widths.pop(1, None)
    if not widths or not total:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count / total + min(width, 20) * 0.002


def rows_of(text: str, dialect: Dialect) -> list[list[str]]:
    """The text as rows of cells, blanks around them cut off.

    Raises:
        Refusal: a cell above 1 MB, as when a quote is never closed.
    """
    return [[cell.strip(" \t\u00a0\u202f") for cell in row] for row in _cut(text, dialect)]


def _reader(lines: Iterable[str], dialect: Dialect) -> Any:
    csv.field_size_limit(1024 * 1024)
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
    )


def _cut(text: str, dialect: Dialect) -> Iterator[list[str]]:
    reader = _reader(io.StringIO(text, newline=""), dialect)
    try:
        yield from reader
    except csv.Error:
        raise Refusal("quote_open", line=reader.line_num) from None
