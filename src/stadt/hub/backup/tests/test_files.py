"""A backup's file: any tar and age program opens it, and no changed byte stays unnoticed."""

import errno
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.core.errors import Conflict, Invalid, StadtError
from stadt.hub.backup import protection as protecting
from stadt.hub.backup.archive import ArchiveReader, Damaged
from stadt.hub.backup.drafts import drafted
from stadt.hub.backup.protection import Keys, Protection
from stadt.hub.backup.reading import verify
from stadt.hub.backup.tests.files import CONTENT, Silent, write_backup

IDENTITY = pyrage.x25519.Identity.generate()
RECIPIENT = Protection(recipients=(str(IDENTITY.to_public()),))
KEYS = Keys(identities=(str(IDENTITY),))
PASSPHRASE = "vier Wörter und ein Komma"

many = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An unencrypted backup."""
    return write_backup(tmp_path_factory.mktemp("plain") / "backup.tar")


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup for a recipient."""
    return write_backup(tmp_path_factory.mktemp("age") / "backup.age", RECIPIENT)


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup with a passphrase."""
    return write_backup(tmp_path_factory.mktemp("locked") / "backup.tar", Protection(passphrase=PASSPHRASE))


def contents(archive: bytes) -> dict[str, bytes]:
    """What an ordinary tar program finds."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        return {info.name: opened.extractfile(info).read() for info in opened}  # type: ignore[union-attr]


def changed(data: bytes, place: int, bit: int) -> bytes:
    """The same with one bit turned."""
    at = place % len(data)
    return data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :]


def test_an_ordinary_tar_program_opens_it(plain: bytes) -> None:
    found = contents(plain)
    assert {name: found[name] for name in CONTENT} == CONTENT
    assert next(iter(found)) == "backup.json"
    assert list(found)[-2:] == ["manifest.json", "seal"]


def test_age_alone_opens_what_is_encrypted_for_a_recipient(encrypted: bytes) -> None:
    found = contents(pyrage.decrypt(encrypted, [IDENTITY]))
    assert {name: found[name] for name in CONTENT} == CONTENT


def test_tar_and_age_alone_open_what_is_encrypted_with_a_passphrase(locked: bytes) -> None:
    outer = contents(locked)
    key = pyrage.passphrase.decrypt(outer["key.age"], PASSPHRASE).decode().strip()
    payload = b"".join(outer[name] for name in sorted(outer) if name.startswith("backup.age/"))
    found = contents(pyrage.decrypt(payload, [pyrage.x25519.Identity.from_str(key)]))
    assert {name: found[name] for name in CONTENT} == CONTENT


@many
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_changed_bit_anywhere_in_a_plain_backup_is_found(
    plain: bytes, tmp_path: Path, place: int, bit: int
) -> None:
    path = tmp_path / "backup.tar"
    path.write_bytes(changed(plain, place, bit))
    with pytest.raises(Damaged):
        verify(path, Keys(), Silent())


@many
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_changed_bit_anywhere_in_an_encrypted_backup_is_found(
    encrypted: bytes, tmp_path: Path, place: int, bit: int
) -> None:
    path = tmp_path / "backup.age"
    path.write_bytes(changed(encrypted, place, bit))
    with pytest.raises(Damaged):
        verify(path, KEYS, Silent())


@many
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_changed_bit_anywhere_in_a_backup_with_a_passphrase_is_found_without_it(
    locked: bytes, place: int, bit: int
) -> None:
    with pytest.raises(Damaged):
        list(ArchiveReader(io.BytesIO(changed(locked, place, bit))))


@many
@given(count=st.integers(1, 10**6))
def test_a_backup_that_was_cut_off_is_found(
    plain: bytes, encrypted: bytes, tmp_path: Path, count: int
) -> None:
    for data, keys in ((plain, Keys()), (encrypted, KEYS)):
        path = tmp_path / "cut"
        path.write_bytes(data[: -(count % len(data)) or len(data) - 1])
        with pytest.raises(Damaged):
            verify(path, keys, Silent())


@pytest.mark.parametrize("more", [b"\0", b"\0" * 10240, b"x" * 70_000])
def test_a_backup_that_became_longer_is_found(
    plain: bytes, encrypted: bytes, tmp_path: Path, more: bytes
) -> None:
    for data, keys in ((plain, Keys()), (encrypted, KEYS)):
        path = tmp_path / "longer"
        path.write_bytes(data + more)
        with pytest.raises(Damaged):
            verify(path, keys, Silent())


def test_the_changed_part_is_named(plain: bytes, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    path.write_bytes(plain.replace(b"secret\n", b"Secret\n", 1))
    with pytest.raises(Damaged, match="home/secrets/django"):
        verify(path, Keys(), Silent())


def test_whole_backups_are_in_order(plain: bytes, encrypted: bytes, locked: bytes, tmp_path: Path) -> None:
    for data, keys in ((plain, Keys()), (encrypted, KEYS), (locked, Keys(passphrase=lambda: PASSPHRASE))):
        path = tmp_path / "backup"
        path.write_bytes(data)
        assert [entry[0] for entry in verify(path, keys, Silent())["members"]] == ["backup.json", *CONTENT]


def test_a_wrong_passphrase_and_a_missing_key_are_said(
    encrypted: bytes, locked: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "backup"
    path.write_bytes(locked)
    with pytest.raises(StadtError, match=r"Kennwort passt nicht|passphrase does not fit"):
        verify(path, Keys(passphrase=lambda: "ein ganz anderes"), Silent())
    path.write_bytes(encrypted)
    with pytest.raises(StadtError, match="--identity"):
        verify(path, Keys(), Silent())
    with pytest.raises(StadtError, match=r"Kein Schlüssel passt|No key fits"):
        verify(path, Keys(identities=(str(pyrage.x25519.Identity.generate()),)), Silent())


def test_more_than_fits_into_memory_at_once_is_encrypted_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protecting, "PAYLOAD_CHUNK", 100_000)
    path, content = tmp_path / "backup", bytes(300_000)
    with drafted(path) as draft, protecting.encrypting(draft, Protection(passphrase=PASSPHRASE)) as out:
        out.write(content)
    assert sum(name.startswith("backup.age/") for name in contents(path.read_bytes())) > 2
    with protecting.decrypting(path, Keys(passphrase=lambda: PASSPHRASE)) as source:
        assert source.read(len(content) + 1) == content


@pytest.mark.parametrize(
    "wrong",
    [
        Protection(recipients=("age1nobody",)),
        Protection(passphrase="kurz"),
        Protection(recipients=RECIPIENT.recipients, passphrase=PASSPHRASE),
    ],
)
def test_protection_that_protects_nothing_is_refused(wrong: Protection) -> None:
    with pytest.raises(Invalid):
        wrong.check()


def test_another_file_is_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Sehr geehrte Damen und Herren, " * 200)
    with pytest.raises(Damaged):
        verify(path, Keys(), Silent())


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    path.write_text("important")
    with pytest.raises(Conflict):
        write_backup(path)
    assert path.read_text() == "important"


def write_while(target: Path, meanwhile: Callable[[], None]) -> None:
    """Write a draft during which something else happens."""
    with drafted(target) as draft:
        draft.write(b"new")
        meanwhile()


def note(path: Path) -> None:
    """Somebody else writes a file."""
    path.write_text("important")


def test_a_file_that_came_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    with pytest.raises(Conflict):
        write_while(path, lambda: note(path))
    assert path.read_text() == "important"
    assert [found.name for found in tmp_path.iterdir()] == ["backup.tar"]


class FullDisk:
    """A file that takes nothing more."""

    def write(self, data: bytes, /) -> int:
        """Refuse."""
        raise OSError(errno.ENOSPC, "No space left on device")


def write_to_full_disk(target: Path, protection: Protection) -> None:
    """Ten megabytes into a file that takes none."""
    with drafted(target), protecting.encrypting(FullDisk(), protection) as out:
        for _ in range(100):
            out.write(bytes(100_000))


@pytest.mark.parametrize("protection", [Protection(), RECIPIENT], ids=["plain", "encrypted"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path, protection: Protection) -> None:
    with pytest.raises(StadtError, match=r"nicht genug Platz|not enough room"):
        write_to_full_disk(tmp_path / "backup.tar", protection)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_writer_left_is_swept_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".old.tar.0123abcd.draft"
    left.write_bytes(b"half")
    write_while(tmp_path / "one.tar", lambda: None)
    assert [found.name for found in tmp_path.iterdir()] == ["one.tar"]


def test_the_draft_of_another_writer_is_not_swept(tmp_path: Path) -> None:
    write_while(tmp_path / "one.tar", lambda: write_while(tmp_path / "two.tar", lambda: None))
    assert sorted(found.name for found in tmp_path.iterdir()) == ["one.tar", "two.tar"]
