"""Files that cities and agencies really published, where they are at hand: what is detected, and what a person corrects."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stadt.hub.intake import answer_of, correct
from stadt.hub.intake.tests.files import Office, codes

DATA = Path(os.environ.get("STADT_SHARED_DATA", Path(__file__).resolve().parents[6] / "shared" / "data"))
OPEN_DATA, BIKES = DATA / "opendata", DATA / "bikecounts"
pytestmark = pytest.mark.skipif(not OPEN_DATA.is_dir(), reason="../shared/data/opendata is not here")

LETTERS = {
    "text": "t",
    "number": "n",
    "integer": "i",
    "date": "d",
    "time": "z",
    "boolean": "b",
    "geometry": "g",
}
# File -> rows, types of the columns by their first letter (z: time), what is remarked.
EXPECTED: Mapping[str, tuple[int, str, set[str]]] = {
    "btw2021_kerg2.csv": (18_818, "tdtttttttiiininnnt", {"titles_skipped", "leading_zeros", "no_values"}),
    "koeln/bevoelkerung.csv": (29_135, "tttittitn", {"leading_zeros"}),
    "koeln/haushalt_teilergebnisplan.csv": (2_828, "tttttiiiiii", {"leading_zeros", "years_possible"}),
    "koeln/streets.csv": (5_888, "ttitttttt", {"leading_zeros"}),
    "koeln/traffic_load_2013-02.csv.gz": (672_339, "ztii", {"sample_only", "zone_said"}),
    "koeln/fnp_naturschutz.geojson": (19, "nntnttitnnng", set()),
    "koeln/osm_amenity_kindergarten.geojson": (246, "ttg", set()),
    "koeln/osm_amenity_recycling.geojson": (1_044, "ttg", set()),
    "koeln/traffic_street_segments.geojson": (113, "ttig", set()),
    "uba/stations_active.csv": (893, "tttdtntntittttt", {"compact_date", "no_values", "position_found"}),
    "uba/stations_complete.csv": (1_759, "tttddntntittttt", {"compact_date", "position_found"}),
    "uba/uba_airquality_201402_koeln.jsonl": (38, "ttttt", {"nested"}),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_a_published_file_is_read_without_hand_work(office: Office, name: str) -> None:
    rows, kinds, remarks = EXPECTED[name]
    reading = office.read(OPEN_DATA / name)
    assert "".join(LETTERS[str(column.type)] for column in reading.columns) == kinds
    assert codes(reading) == remarks
    written = office.table(OPEN_DATA / name, reading, rows=False).written
    assert (written.row_count, written.refused_count) == (rows, 0)


def test_every_published_file_is_in_the_list() -> None:
    found = {str(path.relative_to(OPEN_DATA)) for path in OPEN_DATA.rglob("*") if path.is_file()}
    assert found == set(EXPECTED)


@pytest.mark.parametrize(
    "path", sorted(BIKES.glob("*/*.csv")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_a_month_of_a_bicycle_counter_is_read(office: Office, path: Path) -> None:
    reading = office.read(path)
    assert {str(column.type) for column in reading.columns[1:]} == {"integer"}
    assert (str(reading.columns[0].type), reading.columns[0].role) == ("time", "date")
    written = office.table(path, reading, rows=False).written
    assert written.refused_count == 0
    assert written.row_count == reading.row_estimate
    # The counters write the hour of October that comes twice once only.
    assert [one.values["count"] for one in written.remarks] == (["4"] if path.stem.endswith("-10") else [])


def test_the_list_of_counters_keeps_its_channels_as_they_are(office: Office) -> None:
    reading = office.read(BIKES / "site_min.json")
    assert codes(reading) == {"nested"}
    assert office.table(BIKES / "site_min.json", reading, rows=False).written.row_count == 23


CORRECTIONS: Mapping[str, dict[str, Any]] = {
    # Population counts are whole, though written 1023101.0; the whole city is the sum of its parts.
    "koeln/bevoelkerung.csv": {
        "columns": {"zahl": {"type": "integer", "pattern": "1234.5"}},
        "total_words": ["Stadt Köln"],
    },
    # Result and plans in one column: the year tells them apart. Lines of results are sums of others.
    "koeln/haushalt_teilergebnisplan.csv": {
        "years_as_columns": {"name": "jahr", "value": "betrag"},
        "total_words": [
            "10 = ordentliche Erträge",
            "17 = ordentliche Aufwendungen",
            "18 = Ergebnis der lfd. Verwaltungstätigkeit (10 und 17)",
            "21 = Finanzergebnis (19 und 20)",
            "22 = ordentliches Jahresergebnis (18 und 21)",
            "25 = außerordentliches Ergebnis (23 und 24)",
            "26 = Jahresergebnis vor interner Leistungsver. (22 und 25)",
            "28 = Jahresergebnis",
        ],
    },
    # Identifiers, though counted.
    "koeln/fnp_naturschutz.geojson": {"columns": {"lp_id": {"keep": False}, "hectares": {"unit": "har"}}},
}


SUMS = {"koeln/bevoelkerung.csv": 304, "koeln/haushalt_teilergebnisplan.csv": 8 * 101}


@pytest.mark.parametrize("name", CORRECTIONS)
def test_what_a_person_corrects_holds_for_the_next_delivery(office: Office, name: str) -> None:
    corrected = correct(office.read(OPEN_DATA / name), CORRECTIONS[name])
    later = office.read(OPEN_DATA / name, answer=answer_of(corrected))
    assert later.columns == corrected.columns
    assert later.years_as_columns == corrected.years_as_columns
    written = office.table(OPEN_DATA / name, later, rows=False).written
    assert written.refused_count == 0
    assert written.dropped.get("totals", 0) == SUMS.get(name, 0)
