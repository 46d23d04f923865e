"""The seam of the virus scanner, held against a small clamd of our own."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from stadt.civic.files import services
from stadt.civic.files.manifest import check_scanner
from stadt.civic.files.models import Role, ScanState, StoredFile
from stadt.civic.files.queries import files_of, path_of
from stadt.civic.files.scanning import Clamd
from stadt.civic.files.tests.images import PDF, jpeg
from stadt.core.environment import load
from stadt.core.errors import ConfigurationError, Invalid, NotFound
from stadt.core.people.actor import Actor

VIRUS = b"THIS-IS-THE-TEST-VIRUS"


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += connection.recv(count - len(data)) or b"\0"
    return data


def _serve(server: socket.socket, seen: list[bytes]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            command = _exactly(connection, 6)
            if command == b"zPING\0":
                connection.sendall(b"PONG\0")
                continue
            _exactly(connection, len(b"zINSTREAM\0") - 6)
            content = b""
            while size := int.from_bytes(_exactly(connection, 4), "big"):
                content += _exactly(connection, size)
            seen.append(content)
            found = b"stream: Test.Virus FOUND\0" if VIRUS in content else b"stream: OK\0"
            connection.sendall(found)


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """A scanner that knows one virus, and what it was shown."""
    seen: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as server:
        address = str(tmp_path / "clamd.sock")
        server.bind(address)
        server.listen()
        thread = threading.Thread(target=_serve, args=(server, seen), daemon=True)
        thread.start()
        yield address, seen
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def use(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(settings, "STADT", replace(settings.STADT, clamd=address))


def test_the_whole_content_is_shown_and_the_verdict_read(clamd: tuple[str, list[bytes]]) -> None:
    address, seen = clamd
    large = bytes(range(256)) * 1000
    assert Clamd(address).scan(large) is ScanState.CLEAN
    assert Clamd(address).scan(VIRUS) is ScanState.INFECTED
    assert Clamd(address).answers()
    assert seen == [large, VIRUS]


def test_a_file_with_a_virus_is_not_taken(
    clamd: tuple[str, list[bytes]], taken: Callable[..., StoredFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, clamd[0])
    with pytest.raises(Invalid, match="Schadsoftware"):
        taken(PDF + VIRUS + b"%%EOF")
    assert not StoredFile.objects.exists()
    assert taken(PDF).scan == ScanState.CLEAN
    assert check_scanner() is None


def test_while_the_scanner_is_away_documents_wait_and_photos_do_not(
    taken: Callable[..., StoredFile], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(monkeypatch, str(tmp_path / "nobody.sock"))
    paper, photo = taken(PDF), taken(jpeg())
    assert path_of(photo).is_file()
    with pytest.raises(NotFound):
        path_of(paper)
    assert "STADT_CLAMD" in str(check_scanner())
    assert services.scan_waiting(Actor.system("job:files.scan")) == 0


def test_what_turns_out_to_hold_a_virus_loses_its_bytes(
    clamd: tuple[str, list[bytes]],
    taken: Callable[..., StoredFile],
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    bad, good = taken(PDF + VIRUS + b"%%EOF"), taken(PDF)
    services.attach([bad.pk, good.pk], "case:1", Role.DOCUMENT)
    use(monkeypatch, clamd[0])
    with django_capture_on_commit_callbacks(execute=True):
        assert services.scan_waiting(Actor.system("job:files.scan")) == 2
    assert [item.pk for item in files_of("case:1")] == [good.pk]
    assert path_of(StoredFile.objects.get(pk=good.pk)).read_bytes() == PDF
    assert len([path for path in store.rglob("*") if path.is_file()]) == 1
    with pytest.raises(NotFound):
        path_of(StoredFile.objects.get(pk=bad.pk))


@pytest.mark.parametrize(
    "address", ["/run/clamd.sock", "127.0.0.1:3310", "clamd.example:3310", "[::1]:3310", ""]
)
def test_addresses_of_a_scanner(address: str) -> None:
    assert load({"STADT_CLAMD": address, "STADT_HOME": "/tmp/x"}).clamd == address


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="STADT_CLAMD"):
        load({"STADT_CLAMD": "clamd", "STADT_HOME": "/tmp/x"})
