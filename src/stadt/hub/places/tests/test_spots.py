"""Addresses, stops and sites are read whole or not at all, and found however people write them."""

import json
import os
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from stadt.core.city import current
from stadt.core.errors import Forbidden, Invalid, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry
from stadt.hub.places.events import AreasImported
from stadt.hub.places.models import PlaceKind, Spot, SpotKind
from stadt.hub.places.queries import find_place_at
from stadt.hub.places.spot_files import read_spots
from stadt.hub.places.spot_queries import distance, find_spots, nearest_spot
from stadt.hub.places.spot_words import fold_words, number_first
from stadt.hub.places.spots import assign_spots, import_spots

ACTOR = Actor.system("test")
STREETS = ("Lange Probezeile", "Dr.-Muster-Straße", "Übungsstr.")


def point(number: int) -> tuple[float, float]:
    lon, lat = current().centre
    return round(lon + number * 0.0005, 7), round(lat + number * 0.0002, 7)


def official(*rows: tuple[str, str, str, int], ags: str = "", first: str = "N") -> str:
    """Lines of HK-DE: external id, street, house number, and which point it stands at."""
    turn = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)
    code = ags or current().ags
    lines = []
    for oid, street, house, at in rows:
        east, north = turn.transform(*point(at))
        number, _, suffix = house.partition(" ")
        fields = [
            first,
            oid.ljust(16, "0"),
            "A",
            code[:2],
            code[2],
            code[3:5],
            code[5:],
            "0000",
            "00001",
            number,
            suffix,
        ]
        fields += [
            f"32{east:.3f}".replace(".", ","),
            f"{north:.3f}".replace(".", ","),
            street,
            "12345",
            "Probe",
            "",
            "",
        ]
        lines.append(";".join(fields))
    return "\n".join(lines) + "\n"


def write(folder: Path, text: str, name: str = "spots.txt", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.fixture
def addresses(tmp_path: Path, city_areas: int) -> Path:
    path = write(
        tmp_path,
        official(
            ("DEX1", STREETS[0], "9", 1),
            ("DEX2", STREETS[0], "10", 2),
            ("DEX3", STREETS[0], "12 a", 3),
            ("DEX4", STREETS[1], "1", 4),
            ("DEX5", STREETS[2], "5", 5),
        ),
    )
    import_spots(ACTOR, path, source="Vermessung", licence="dl-de/zero-2-0")
    return path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kurt-Schumacher-Straße 12 a", "kurt schumacher str. 12A"),
        ("Hauptstraße", "Haupt Str"),
        ("Hauptstr. 5", "HAUPTSTRASSE 5"),
        ("Überweg", "Ueberweg"),
        ("Marktpl. 3", "Marktplatz 3"),
        ("Sankt-Anna-Weg", "St. Anna Weg"),
        ("Straße des 17. Juni", "Strasse des 17 Juni"),
        ("U\u0308berweg", "Überweg"),
    ],
)
def test_one_place_has_one_spelling(one: str, other: str) -> None:
    assert fold_words(one) == fold_words(other)


def test_house_numbers_stand_as_people_read_them() -> None:
    names = [fold_words(f"Probeweg {number}") for number in ("10", "9", "9 b", "9 a", "101")]
    assert sorted(names, key=number_first) == [
        fold_words(f"Probeweg {n}") for n in ("9", "9a", "9b", "10", "101")
    ]


@given(st.text(st.characters(max_codepoint=0x24F), max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_words(fold_words(text)) == fold_words(text)


@pytest.mark.django_db
@pytest.mark.usefixtures("addresses")
class TestFinding:
    @pytest.mark.parametrize(
        "words", ["dr muster str 1", "Dr.-Muster-Straße 1", "MUSTER 1", "muster 12345 1", "Probe Dr Muster 1"]
    )
    def test_an_address_is_found_however_it_is_written(self, words: str) -> None:
        assert find_spots(words, 5)[0].name == f"{STREETS[1]} 1"

    def test_the_street_stands_before_its_houses_and_those_in_order(self) -> None:
        assert [spot.name for spot in find_spots("lange probe", 9)] == [
            STREETS[0], f"{STREETS[0]} 9", f"{STREETS[0]} 10", f"{STREETS[0]} 12 a",
        ]  # fmt: skip

    def test_a_misspelled_street_is_found_with_its_number(self) -> None:
        assert find_spots("Lange Probzeile 12", 5)[0].name == f"{STREETS[0]} 12 a"
        assert find_spots("Lange Probzeile", 5)[0].kind == SpotKind.STREET

    def test_a_spot_knows_its_areas_and_whose_data_it_is(self) -> None:
        found = find_spots("uebungsstrasse 5", 1)[0]
        area = find_place_at(found.lon, found.lat, PlaceKind.QUARTER)
        assert (found.source, found.licence, found.postcode) == ("Vermessung", "dl-de/zero-2-0", "12345")
        assert found.quarter == (area.name if area else "")
        assert (found.lon, found.lat) == pytest.approx(point(5), abs=1e-6)

    def test_quarters_are_found_too(self) -> None:
        area = find_place_at(*current().centre, PlaceKind.DISTRICT)
        assert area is not None
        assert (area.name, "district") in [(spot.name, spot.kind) for spot in find_spots(area.name, 20)]

    @pytest.mark.parametrize("words", ["", "  ", "%", "_", "\x00", "'", "💡", "xqxqxqxqxq 5"])
    def test_words_that_name_nothing_find_nothing(self, words: str) -> None:
        assert find_spots(words, 5) == []

    def test_the_nearest_address_is_found_within_the_distance(self) -> None:
        lon, lat = point(4)
        found = nearest_spot(lon, lat + 0.0001, 50)
        assert found is not None
        assert found.name == f"{STREETS[1]} 1"
        assert found.metres == pytest.approx(11.1, abs=0.2)
        assert nearest_spot(lon, lat + 0.1, 50) is None
        assert nearest_spot(lon, lat, 50, kinds=[SpotKind.STOP]) is None

    @given(st.text(max_size=140), st.integers(-5, 500))
    @settings(max_examples=25)
    def test_no_words_break_the_search(self, words: str, limit: int) -> None:
        assert len(find_spots(words, limit)) <= 50


@pytest.mark.django_db
@pytest.mark.usefixtures("city_areas")
class TestImporting:
    def test_the_same_file_twice_changes_nothing(self, addresses: Path) -> None:
        before = list(Spot.objects.order_by("id").values())
        report = import_spots(ACTOR, addresses, source="Vermessung", licence="dl-de/zero-2-0")
        assert (report.added, report.changed, report.removed, report.streets) == (0, 0, 0, 3)
        assert list(Spot.objects.order_by("id").values()) == before

    def test_a_new_delivery_replaces_what_the_source_had(self, addresses: Path, tmp_path: Path) -> None:
        path = write(
            tmp_path, official(("DEX1", "Neue Zeile", "9", 1), ("DEX9", "Neue Zeile", "11", 2)), "b.txt"
        )
        report = import_spots(ACTOR, path, source="Vermessung", whole=True)
        assert (report.added, report.changed, report.removed, report.streets) == (1, 1, 4, 1)
        assert not Spot.objects.filter(street=STREETS[0]).exists()

    def test_lines_marked_as_gone_are_removed(self, addresses: Path, tmp_path: Path) -> None:
        path = write(tmp_path, official(("DEX5", STREETS[2], "5", 5), first="L"), "gone.txt")
        assert import_spots(ACTOR, path, source="Vermessung").removed == 1
        assert find_spots("Übungsstr") == []

    def test_other_sources_keep_theirs(self, addresses: Path, tmp_path: Path) -> None:
        path = write(
            tmp_path, "id;Name;Längengrad;Breitengrad\n1;Halt;{};{}\n".format(*point(0)), "stops.csv"
        )
        import_spots(ACTOR, path, source="Verkehr", kind=SpotKind.STOP, whole=True)
        assert {spot.source for spot in Spot.objects.all()} == {"Vermessung", "Verkehr"}

    def test_other_municipalities_are_passed_over(self, tmp_path: Path) -> None:
        text = official(("DEX1", STREETS[0], "1", 1)) + official(("DEY1", "Fern", "1", 2), ags="01001000")
        report = import_spots(ACTOR, write(tmp_path, text), source="Vermessung")
        assert (report.added, report.passed_over) == (1, 1)

    def test_one_wrong_line_changes_nothing(self, tmp_path: Path) -> None:
        text = official(("DEX1", STREETS[0], "1", 1)) + "N;kaputt;A\n"
        with pytest.raises(Invalid, match="Zeile 2") as caught:
            import_spots(ACTOR, write(tmp_path, text), source="Vermessung")
        assert caught.value.fields[0].field == "rows[2]"
        assert not Spot.objects.exists()

    @pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
    def test_an_easting_that_is_no_number_changes_nothing(self, tmp_path: Path, number: str) -> None:
        good = official(("DEX1", STREETS[0], "1", 1))
        fields = good.strip().split(";")
        text = good + ";".join([*fields[:11], number, *fields[12:]])
        with pytest.raises(Invalid, match="Zeile 2"):
            import_spots(ACTOR, write(tmp_path, text), source="Vermessung")

    def test_older_files_in_latin_1_are_read(self, tmp_path: Path) -> None:
        path = write(tmp_path, official(("DEX1", STREETS[2], "5", 1)), encoding="cp1252")
        assert read_spots(path).rows[0].name == "Übungsstr. 5"

    @pytest.mark.parametrize(
        "heading",
        [
            "Straße;Hausnummer;Zusatz;PLZ;Ort;Ostwert;Nordwert",
            "STRNAME\tHSNR\tADZ\tplz\tort\teast\tnorth",
            "addr:street,addr:housenumber,suffix,addr:postcode,addr:city,x,y",
        ],
    )
    def test_tables_with_usual_headings_are_read(self, tmp_path: Path, heading: str) -> None:
        east, north = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True).transform(*point(2))
        separator = max(";\t,", key=heading.count)
        cells = ("Probeweg", "7", "b", "12345", "Probe", f"{east:.2f}", f"{north:.2f}")
        row = read_spots(write(tmp_path, f"{heading}\n{separator.join(cells)}\n", "a.csv")).rows[0]
        assert row.name.startswith("Probeweg 7")
        assert row.kind == SpotKind.ADDRESS
        assert (row.lon, row.lat) == pytest.approx(point(2), abs=1e-5)

    def test_points_of_geojson_are_read(self, tmp_path: Path) -> None:
        feature = {
            "type": "Feature",
            "id": 7,
            "properties": {"name": "Wertstoffhof", "art": "Standort"},
            "geometry": {"type": "Point", "coordinates": [*point(1), 40.0]},
        }
        text = json.dumps({"type": "FeatureCollection", "features": [feature]})
        row = read_spots(write(tmp_path, text, "a.geojson")).rows[0]
        assert (row.name, row.kind, row.external_id) == ("Wertstoffhof", SpotKind.SITE, "7")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Vorname;Nachname\nA;B\n",
            "Name;lon;lat\nHalt;sieben;51\n",
            "Name;lon;lat\nHalt;nan;51\n",
            "Name;x;y\nHalt;99999999;5\n",
            '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null}]}',
            '{"a":1}\nkein json\n',
            '"unclosed',
            "Name;lon;lat\nFern;0.5;0.5\n",
        ],
    )
    def test_unreadable_files_are_refused_in_one_sentence(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(Invalid):
            import_spots(ACTOR, write(tmp_path, text), source="X")
        assert not Spot.objects.exists()

    @given(st.binary(max_size=300))
    @settings(max_examples=40)
    def test_no_file_breaks_the_reader(
        self, tmp_path_factory: pytest.TempPathFactory, content: bytes
    ) -> None:
        path = tmp_path_factory.mktemp("odd") / "odd.txt"
        path.write_bytes(content)
        with pytest.raises(Invalid):
            read_spots(path)

    def test_who_may_not_import_changes_nothing(self, tmp_path: Path) -> None:
        path = write(tmp_path, official(("DEX1", STREETS[0], "1", 1)))
        with pytest.raises((Forbidden, SignInNeeded)):
            import_spots(Actor.anonymous(), path, source="X")

    def test_the_audit_tells_how_many(self, addresses: Path) -> None:
        entry = AuditEntry.objects.get(verb="import_spots")
        assert (entry.subject, entry.changes["added"]) == ("places:spots", 5)

    def test_spots_follow_new_outlines(self, addresses: Path) -> None:
        before = dict(Spot.objects.values_list("id", "district_id"))
        Spot.objects.update(district=None, quarter=None)
        assign_spots(AreasImported(kinds=("district",), place_ids=()))
        assert dict(Spot.objects.values_list("id", "district_id")) == before


@pytest.mark.django_db
@pytest.mark.usefixtures("addresses")
class TestInterface:
    def test_places_are_searched_by_everybody(self) -> None:
        answer = Client().get("/api/v1/places/search?q=dr+muster&limit=3")
        assert answer.status_code == 200
        assert answer.json()["places"][0]["name"] == STREETS[1]
        assert "max-age" in answer["Cache-Control"]

    def test_the_nearest_place_is_told(self) -> None:
        lon, lat = point(5)
        place = Client().get("/api/v1/places/nearest", {"lon": str(lon), "lat": str(lat)}).json()["place"]
        assert place["name"] == f"{STREETS[2]} 5"
        assert Client().get("/api/v1/places/nearest", {"lon": 0, "lat": 0}).json() == {"place": None}
        stops = f"/api/v1/places/nearest?lon={lon}&lat={lat}&kind="
        assert Client().get(f"{stops}stop").json() == {"place": None}
        assert Client().get(f"{stops}gibt-es-nicht").status_code == 422

    @pytest.mark.parametrize(
        ("path", "query"),
        [
            ("search", {}),
            ("search", {"q": "x" * 200}),
            ("search", {"q": "a", "limit": 0}),
            ("nearest", {"lon": "nan", "lat": 1}),
            ("nearest", {"lon": 1, "lat": 95}),
            ("nearest", {"lon": 1, "lat": 1, "within": 99999}),
        ],
    )
    def test_odd_questions_are_refused_by_name(self, path: str, query: dict[str, str | int]) -> None:
        assert Client().get(f"/api/v1/places/{path}?{urlencode(query)}").status_code == 422

    def test_one_address_may_not_ask_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from stadt.hub.datasets.pacing import Pace

        monkeypatch.setattr("stadt.hub.places.api.search_pace", Pace(burst=1, per_second=0.001))
        visitor = Client(REMOTE_ADDR="203.0.113.9")
        assert visitor.get("/api/v1/places/search", {"q": "a"}).status_code == 200
        answer = visitor.get("/api/v1/places/search", {"q": "a"})
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0


def test_distances_are_metres() -> None:
    assert distance(7.0, 51.0, 7.0, 51.01) == pytest.approx(1111.95, abs=0.1)


def test_the_regions_stops_are_read_where_they_are() -> None:
    data = Path(os.environ.get("STADT_SHARED_DATA", Path(__file__).resolve().parents[6] / "shared" / "data"))
    path = next((data / "transit").glob("stops_*.ndjson"), None)
    if path is None:
        pytest.skip("../shared/data/transit is not here")
    rows = read_spots(path).rows
    assert len(rows) > 100
    assert {row.kind for row in rows} == {SpotKind.STOP}
