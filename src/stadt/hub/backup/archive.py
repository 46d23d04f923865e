"""The file of a backup: a tar stream (POSIX ustar) whose last member is a seal over every byte before it.

Any tar program can unpack it. The members come in the order in which a city is put together again; `manifest.json`, last
but one, lists each with its size and SHA-256. The seal holds the SHA-256 of all bytes before it and that of the manifest,
and its own bytes follow from these two, so that no byte of the file can change unnoticed.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from stadt.core.errors import StadtError
from stadt.core.language import in_words

BLOCK = 512
CHUNK_BYTES = 1024 * 1024
HEAD, MANIFEST, SEAL = "backup.json", "manifest.json", "seal"
# Header and content of the seal, a block each, and the two empty blocks that end a tar file.
TAIL_BYTES = 4 * BLOCK
LARGEST_MEMBER = 8**11 - 1  # what the eleven octal digits of a ustar header hold: 8 GiB
LARGEST_DOCUMENT = 256 * 1024 * 1024  # of `backup.json` and `manifest.json`


class Damaged(StadtError):
    """A backup is not as it was written; says where."""

    code = "backup-damaged"


class Source(Protocol):
    """Whatever bytes are read from."""

    def read(self, size: int = -1, /) -> bytes: ...


class Sink(Protocol):
    """Whatever bytes are written to."""

    def write(self, data: bytes, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Member:
    """A part of the archive."""

    name: str
    size: int
    sha256: str


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    try:
        return info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")
    except ValueError as error:
        raise StadtError(
            in_words(f"{name} lässt sich nicht sichern: {error}.", f"{name} cannot be kept: {error}.")
        ) from error


def _padding(size: int) -> bytes:
    return bytes(-size % BLOCK)


def _tail(stream: str, manifest: str) -> bytes:
    content = f"{stream}\n{manifest}\n".encode()
    return _header(SEAL, len(content)) + content + _padding(len(content)) + bytes(2 * BLOCK)


class ArchiveWriter:
    """Writes members one after the other, without ever holding one in memory."""

    def __init__(self, out: Sink) -> None:
        self._out = out
        self._hash = hashlib.sha256()
        self.members: list[Member] = []

    def add(self, name: str, content: bytes) -> Member:
        """Write a small member."""
        return self.add_stream(name, len(content), io.BytesIO(content))

    def add_stream(self, name: str, size: int, source: Source) -> Member:
        """Write a member of exactly `size` bytes.

        Raises:
            StadtError: the source holds less, or the name or the size does not fit the form.
        """
        if size > LARGEST_MEMBER:
            raise StadtError(in_words(f"{name} ist größer als 8 GiB.", f"{name} is larger than 8 GiB."))
        self._write(_header(name, size))
        digest, left = hashlib.sha256(), size
        while left:
            chunk = source.read(min(CHUNK_BYTES, left))
            if not chunk:
                raise StadtError(
                    in_words(f"{name} wurde währenddessen kürzer.", f"{name} became shorter meanwhile.")
                )
            digest.update(chunk)
            self._write(chunk)
            left -= len(chunk)
        self._write(_padding(size))
        member = Member(name, size, digest.hexdigest())
        self.members.append(member)
        return member

    def close(self, facts: Mapping[str, Any]) -> None:
        """Write the manifest, `facts` with the list of members, and the seal."""
        listed = [[member.name, member.size, member.sha256] for member in self.members]
        manifest = self.add(MANIFEST, msgspec.json.encode({**facts, "members": listed}))
        self._out.write(_tail(self._hash.hexdigest(), manifest.sha256))

    def _write(self, data: bytes) -> None:
        self._hash.update(data)
        self._out.write(data)


@dataclass
class _HeldBack:
    """Gives a stream but for its last `TAIL_BYTES`, and hashes what it gives."""

    source: Source
    position: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    held: bytes = b""
    ended: bool = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; nothing once only the tail is left."""
        while len(self.held) < size + TAIL_BYTES and not self.ended:
            more = self.source.read(max(CHUNK_BYTES, size))
            self.ended = not more
            self.held += more
        count = max(0, min(size, len(self.held) - TAIL_BYTES))
        given, self.held = self.held[:count], self.held[count:]
        self.digest.update(given)
        self.position += count
        return given


class MemberStream:
    """The content of the member at hand."""

    def __init__(self, source: _HeldBack, name: str, size: int) -> None:
        self._source, self.name, self.size, self.left = source, name, size, size
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        """Read up to `size` bytes, everything that is left without it."""
        wanted = self.left if size < 0 else min(size, self.left)
        given = self._source.read(wanted) if wanted else b""
        if wanted and not given:
            raise Damaged(
                in_words(
                    f"Die Sicherung endet mitten in {self.name}.", f"The backup ends inside {self.name}."
                )
            )
        self.digest.update(given)
        self.left -= len(given)
        return given

    def read_all(self) -> bytes:
        """The whole content of a small member."""
        if self.size > LARGEST_DOCUMENT:
            raise Damaged(in_words(f"{self.name} ist zu groß.", f"{self.name} is too large."))
        parts = []
        while self.left:
            parts.append(self.read(min(CHUNK_BYTES, self.left)))
        return b"".join(parts)


class ArchiveReader:
    """Reads an archive once, from its beginning to its end, and holds it against its manifest and seal.

    `for member in reader:` gives each member's stream but the manifest's; when the loop is over everything was compared and
    `manifest` is there. What is given before that is not proved yet.
    """

    def __init__(self, source: Source) -> None:
        self._source = _HeldBack(source)
        self.manifest: dict[str, Any] = {}
        self.members: list[Member] = []

    def __iter__(self) -> Iterator[MemberStream]:
        """Give one member after the other.

        Raises:
            Damaged: something is not as it was written.
        """
        document = b""
        while header := self._source.read(BLOCK):
            stream = self._open(header)
            if stream.name == MANIFEST:
                document = stream.read_all()
            else:
                yield stream
            while stream.left:
                stream.read(CHUNK_BYTES)
            self._source.read(len(_padding(stream.size)))
            self.members.append(Member(stream.name, stream.size, stream.digest.hexdigest()))
        self._compare(document)

    def _open(self, header: bytes) -> MemberStream:
        at = self._source.position - len(header)
        last = self.members[-1].name if self.members else "-"
        try:
            info = tarfile.TarInfo.frombuf(header, "utf-8", "strict")
            if not 0 <= info.size <= LARGEST_MEMBER:
                raise ValueError(info.size)
        except (tarfile.HeaderError, ValueError, OverflowError) as error:
            raise Damaged(
                in_words(
                    f"Bei Byte {at}, nach {last}, beginnt kein Teil einer Sicherung: Dort wurde die Datei verändert.",
                    f"At byte {at}, after {last}, no part of a backup begins: the file was changed there.",
                )
            ) from error
        return MemberStream(self._source, info.name, info.size)

    def _compare(self, document: bytes) -> None:
        manifest = next((member.sha256 for member in self.members if member.name == MANIFEST), "")
        sealed = self._source.held[BLOCK : 2 * BLOCK].split(b"\n")
        if sealed[1:2] == [manifest.encode()] and manifest:
            self.manifest = msgspec.json.decode(document)
            listed = [Member(*entry) for entry in self.manifest["members"]]
            for wanted, found in zip(listed, self.members, strict=False):
                if wanted != found:
                    raise Damaged(in_words(f"{wanted.name} wurde verändert.", f"{wanted.name} was changed."))
        if self._source.held != _tail(self._source.digest.hexdigest(), manifest):
            raise Damaged(
                in_words(
                    "Das Siegel passt nicht: Verzeichnis, Zwischenraum oder Siegel wurde verändert.",
                    "The seal does not fit: manifest, space between parts or seal was changed.",
                )
            )
