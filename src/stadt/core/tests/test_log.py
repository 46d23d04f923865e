"""One event, one line, whatever a visitor sent."""

import logging

from stadt.core.log import LineFormatter


def written(message: str, *values: object) -> str:
    record = logging.LogRecord("stadt.request", logging.WARNING, "", 0, message, values, None)
    return LineFormatter("%(levelname)s %(message)s").format(record)


def test_line_ends_and_signs_that_steer_a_terminal_are_written_out() -> None:
    line = written("GET %s 404", "/nix\r\n2026-01-01 ERROR \x1b[2J\x85\u2028\u202egnp.exe")
    assert line == r"WARNING GET /nix\r\n2026-01-01 ERROR \x1b[2J\x85\u2028\u202egnp.exe 404"
    assert len(line.splitlines()) == 1


def test_umlauts_stay_readable() -> None:
    assert written("%s", "Behälter „Süd“ 🗑") == "WARNING Behälter „Süd“ 🗑"


def test_a_line_has_an_end() -> None:
    assert len(written("%s", "x" * 1_000_000)) < 2100


def test_a_trace_of_our_own_keeps_its_lines() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        record = logging.LogRecord("stadt", logging.ERROR, "", 0, "failed", (), (type(error), error, None))
    assert LineFormatter("%(message)s").format(record).splitlines() == ["failed", "ValueError: broken"]
