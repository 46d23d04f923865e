"""Encryption of a backup: for recipients or with a passphrase, in the format of `age` (age-encryption.org/v1).

For recipients the file is an age file of the archive. pyrage encrypts with a passphrase in memory only; so a backup with a
passphrase is a tar of `key.age`, a key of its own encrypted with the passphrase, and of `backup.age/000000` and following, the
archive encrypted for that key. docs/operate/back-up.md says how `tar` and `age` alone open both.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

from stadt.core.errors import Invalid, StadtError
from stadt.core.language import in_words
from stadt.hub.backup.archive import ArchiveReader, ArchiveWriter, Damaged, MemberStream, Sink, Source

AGE = b"age-encryption.org/v1"
KEY, PAYLOAD = "key.age", "backup.age/"
PAYLOAD_CHUNK = 8 * 1024 * 1024
SHORTEST_PASSPHRASE = 12


@dataclass(frozen=True, slots=True)
class Protection:
    """How a backup is encrypted: for `recipients` (`age1…`), with a passphrase, or not at all."""

    recipients: tuple[str, ...] = ()
    passphrase: str = ""

    def check(self) -> None:
        """Refuse what cannot protect.

        Raises:
            Invalid: a recipient is none, the passphrase is short, or both were given.
        """
        for recipient in self.recipients:
            _recipient(recipient)
        if self.recipients and self.passphrase:
            raise Invalid(
                in_words("Entweder Empfänger oder ein Kennwort.", "Either recipients or a passphrase.")
            )
        if self.passphrase and len(self.passphrase) < SHORTEST_PASSPHRASE:
            raise Invalid(
                in_words(
                    f"Das Kennwort braucht mindestens {SHORTEST_PASSPHRASE} Zeichen.",
                    f"The passphrase needs at least {SHORTEST_PASSPHRASE} characters.",
                )
            )

    @property
    def is_on(self) -> bool:
        """Whether anything is encrypted."""
        return bool(self.recipients or self.passphrase)


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens a backup: identities (`AGE-SECRET-KEY-1…`), or a way to ask for the passphrase."""

    identities: tuple[str, ...] = ()
    passphrase: Callable[[], str] | None = None

    @property
    def are_given(self) -> bool:
        """Whether an encrypted backup can be tried at all."""
        return bool(self.identities or self.passphrase)


def _recipient(text: str) -> Any:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise Invalid(
            in_words(
                f"„{text}“ ist kein Empfänger von age (age1…).", f"“{text}” is no recipient of age (age1…)."
            )
        ) from error


def kind_of(path: Path) -> str:
    """`recipients`, `passphrase` or `plain`, from the file's first bytes."""
    with path.open("rb") as file:
        head = file.read(max(len(AGE), len(KEY)))
    if head.startswith(AGE):
        return "recipients"
    return "passphrase" if head.startswith(KEY.encode()) else "plain"


@contextlib.contextmanager
def encrypting(file: Sink, protection: Protection) -> Iterator[Sink]:
    """Give what the archive is written to; after the block the file is complete."""
    if protection.passphrase:
        key = pyrage.x25519.Identity.generate()
        outer = ArchiveWriter(file)
        outer.add(KEY, pyrage.passphrase.encrypt(f"{key}\n".encode(), protection.passphrase))
        chunks = _Chunks(outer)
        with _encrypted(chunks, [key.to_public()]) as out:
            yield out
        chunks.close()
        outer.close({"form": 1, "holds": "age"})
    elif protection.recipients:
        with _encrypted(file, [_recipient(text) for text in protection.recipients]) as out:
            yield out
    else:
        yield file


@dataclass
class _Chunks:
    """Writes a stream of unknown length as members of an archive."""

    archive: ArchiveWriter
    buffer: bytearray = field(default_factory=bytearray)
    count: int = 0

    def write(self, data: bytes, /) -> int:
        self.buffer += data
        if len(self.buffer) >= PAYLOAD_CHUNK:
            self.close()
        return len(data)

    def flush(self) -> None:
        """Nothing: a member is written when it is full."""

    def close(self) -> None:
        if self.buffer:
            self.archive.add(f"{PAYLOAD}{self.count:06d}", bytes(self.buffer))
            self.buffer.clear()
            self.count += 1


@dataclass
class _Noted:
    """A file that keeps its own error: pyrage tells it as text only."""

    file: Any
    error: BaseException | None = None
    position: int = 0

    def write(self, data: bytes, /) -> int:
        try:
            self.file.write(data)
        except BaseException as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None:
        """pyrage asks for it at the end; the file is flushed by whoever opened it."""

    def read(self, size: int = -1, /) -> bytes:
        try:
            given: bytes = self.file.read(size)
        except BaseException as error:
            self.error = error
            raise
        self.position += len(given)
        return given


@contextlib.contextmanager
def _encrypted(file: Sink, keys: Sequence[Any]) -> Iterator[BinaryIO]:
    """Encrypt in a thread what is written into a pipe."""
    reading, writing = os.pipe()
    noted = _Noted(file)
    failures: list[BaseException] = []

    def run() -> None:
        with os.fdopen(reading, "rb") as source:
            try:
                pyrage.encrypt_io(source, noted, list(keys))
            except BaseException as error:  # noqa: BLE001 - told to whoever waits for the thread
                failures.append(noted.error or error)

    thread = threading.Thread(target=run, name="stadt-encrypt")
    thread.start()
    try:
        with contextlib.suppress(BrokenPipeError), os.fdopen(writing, "wb") as out:  # the thread says why
            yield out
    finally:
        thread.join()
    for failure in failures:
        raise failure


@contextlib.contextmanager
def decrypting(path: Path, keys: Keys) -> Iterator[Source]:
    """Give the archive inside a backup's file; all of it is proved only once it was read to its end.

    Raises:
        Damaged: the file is not as it was written.
        StadtError: it is encrypted and no key fits.
    """
    kind = kind_of(path)
    with path.open("rb") as file:
        if kind == "recipients":
            with _decrypted(file, _identities(keys)) as source:
                yield source
        elif kind == "passphrase":
            members = iter(ArchiveReader(file))
            key = _unlock(next(members, None), keys)
            with _decrypted(_Joined(members), [key]) as source:
                yield source
        else:
            yield file


def _identities(keys: Keys) -> list[Any]:
    if not keys.identities:
        raise StadtError(
            in_words(
                "Diese Sicherung ist verschlüsselt: --identity DATEI nennt den Schlüssel.",
                "This backup is encrypted: name the key by --identity FILE.",
            )
        )
    try:
        return [pyrage.x25519.Identity.from_str(text) for text in keys.identities]
    except pyrage.IdentityError as error:
        raise Invalid(
            in_words(
                "Das ist kein Schlüssel von age (AGE-SECRET-KEY-1…).",
                "This is no key of age (AGE-SECRET-KEY-1…).",
            )
        ) from error


def _unlock(member: MemberStream | None, keys: Keys) -> Any:
    locked = member.read_all() if member else b""
    if keys.passphrase is None:
        raise StadtError(
            in_words(
                "Diese Sicherung ist mit einem Kennwort verschlüsselt: --passphrase-file DATEI nennt es.",
                "This backup is encrypted with a passphrase: name it by --passphrase-file FILE.",
            )
        )
    try:
        text = pyrage.passphrase.decrypt(locked, keys.passphrase()).decode().strip()
        return pyrage.x25519.Identity.from_str(text)
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError, OSError) as error:
        raise Damaged(
            in_words(
                f"Das Kennwort passt nicht, oder {KEY} in der Sicherung wurde verändert.",
                f"The passphrase does not fit, or {KEY} in the backup was changed.",
            )
        ) from error


class _Joined:
    """The members of an archive as one stream; the archive is proved at its end."""

    def __init__(self, members: Iterator[MemberStream]) -> None:
        self._members = members
        self._member: MemberStream | None = None

    def read(self, size: int = -1, /) -> bytes:
        while self._member is None or not self._member.left:
            self._member = next(self._members, None)
            if self._member is None:
                return b""
        return self._member.read(size)


@contextlib.contextmanager
def _decrypted(file: Source, identities: Sequence[Any]) -> Iterator[Source]:
    """Decrypt in a thread into a pipe that is read."""
    reading, writing = os.pipe()
    noted = _Noted(file)
    failures: list[BaseException] = []

    def run() -> None:
        with contextlib.suppress(BrokenPipeError), os.fdopen(writing, "wb") as out:
            try:
                pyrage.decrypt_io(noted, out, list(identities))
            except BaseException as error:  # noqa: BLE001 - told to whoever reads
                failures.append(noted.error or error)

    thread = threading.Thread(target=run, name="stadt-decrypt")
    thread.start()
    try:
        with os.fdopen(reading, "rb") as source:
            yield _Told(source, failures, thread, noted)
    finally:
        thread.join()


@dataclass
class _Told:
    """Reads what a thread decrypts; its failure is raised where the stream would seem to end."""

    source: BinaryIO
    failures: list[BaseException]
    thread: threading.Thread
    noted: _Noted

    def read(self, size: int = -1, /) -> bytes:
        given = self.source.read(size)
        if given or not size:
            return given
        self.thread.join()
        for failure in self.failures:
            if isinstance(failure, StadtError):
                raise failure
            raise self._translated(failure) from failure
        if self.noted.read(1):
            raise self._translated(OSError())
        return given

    def _translated(self, failure: BaseException) -> Damaged:
        if isinstance(failure, pyrage.DecryptError):
            return Damaged(
                in_words(
                    "Kein Schlüssel passt zu dieser Sicherung, oder ihr Anfang wurde verändert.",
                    "No key fits this backup, or its beginning was changed.",
                )
            )
        at = self.noted.position
        return Damaged(
            in_words(
                f"Die verschlüsselte Sicherung wurde vor Byte {at} verändert oder endet dort zu früh.",
                f"The encrypted backup was changed before byte {at}, or ends there too early.",
            )
        )
