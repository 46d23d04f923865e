"""The process that opens a file: it answers, refuses, and can do nothing else."""

from pathlib import Path

import pytest

from stadt.hub.intake import prepare, recognise
from stadt.hub.intake.errors import Unreadable
from stadt.hub.intake.tests.files import Office


def test_a_file_is_recognised_and_prepared_in_a_process_of_its_own(office: Office) -> None:
    path = office.file("Ort;Wert\nBuer;1,5\nHorst;2,5\n")
    reading = recognise(path, "werte.csv")
    target = path.parent / "out" / "table.parquet"
    prepared = prepare(path, reading, target)
    assert (prepared.row_count, [str(column.type) for column in prepared.columns]) == (2, ["text", "number"])
    assert target.is_file()
    assert sorted(entry.name for entry in target.parent.iterdir()) == ["table.parquet"]
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["file.csv", "out"]


def test_a_refusal_is_a_sentence_and_leaves_nothing(office: Office) -> None:
    path = office.file("a;b\nMüller;1\n".encode() + "Größe;2\n".encode("cp1252"))
    with pytest.raises(Unreadable, match="Zeile 2 ist UTF-8, Zeile 3 nicht") as caught:
        recognise(path, "werte.csv")
    assert [one.field for one in caught.value.fields] == ["file"]
    assert [entry.name for entry in path.parent.iterdir()] == ["file.csv"]


def test_a_file_above_two_gigabytes_is_refused_unread(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3 + 1)
    with pytest.raises(Unreadable, match="2 GB"):
        recognise(path, "big.csv")
