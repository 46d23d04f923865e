"""Reading files of outlines."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from pyproj import Transformer

from stadt.core.errors import Invalid, TooLarge
from stadt.hub.places import outline_files
from stadt.hub.places.outline_files import read_outlines

SQUARE = shapely.box(7.05, 51.50, 7.06, 51.51)
TO_UTM = Transformer.from_crs(4326, 25832, always_xy=True)


def write_vector(path: Path, driver: str, crs: str | None, shapes: list[Any], **columns: list[Any]) -> Path:
    """A file made by GDAL with the given columns."""
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array(shapes, dtype=object)),
        field_data=[np.array(values, dtype=object) for values in columns.values()],
        fields=list(columns),
        geometry_type="Polygon",
        driver=driver,
        crs=crs,
    )
    return path


def in_utm(shape: Any) -> Any:
    return shapely.transform(shape, TO_UTM.transform, interleaved=False)


def write_geojson(path: Path, features: list[dict[str, Any]], **more: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8")
    return path


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_geojson_is_read_as_wgs84(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", [feature(shapely.geometry.mapping(SQUARE), name="Eins")])

    (found,) = read_outlines(path)

    assert (found.number, found.properties) == (1, {"name": "Eins"})
    assert found.geometry.equals(SQUARE)


def test_geojson_of_the_old_kind_with_a_named_crs_is_transformed(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    path = write_geojson(tmp_path / "a.json", [feature(shapely.geometry.mapping(in_utm(SQUARE)))], crs=crs)

    (found,) = read_outlines(path)

    assert found.geometry.symmetric_difference(SQUARE).area < 1e-12


@pytest.mark.parametrize(("driver", "name"), [("GPKG", "a.gpkg"), ("ESRI Shapefile", "a.shp")])
def test_geopackage_and_shapefile_are_transformed_from_utm(tmp_path: Path, driver: str, name: str) -> None:
    path = write_vector(tmp_path / name, driver, "EPSG:25832", [in_utm(SQUARE)], GEN=["Ückendorf"])

    (found,) = read_outlines(path)

    assert found.properties["GEN"] == "Ückendorf"
    assert found.geometry.symmetric_difference(SQUARE).area < 1e-11


def test_a_zipped_shapefile_is_read(tmp_path: Path) -> None:
    write_vector(tmp_path / "a.shp", "ESRI Shapefile", "EPSG:4326", [SQUARE], NAME=["Eins"])
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("a.*"):
            if part != packed:
                archive.write(part, f"daten/{part.name}")

    (found,) = read_outlines(packed)

    assert found.properties["NAME"] == "Eins"


def test_a_shapefile_without_projection_is_refused(tmp_path: Path) -> None:
    path = write_vector(tmp_path / "a.shp", "ESRI Shapefile", "EPSG:4326", [SQUARE], NAME=["Eins"])
    path.with_suffix(".prj").unlink()

    with pytest.raises(Invalid, match="Koordinatensystem"):
        read_outlines(path)


def test_a_virtual_dataset_that_points_elsewhere_is_no_outline_file(tmp_path: Path) -> None:
    secret = write_geojson(
        tmp_path / "secret.geojson", [feature(shapely.geometry.mapping(SQUARE), name="geheim")]
    )
    trap = tmp_path / "areas.gpkg"
    trap.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
    )

    with pytest.raises(Invalid, match="weder GeoJSON noch GeoPackage noch Shapefile"):
        read_outlines(trap)


def test_a_broken_geopackage_is_refused(tmp_path: Path) -> None:
    path = write_vector(tmp_path / "a.gpkg", "GPKG", "EPSG:4326", [SQUARE], name=["Eins"])
    path.write_bytes(path.read_bytes()[:3000])

    with pytest.raises(Invalid, match="beschädigt"):
        read_outlines(path)


def test_a_geopackage_with_two_layers_is_refused_with_their_names(tmp_path: Path) -> None:
    path = write_vector(tmp_path / "a.gpkg", "GPKG", "EPSG:4326", [SQUARE], name=["Eins"])
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array([SQUARE], dtype=object)),
        field_data=[],
        fields=[],
        geometry_type="Polygon",
        driver="GPKG",
        crs="EPSG:4326",
        layer="zweite",
        append=True,
    )

    with pytest.raises(Invalid, match="a, zweite"):
        read_outlines(path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "weder GeoJSON"),
        ("[1, 2]", "keine GeoJSON-FeatureCollection"),
        ('{"type":"FeatureCollection","features":[]}', "kein Gebiet"),
        (
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}',
            "Merkmal 1",
        ),
        (
            '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Kreis"}}]}',
            "Merkmal 1",
        ),
        ('{"type":"FeatureCollection","features":[7]}', "Merkmal 1"),
        (
            '{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:99999999"}},"features":[{}]}',
            "EPSG:99999999",
        ),
        ("[" * 100_000, "weder GeoJSON"),
    ],
)
def test_wrong_geojson_gets_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Invalid, match=sentence):
        read_outlines(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"fehlt\.gpkg gibt es nicht"):
        read_outlines(tmp_path / "fehlt.gpkg")


def test_a_file_above_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_geojson(tmp_path / "a.geojson", [feature(shapely.geometry.mapping(SQUARE))])
    monkeypatch.setattr(outline_files, "MAX_BYTES", 10)

    with pytest.raises(TooLarge, match="größer"):
        read_outlines(path)


def test_an_archive_that_unpacks_above_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * 1_000_000)
    monkeypatch.setattr(outline_files, "MAX_BYTES", 100_000)

    with pytest.raises(TooLarge, match="ausgepackt"):
        read_outlines(packed)


def test_an_archive_with_two_shapefiles_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.shp", b"")
        archive.writestr("b.shp", b"")

    with pytest.raises(Invalid, match="genau ein Shapefile"):
        read_outlines(packed)


def test_a_reader_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_vector(tmp_path / "a.gpkg", "GPKG", "EPSG:4326", [SQUARE], name=["Eins"])
    monkeypatch.setattr(outline_files, "READ_SECONDS", 0.001)

    with pytest.raises(TooLarge, match="nicht gelesen"):
        read_outlines(path)


def test_a_shapefile_in_capital_letters_is_read(tmp_path: Path) -> None:
    source = write_vector(tmp_path / "a.shp", "ESRI Shapefile", "EPSG:4326", [SQUARE], NAME=["Eins"])
    folder = tmp_path / "gross"
    folder.mkdir()
    for part in tmp_path.glob("a.*"):
        shutil.copy(part, folder / part.name.upper())

    assert source.is_file()
    assert len(read_outlines(folder / "A.SHP")) == 1
