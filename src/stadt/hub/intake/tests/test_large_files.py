"""Two gigabytes of CSV go through in bounded memory."""

import resource
from pathlib import Path

import pytest

from stadt.hub.intake import prepare, recognise

TWO_GB = 2 * 1024**3
LIMIT_MB = 500


@pytest.mark.soak
def test_two_gigabytes_are_prepared_below_500_mb(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    lines = "".join(
        f"{n};{n % 28 + 1:02d}.{n % 12 + 1:02d}.2024 {n % 24:02d}:{n % 60:02d};Stadtteil {n % 18};{n % 1000},{n % 100:02d};{n % 9 + 1}.{n % 1000:03d},5\n"
        for n in range(100_000)
    ).encode()
    with path.open("wb") as file:
        file.write(b"nr;zeit;gebiet;wert;menge\n")
        while file.tell() + len(lines) < TWO_GB:
            file.write(lines)
        rows = (file.tell() // len(lines)) * 100_000
    reading = recognise(path, "big.csv")
    prepared = prepare(path, reading, tmp_path / "big.parquet")
    assert (prepared.row_count, prepared.refused_count) == (rows, 0)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert peak < LIMIT_MB, f"{peak:.0f} MB"
