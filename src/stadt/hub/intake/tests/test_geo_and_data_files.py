"""GeoPackage, Shapefile, GeoJSON, JSON and Parquet."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely

from stadt.hub.intake import answer_of, correct
from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.tests.files import Office, codes
from stadt.hub.lake.engine import literal
from stadt.hub.lake.reading import reader

TOWN_HALL = (368203.1, 5707011.6)  # EPSG:25832, near 7.1° east, 51.5° north


def layer(
    path: Path, *, name: str = "orte", crs: str | None = "EPSG:25832", driver: str = "GPKG", rows: int = 2
) -> None:
    """A layer with one point a row."""
    points = shapely.to_wkb([shapely.Point(TOWN_HALL[0] + n, TOWN_HALL[1]) for n in range(rows)])
    fields = [
        np.array([f"Ort {n}" for n in range(rows)], dtype=object),
        np.arange(rows),
        np.array(["05555"] * rows, dtype=object),
    ]
    pyogrio.raw.write(
        str(path), geometry=points, field_data=fields, fields=["name", "zahl", "schluessel"], geometry_type="Point", crs=crs,
        driver=driver, layer=name, append=path.exists(),
    )  # fmt: skip


def shapefile(folder: Path, *, leave_out: str = "") -> bytes:
    layer(folder / "orte.shp", driver="ESRI Shapefile")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for part in folder.glob("orte.*"):
            if part.suffix != leave_out:
                archive.write(part, f"daten/{part.name}")
    return content.getvalue()


def test_a_geopackage_becomes_places_in_wgs_84(office: Office, tmp_path: Path) -> None:
    layer(tmp_path / "orte.gpkg")
    reading = office.read(tmp_path / "orte.gpkg")
    assert (reading.crs, reading.layer) == ("EPSG:25832", "orte")
    table = office.table(tmp_path / "orte.gpkg", reading)
    assert table.types == ["text", "integer", "text", "geometry"]
    assert table.rows[0][:3] == ("Ort 0", 0, "05555")
    assert table.written.bbox == pytest.approx((7.1007, 51.4978, 7.1008, 51.4979), abs=2e-3)


def test_the_layer_with_most_features_is_read_and_another_can_be_wanted(
    office: Office, tmp_path: Path
) -> None:
    layer(tmp_path / "l.gpkg", name="klein", rows=1)
    layer(tmp_path / "l.gpkg", name="gross", rows=3)
    reading = office.read(tmp_path / "l.gpkg")
    assert (reading.layer, reading.choices) == ("gross", ("klein", "gross"))
    small = office.read(tmp_path / "l.gpkg", answer=answer_of(correct(reading, {"layer": "klein"})))
    assert small.row_estimate == 1


def test_a_zipped_shapefile_is_read(office: Office, tmp_path: Path) -> None:
    path = office.file(shapefile(tmp_path), "orte.zip")
    reading = office.read(path)
    assert (reading.format, reading.member, reading.crs) == ("shapefile", "daten/orte.shp", "EPSG:25832")
    assert len(office.table(path, reading).rows) == 2


@pytest.mark.parametrize("part", [".dbf", ".shx"])
def test_a_shapefile_without_one_of_its_parts_is_refused_by_name(
    office: Office, tmp_path: Path, part: str
) -> None:
    with pytest.raises(Refusal, match="shapefile_parts") as caught:
        office.read(shapefile(tmp_path, leave_out=part), "orte.zip")
    assert caught.value.values["part"] == part


def test_a_missing_coordinate_system_is_told_from_the_values(office: Office, tmp_path: Path) -> None:
    reading = office.read(shapefile(tmp_path, leave_out=".prj"), "orte.zip")
    assert reading.crs == "EPSG:25832"
    assert "crs_missing" in codes(reading)


def features(*shapes: Any) -> str:
    items = [
        {
            "type": "Feature",
            "properties": {"name": f"n{n}", "datum": "01.02.2024", "mehr": {"a": [n]}},
            "geometry": shape,
        }
        for n, shape in enumerate(shapes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": items})


def test_geojson_keeps_its_texts_dates_and_places(office: Office) -> None:
    text = features({"type": "Point", "coordinates": [7.1, 51.5]}, None)
    table = office.table(text, name="orte.geojson")
    assert table.types == ["text", "date", "text", "geometry"]
    assert table.rows[0][3] == "POINT (7.1 51.5)"
    assert table.rows[1][3] is None


def test_an_invalid_polygon_is_repaired_and_told_with_its_row(office: Office) -> None:
    bow = {"type": "Polygon", "coordinates": [[[7, 51], [7.1, 51.1], [7.1, 51], [7, 51.1], [7, 51]]]}
    table = office.table(features({"type": "Point", "coordinates": [7, 51]}, bow), name="f.geojson")
    assert [(one.code, one.values) for one in table.written.remarks] == [
        ("repaired", {"count": "1", "row": "2"})
    ]
    assert table.rows[1][3].startswith("MULTIPOLYGON")


@pytest.mark.parametrize(
    "text",
    [
        '[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]',
        '{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n',
        '{"ok": true, "result": {"records": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]}}',
        '\ufeff[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]',
    ],
)  # fmt: skip
def test_json_of_every_usual_shape_is_a_table(office: Office, text: str) -> None:
    assert office.table(text, name="d.json").rows == [(1, "x"), (2, "y")]


def test_what_is_nested_in_json_stays_text_and_is_told(office: Office) -> None:
    path = office.file('[{"a": 1, "werte": {"2020": [1, 2]}}, {"a": 2, "werte": {"2021": [3]}}]', "n.json")
    reading = office.read(path)
    assert "nested" in codes(reading)
    assert json.loads(office.table(path, reading).rows[0][1]) == {"2020": [1, 2]}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[1, 2, 3]", "json_no_rows"),
        ('{"a": ', "json_invalid"),
        ('[{"a": 1}, {"a": ', "json_invalid"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "json_invalid|too_deep|json_no_rows"),
    ],
)  # fmt: skip
def test_json_that_is_no_table_is_refused(office: Office, text: str, code: str) -> None:
    with pytest.raises((Refusal, RecursionError), match=code + "|recursion"):
        office.read(text, "d.json")


def test_parquet_keeps_its_types(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    with reader((tmp_path,)) as lake:
        lake.run(
            "COPY (SELECT 1::BIGINT AS zahl, 'x' AS wort, DATE '2024-02-01' AS tag, TIMESTAMPTZ '2024-02-01 12:00:00+01' AS zeit, "
            f"[1, 2] AS liste, 1.5::DECIMAL(5, 2) AS betrag) TO {literal(str(path))} (FORMAT parquet)"
        )
    table = office.table(path)
    assert table.types == ["integer", "text", "date", "time", "text", "number"]
    assert table.column("zeit") == ["2024-02-01T11:00Z"]
    assert table.column("liste") == ["[1,2]"]


def test_geoparquet_comes_in_wgs_84(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "g.parquet"
    with reader((tmp_path,), spatial=True) as lake:
        lake.run(
            f"COPY (SELECT 'a' AS name, ST_SetCRS(ST_Point({TOWN_HALL[0]}, {TOWN_HALL[1]}), 'EPSG:25832') AS ort) "
            f"TO {literal(str(path))} (FORMAT parquet)"
        )
    table = office.table(path)
    assert table.types == ["text", "geometry"]
    assert table.written.bbox == pytest.approx((7.1007, 51.4978, 7.1007, 51.4978), abs=2e-3)


def test_years_as_columns_are_melted_in_typed_files_too(office: Office) -> None:
    table = office.table('[{"Ort": "Buer", "2021": 1, "2022": 2, "2023": 3}]', name="j.json")
    assert table.rows == [("Buer", 2021, 1), ("Buer", 2022, 2), ("Buer", 2023, 3)]
