"""Looks once at every byte of a text file: how it is encoded, how many lines it has and how long the longest is."""

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.remarks import Remark, remark

BLOCK = 4 * 1024 * 1024
MAX_LINE = 1024 * 1024
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CANDIDATES = ("cp1252", "iso8859-15", "cp850", "mac_roman")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", *CANDIDATES)
# Letters and signs that German offices write. Which encoding makes most of them out of the bytes is the likely one.
_EXPECTED = "äöüÄÖÜßéèáàçñ°²³µ§€–„“”’…"
_LINE_WITH_MORE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")


@dataclass(slots=True)
class Scan:
    """What the bytes say. `lines` counts line breaks, the last line without one included."""

    encoding: str
    lines: int = 0
    remarks: list[Remark] = field(default_factory=list)

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes can be read as they are."""
        return self.encoding in {"utf-8", "utf-8-sig"}


def scan_text(path: Path, encoding: str = "") -> Scan:
    """Look through the file in blocks; memory does not grow with it.

    Args:
        path: the file.
        encoding: what a person said; empty: found out.

    Raises:
        Refusal: empty, NUL bytes, a line above 1 MB, or two encodings in one file, each naming the line.
    """
    if encoding and encoding not in ENCODINGS:
        raise Refusal("bad_encoding", encoding=encoding)
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refusal("empty")
    found = encoding or _by_mark(head)
    if found.startswith("utf-16"):
        return Scan(found, _count_wide(path, found))
    look = _Look(accept_any=bool(encoding) and found not in {"utf-8", "utf-8-sig"})
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            look.take(block)
    look.finish()
    if encoding:
        if found in {"utf-8", "utf-8-sig"} and look.other_line:
            raise Refusal("undecodable", line=look.other_line, encoding="UTF-8")
        return Scan(found, look.lines)
    if not look.other_line:
        return Scan(found or "utf-8", look.lines)
    if look.utf8_line:
        raise Refusal("mixed_encodings", first=look.utf8_line, second=look.other_line)
    guess, doubts = _by_letters(look.histogram)
    return Scan(guess, look.lines, doubts)


def _by_mark(head: bytes) -> str:
    for mark, name in BOMS:
        if head.startswith(mark):
            return name
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 2 and odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if half >= 2 and even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return ""


class _Look:
    """Goes through blocks of bytes and keeps what is needed of them."""

    def __init__(self, *, accept_any: bool) -> None:
        self.lines = 0
        self.utf8_line = 0
        self.other_line = 0
        self.histogram = np.zeros(256, dtype=np.int64)
        self._accept_any = accept_any
        self._rest = b""

    def take(self, block: bytes) -> None:
        """One more block; what is behind its last line break waits for the next."""
        block = self._rest + block
        end = block.rfind(b"\n") + 1
        if not end and b"\r" in block:
            end = block.rfind(b"\r") + 1
        if not end and len(block) > MAX_LINE:
            raise Refusal("line_too_long", line=self.lines + 1, limit="1 MB")
        self._rest = block[end:]
        self._look_at(block[:end])

    def finish(self) -> None:
        """The last line, which may end without a break."""
        if self._rest:
            self._look_at(self._rest)
            self.lines += not self._rest.endswith((b"\r", b"\n"))

    def _look_at(self, text: bytes) -> None:
        if not text:
            return
        mark = b"\n" if b"\n" in text else b"\r"
        values = np.frombuffer(text, dtype=np.uint8)
        ends = np.flatnonzero(values == mark[0])
        lengths = np.diff(ends, prepend=-1)
        longest = max(int(lengths.max(initial=0)), len(text) - 1 - int(ends[-1]) if len(ends) else len(text))
        if longest > MAX_LINE:
            place = int(np.argmax(lengths)) if len(lengths) and int(lengths.max()) == longest else len(ends)
            raise Refusal("line_too_long", line=self.lines + place + 1, limit="1 MB")
        nul = text.find(b"\0")
        if nul >= 0:
            raise Refusal("nul_bytes", line=self.lines + text.count(mark, 0, nul) + 1)
        if not text.isascii():
            self._tell_apart(text, values)
        self.lines += len(ends)

    def _tell_apart(self, text: bytes, values: "np.ndarray[tuple[int], np.dtype[np.uint8]]") -> None:
        self.histogram += np.bincount(values, minlength=256)
        if self._accept_any:
            return
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            self.utf8_line = self.utf8_line or self._line_of(
                text, next(_LINE_WITH_MORE.finditer(text)).start()
            )
            return
        for line in _LINE_WITH_MORE.finditer(text):
            try:
                line[0].decode("utf-8")
                self.utf8_line = self.utf8_line or self._line_of(text, line.start())
            except UnicodeDecodeError:
                self.other_line = self.other_line or self._line_of(text, line.start())
            if self.utf8_line and self.other_line:
                return

    def _line_of(self, text: bytes, offset: int) -> int:
        return self.lines + text.count(b"\n", 0, offset) + 1


def _by_letters(histogram: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> tuple[str, list[Remark]]:
    """The encoding that turns the bytes above 127 into most expected letters, with the runner-up where it is close."""
    scores: list[tuple[float, int, str]] = []
    total = int(histogram[128:].sum())
    for place, name in enumerate(CANDIDATES):
        good = 0
        for byte in range(128, 256):
            count = int(histogram[byte])
            if not count:
                continue
            letter = bytes([byte]).decode(name, errors="replace")
            if letter in _EXPECTED:
                good += count
            elif letter == "\ufffd" or (ord(letter) < 160 and name != "mac_roman"):
                good -= 3 * count
        scores.append((good / total, -place, name))
    scores.sort(reverse=True)
    best, second = scores[0], scores[1]
    has_sign = any(histogram[byte] for byte in (0xA4, 0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE))
    alike = {best[2], second[2]} == {"cp1252", "iso8859-15"} and not has_sign
    if (best[0] - second[0] < 0.05 and not alike) or best[0] < 0.5:
        return best[2], [remark("encoding_alternative", encoding=best[2], other=second[2])]
    return best[2], []


def _count_wide(path: Path, encoding: str) -> int:
    """Lines of a UTF-16 file, decoded as a trial."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, longest, last = 0, 0, "\n"
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError:
                raise Refusal("undecodable", line=lines + 1, encoding="UTF-16") from None
            if "\0" in text:
                raise Refusal("nul_bytes", line=lines + 1)
            parts = text.split("\n")
            longest = max(longest + len(parts[0]), max(map(len, parts[1:]), default=0))
            if longest > MAX_LINE:
                raise Refusal("line_too_long", line=lines + 1, limit="1 MB")
            longest = len(parts[-1]) if len(parts) > 1 else longest
            lines += len(parts) - 1
            last = text[-1] if text else last
            if not block:
                return lines + (last != "\n")
