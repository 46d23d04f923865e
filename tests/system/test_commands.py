"""The other commands of `stadt`, each as a process of its own, on a city that stands still."""

from pathlib import Path
from typing import Any

import stadt

AREAS = Path(stadt.__file__).parent / "cities" / "gelsenkirchen" / "areas.geojson"


def lines_by_mark(printed: str) -> dict[str, str]:
    """Title of each check → its mark."""
    return {line[2:].partition(":")[0]: line[0] for line in printed.splitlines()}


def test_the_doctor_finds_missing_tables_and_says_what_to_do(new_home: Path, run_stadt: Any) -> None:
    done = run_stadt(new_home, "doctor")
    assert done.returncode == 1
    assert "✗ Tabellen: Die Tabellen sind nicht auf dem Stand: stadt migrate." in done.stdout
    assert done.stderr == ""


def test_the_doctor_is_content_with_a_migrated_city(city_home: Path, run_stadt: Any) -> None:
    done = run_stadt(city_home, "doctor")
    marks = lines_by_mark(done.stdout)
    assert marks["Adressen der Stadt"] == "·", "advice, which is no fault"
    for title in (
        "Ordner der Stadt",
        "Ablage der Daten",
        "DuckDB-Erweiterungen",
        "Zeitzonen",
        "Datenbank",
        "Konfiguration der Stadt",
        "Version der Datenbank",
        "Rechte in der Datenbank",
        "Tabellen",
    ):
        assert marks[title] == "✓", title


def test_outlines_from_a_file_replace_those_the_city_came_with(city_home: Path, run_stadt: Any) -> None:
    done = run_stadt(city_home, "import", "areas", str(AREAS))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "0 neu, 24 ersetzt, 0 aus anderen Gemeinden.\n"


def test_a_file_without_areas_is_refused_in_one_line(city_home: Path, run_stadt: Any, tmp_path: Path) -> None:
    file = tmp_path / "areas.geojson"
    file.write_text('{"type": "FeatureCollection", "features": [')
    done = run_stadt(city_home, "import", "areas", str(file))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_migrating_twice_changes_nothing(city_home: Path, run_stadt: Any) -> None:
    done = run_stadt(city_home, "migrate", "--verbose")
    assert done.returncode == 0, done.stderr
    assert "No migrations to apply" in done.stdout or "Keine" in done.stdout
