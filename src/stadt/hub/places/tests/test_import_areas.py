"""Official outlines take the place of the simplified ones, all or nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from stadt.core.city import current
from stadt.core.errors import Forbidden, Invalid, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry
from stadt.hub.places import queries
from stadt.hub.places.models import Place, PlaceKind
from stadt.hub.places.services import ImportReport, import_areas, seed_city_areas

pytestmark = pytest.mark.django_db

ACTOR = Actor.system("test")


def write(path: Path, *areas: tuple[Any, dict[str, Any]]) -> Path:
    features = [
        {"type": "Feature", "properties": told, "geometry": shapely.geometry.mapping(shape)}
        for shape, told in areas
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def a_quarter() -> Place:
    return Place.objects.filter(kind=PlaceKind.QUARTER).order_by("sort_key").first() or pytest.fail(
        "no quarter"
    )


def smaller(place: Place) -> Any:
    return shapely.from_wkb(bytes(place.geometry)).buffer(-0.0005)


@pytest.mark.usefixtures("city_areas")
class TestReplacing:
    def test_an_outline_of_the_same_name_replaces_the_simplified_one(self, tmp_path: Path) -> None:
        before = a_quarter()
        path = write(tmp_path / "a.geojson", (smaller(before), {"Stadtteil": before.name.upper(), "NR": 7}))

        report = import_areas(ACTOR, path, source="Katasteramt", licence="dl-de/by-2-0")

        after = Place.objects.get(pk=before.pk)
        assert report == ImportReport(added=[], replaced=[before.name.upper()], passed_over=0)
        assert (after.name, after.key, after.code, after.simplified) == (before.name, before.key, "7", False)
        assert (after.source, after.licence) == ("Katasteramt", "dl-de/by-2-0")
        assert after.area_m2 < before.area_m2
        assert queries.get_area(before.key).code == "7"

    def test_the_code_matches_even_when_the_name_changed(self, tmp_path: Path) -> None:
        place = a_quarter()
        Place.objects.filter(pk=place.pk).update(code="Q7")
        path = write(tmp_path / "a.geojson", (smaller(place), {"name": "Ganz anders", "code": "Q7"}))

        import_areas(ACTOR, path, kind=PlaceKind.QUARTER)

        assert Place.objects.get(code="Q7").pk == place.pk

    def test_one_wrong_feature_changes_nothing(self, tmp_path: Path) -> None:
        place = a_quarter()
        bow_tie = shapely.Polygon([(7.05, 51.50), (7.06, 51.51), (7.06, 51.50), (7.05, 51.51)])
        path = write(
            tmp_path / "a.geojson", (smaller(place), {"name": place.name}), (bow_tie, {"name": "Kaputt"})
        )

        with pytest.raises(Invalid, match=r"Merkmal 2 \(„Kaputt“\) überschneidet sich selbst") as caught:
            import_areas(ACTOR, path, kind=PlaceKind.QUARTER)

        assert caught.value.fields[0].field == "features[1]"
        assert bytes(Place.objects.get(pk=place.pk).geometry) == bytes(place.geometry)
        assert not AuditEntry.objects.filter(verb="import_areas", changes__replaced=1).exists()

    def test_one_area_under_a_new_name_is_refused(self, tmp_path: Path) -> None:
        place = a_quarter()
        path = write(tmp_path / "a.geojson", (smaller(place), {"name": "Neuer Name"}))

        with pytest.raises(Invalid, match=f"liegt auf dem vorhandenen Gebiet „{place.name}“"):
            import_areas(ACTOR, path, kind=PlaceKind.QUARTER)

    def test_names_twice_in_a_file_are_refused(self, tmp_path: Path) -> None:
        shape, told = smaller(a_quarter()), {"name": a_quarter().name}

        with pytest.raises(Invalid, match="steht schon als Merkmal 1"):
            import_areas(ACTOR, write(tmp_path / "a.geojson", (shape, told), (shape, told)))

    def test_an_unknown_name_without_kind_is_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.geojson", (smaller(a_quarter()), {"name": "Nirgendwo"}))

        with pytest.raises(Invalid, match="--kind"):
            import_areas(ACTOR, path)

    def test_an_area_far_away_is_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.geojson", (shapely.box(10, 50, 10.1, 50.1), {"name": "Fern"}))

        with pytest.raises(Invalid, match="stimmt das Koordinatensystem"):
            import_areas(ACTOR, path, kind=PlaceKind.QUARTER)

    def test_a_feature_without_name_is_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.geojson", (smaller(a_quarter()), {"xyz": "Name"}))

        with pytest.raises(Invalid, match="Merkmal 1 hat keinen Namen"):
            import_areas(ACTOR, path, kind=PlaceKind.QUARTER)
        assert import_areas(
            ACTOR, write(path, (smaller(a_quarter()), {"xyz": a_quarter().name})), name_property="XYZ"
        ).replaced

    def test_the_import_is_audited_with_ids_only(self, tmp_path: Path) -> None:
        place = a_quarter()

        import_areas(ACTOR, write(tmp_path / "a.geojson", (smaller(place), {"name": place.name})))

        entry = AuditEntry.objects.filter(verb="import_areas").latest("id")
        assert (entry.actor_id, entry.subject) == ("test", "places:quarter")
        assert entry.changes == {"added": 0, "replaced": 1, "ids": [place.pk]}


def test_new_quarters_find_their_district_by_where_they_lie(tmp_path: Path) -> None:
    west, south, east, north = current().bbox
    middle = (west + east) / 2
    path = write(
        tmp_path / "a.geojson",
        (shapely.box(west, south, middle, north), {"kind": "district", "name": "Linker Bezirk"}),
        (shapely.box(middle, south, east, north), {"kind": "district", "name": "Rechter Bezirk"}),
        (
            shapely.box(middle, south, east, (south + north) / 2),
            {"kind": "quarter", "name": "Würfelquartier", "simplified": True},
        ),
    )

    report = import_areas(ACTOR, path)

    quarter = queries.get_area("wuerfelquartier")
    parent = queries.find_parent(quarter)
    assert report.added == ["Linker Bezirk", "Rechter Bezirk", "Würfelquartier"]
    assert parent is not None
    assert parent.name == "Rechter Bezirk"
    assert quarter.simplified


def test_seeding_twice_loads_once() -> None:
    first = seed_city_areas(ACTOR)

    assert first == Place.objects.count() > 0
    assert seed_city_areas(ACTOR) == 0


def test_strangers_and_people_without_the_right_may_not_import(tmp_path: Path) -> None:
    path = write(tmp_path / "a.geojson", (shapely.box(7.0, 51.5, 7.1, 51.6), {"name": "X"}))

    with pytest.raises(SignInNeeded):
        import_areas(Actor.anonymous(), path)
    with pytest.raises(Forbidden):
        import_areas(Actor(kind="user", identifier="1"), path)


def test_a_file_of_other_towns_only_is_refused(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.geojson", (shapely.box(7.0, 51.5, 7.1, 51.6), {"GEN": "Anderswo", "AGS": "01001000"})
    )

    with pytest.raises(Invalid, match="Keines der 1 Gebiete"):
        import_areas(ACTOR, path)
