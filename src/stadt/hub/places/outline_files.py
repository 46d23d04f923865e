"""Reads files of outlines (GeoJSON, GeoPackage, Shapefile) as polygons in WGS 84, and refuses everything else."""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from stadt.core.errors import FieldError, Invalid, TooLarge

MAX_BYTES = 200 * 1024**2
MAX_FEATURES = 20_000
READ_SECONDS = 90
WGS84 = CRS.from_epsg(4326)
SHAPEFILE_PARTS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
SHAPEFILE_MAGIC = b"\x00\x00\x27\x0a"
GEOPACKAGE_MAGIC = b"SQLite format 3\x00"
GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")


@dataclass(frozen=True, slots=True)
class OutlineFeature:
    """One feature of a file: its number (from 1), its properties and its geometry in WGS 84, lon before lat."""

    number: int
    properties: Mapping[str, Any]
    geometry: BaseGeometry


def read_outlines(path: Path) -> list[OutlineFeature]:
    """All features of a file, told by its content and not by its name.

    Raises:
        Invalid: with one sentence when the file is not readable as one of the three formats, has no or an unknown
            coordinate system, or has no feature.
        TooLarge: above 200 MB or 20,000 features.
    """
    if not path.is_file():
        raise _refusal(f"Die Datei {path.name} gibt es nicht.")
    if path.stat().st_size > MAX_BYTES:
        raise TooLarge(f"{path.name} ist größer als {MAX_BYTES // 1024**2} MB.")
    with path.open("rb") as file:
        head = file.read(100)
    if head.startswith(GEOPACKAGE_MAGIC) and head[68:72] in GEOPACKAGE_IDS:
        features = list(_by_gdal(path.resolve()))
    elif head.startswith(SHAPEFILE_MAGIC):
        with tempfile.TemporaryDirectory(prefix="stadt-outlines-") as folder:
            features = list(_by_gdal(_copy_shapefile(path, Path(folder))))
    elif head.startswith(b"PK\x03\x04"):
        with tempfile.TemporaryDirectory(prefix="stadt-outlines-") as folder:
            features = list(_by_gdal(_unpack_shapefile(path, Path(folder))))
    else:
        features = list(_from_geojson(path))
    if not features:
        raise _refusal(f"{path.name} enthält kein Gebiet.")
    return features


def _from_geojson(path: Path) -> Iterator[OutlineFeature]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise _refusal(f"{path.name} ist weder GeoJSON noch GeoPackage noch Shapefile.") from None
    items = document.get("features") if isinstance(document, dict) else None
    if not isinstance(items, list) or document.get("type") != "FeatureCollection":
        raise _refusal(f"{path.name} ist keine GeoJSON-FeatureCollection.")
    _check_count(path, len(items))
    to_wgs84 = _transformer(path, _geojson_crs(document))
    for number, item in enumerate(items, start=1):
        properties = item.get("properties") if isinstance(item, dict) else None
        properties = properties if isinstance(properties, dict) else {}
        try:
            shape = shapely.from_geojson(json.dumps(item["geometry"]))
        except (shapely.errors.GEOSException, KeyError, TypeError, ValueError):
            raise _refusal(f"Merkmal {number} in {path.name} hat keine lesbare Geometrie.", number) from None
        yield _feature(path, number, properties, shape, to_wgs84)


def _geojson_crs(document: Mapping[str, Any]) -> str:
    """RFC 7946 knows WGS 84 only; its predecessor of 2008 had a named `crs`, which offices still write."""
    crs = document.get("crs")
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    return str(name) if name else "OGC:CRS84"


def _by_gdal(path: Path) -> Iterator[OutlineFeature]:
    document = _run_reader(path)
    if "layers" in document:
        names = ", ".join(document["layers"]) or "keine"
        raise _refusal(f"{path.name} muss genau eine Ebene mit Geometrie haben, hat aber: {names}.")
    if not document["crs"]:
        raise _refusal(f"{path.name} nennt kein Koordinatensystem (bei Shapefiles: die .prj-Datei fehlt).")
    _check_count(path, len(document["features"]))
    to_wgs84 = _transformer(path, document["crs"])
    for number, item in enumerate(document["features"], start=1):
        shape = shapely.from_wkb(bytes.fromhex(item["wkb"])) if item["wkb"] else None
        yield _feature(path, number, item["properties"], shape, to_wgs84)


def _run_reader(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "stadt.hub.places.gdal_reader", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=READ_SECONDS, check=True)
        document = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise TooLarge(f"{path.name} war nach {READ_SECONDS} Sekunden nicht gelesen.") from None
    except (subprocess.CalledProcessError, ValueError):
        raise _refusal(f"{path.name} ist beschädigt oder nicht lesbar.") from None
    if not isinstance(document, dict):
        raise _refusal(f"{path.name} ist beschädigt oder nicht lesbar.")
    return document


def _copy_shapefile(path: Path, folder: Path) -> Path:
    for suffix in SHAPEFILE_PARTS:
        for part in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
            if part.is_file() and part.stat().st_size <= MAX_BYTES:
                (folder / f"outlines{suffix}").write_bytes(part.read_bytes())
    return folder / "outlines.shp"


def _unpack_shapefile(path: Path, folder: Path) -> Path:
    try:
        with zipfile.ZipFile(path) as archive:
            shapes = [name for name in archive.namelist() if name.lower().endswith(".shp")]
            if len(shapes) != 1:
                raise _refusal(f"{path.name} muss genau ein Shapefile enthalten, enthält aber {len(shapes)}.")
            stem = PurePosixPath(shapes[0]).with_suffix("")
            room = MAX_BYTES
            for info in archive.infolist():
                part = PurePosixPath(info.filename)
                if part.with_suffix("") == stem and part.suffix.lower() in SHAPEFILE_PARTS:
                    with archive.open(info) as source:
                        content = source.read(room + 1)
                    room -= len(content)
                    if room < 0:
                        raise TooLarge(f"{path.name} ist ausgepackt größer als {MAX_BYTES // 1024**2} MB.")
                    (folder / f"outlines{part.suffix.lower()}").write_bytes(content)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        raise _refusal(f"{path.name} ist als ZIP-Datei beschädigt oder verschlüsselt.") from None
    shape = folder / "outlines.shp"
    if not shape.read_bytes()[:4] == SHAPEFILE_MAGIC:
        raise _refusal(f"{path.name} enthält kein lesbares Shapefile.")
    return shape


def _transformer(path: Path, crs: str) -> Transformer | None:
    try:
        source = CRS.from_user_input(crs)
    except CRSError:
        raise _refusal(f"Das Koordinatensystem „{crs[:60]}“ in {path.name} ist unbekannt.") from None
    if source.equals(WGS84, ignore_axis_order=True):
        return None
    return Transformer.from_crs(source, WGS84, always_xy=True)


def _feature(
    path: Path,
    number: int,
    properties: Mapping[str, Any],
    shape: BaseGeometry | None,
    to_wgs84: Transformer | None,
) -> OutlineFeature:
    if shape is None or shape.is_empty:
        raise _refusal(f"Merkmal {number} in {path.name} hat keine Geometrie.", number)
    flat = shapely.force_2d(shape)
    if to_wgs84 is not None:
        flat = shapely.transform(flat, to_wgs84.transform, interleaved=False)
    return OutlineFeature(number, dict(properties), flat)


def _check_count(path: Path, count: int) -> None:
    if count > MAX_FEATURES:
        raise TooLarge(f"{path.name} hat {count} Merkmale; höchstens {MAX_FEATURES} sind erlaubt.")


def _refusal(message: str, number: int | None = None) -> Invalid:
    fields = (FieldError(f"features[{number - 1}].geometry", "nicht lesbar oder leer"),) if number else ()
    return Invalid(message, fields=fields)
