"""What is wrong with the installation is not told as if it were wrong with the file."""

import errno
import logging
from pathlib import Path

import pytest

from stadt.hub.intake import recognise, tasks, worker
from stadt.hub.intake.child import Fault, Task
from stadt.hub.intake.errors import ReaderBroken, refused
from stadt.hub.intake.remarks import COUNTED, remark
from stadt.hub.intake.tests.files import Office
from stadt.hub.lake.reading import ReadingFailed

TASK = Task(task="recognise", path="x", folder="x", seconds=1)


def test_a_missing_module_is_a_fault_of_the_installation_and_stands_in_the_log(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "pyogrio.py").write_text("raise ModuleNotFoundError(\"No module named 'pyogrio'\")")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with caplog.at_level(logging.ERROR, "stadt.intake"), pytest.raises(ReaderBroken) as told:
        recognise(office.file("a;b\n1;2\n"), "werte.csv")
    assert "An der Datei liegt es nicht" in told.value.detail
    assert "No module named 'pyogrio'" in caplog.text


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ModuleNotFoundError("No module named 'x'"), Fault.INCOMPLETE),
        (OSError(errno.ENOSPC, "full"), Fault.NO_ROOM),
        (ReadingFailed('IO Error: Could not write file "x": No space left on device'), Fault.NO_ROOM),
        (OSError(errno.EIO, "broken"), None),
        (KeyError("a mistake met by a strange file"), None),
    ],
)
def test_the_process_tells_the_city_s_faults_from_the_file_s(
    monkeypatch: pytest.MonkeyPatch, error: Exception, fault: Fault | None
) -> None:
    def fail(_task: Task) -> dict[str, object]:
        raise error

    monkeypatch.setattr(tasks, "TASKS", {"recognise": fail})
    answered = worker._answer(TASK)
    assert (answered.fault, answered.refusal) == (fault, "" if fault else "damaged")


@pytest.mark.parametrize("code", COUNTED)
def test_one_is_told_as_one(code: str) -> None:
    name, _ = COUNTED[code]
    others = dict.fromkeys(("text", "first", "of", "example", "kind", "row", "line"), "7")
    one, many = (remark(code, "", **{**others, name: count}).sentence for count in ("1", "2"))
    assert one != many
    assert one.replace("1 ", "") != many.replace("2 ", "")


def test_a_refusal_counts_as_well() -> None:
    values = {"line": "4", "problem": "x"}
    assert refused("rows_malformed", {**values, "count": "1"}).detail.startswith("1 Zeile passt nicht")
    assert refused("rows_malformed", {**values, "count": "2"}).detail.startswith("2 Zeilen passen nicht")
