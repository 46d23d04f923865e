"""GeoPackage, Shapefile and GeoJSON by GDAL, of which the reading process knows these three drivers only."""
# ruff: noqa: S608 - paths go through literal(), names through quoted()

from pathlib import Path
from typing import Any, Final

import pyogrio
import pyogrio.raw
from pyogrio.errors import DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.native import Source
from stadt.hub.intake.places import crs_of_ranges
from stadt.hub.intake.reading import FileFormat
from stadt.hub.intake.remarks import Remark, remark
from stadt.hub.lake.engine import literal, quoted
from stadt.hub.lake.reading import Reader

_NAMES: Final = {
    FileFormat.GPKG: "upload.gpkg",
    FileFormat.GEOJSON: "upload.geojson",
    FileFormat.SHAPEFILE: "upload.shp",
}


def open_layer(
    reader: Reader, path: Path, kind: FileFormat, folder: Path, wanted: str = "", crs: str = ""
) -> tuple[Source, Path]:
    """One layer, copied as a stream into a Parquet file in `folder`; that file holds the source's columns.

    Args:
        path: the file, whose content was looked at. wanted: name of the layer; empty: the one with most features.
        crs: coordinate system that a person said; empty: the file's.

    Raises:
        Refusal: damaged, no such layer, no table, or a coordinate system that is missing or unknown.
    """
    own = folder / _NAMES[kind]
    if own != path:
        own.symlink_to(path)
    try:
        names, chosen = _choose(str(own), wanted)
        info = pyogrio.read_info(str(own), layer=chosen)
        raw = folder / "raw.parquet"
        with pyogrio.raw.open_arrow(str(own), layer=chosen, use_pyarrow=False, batch_size=16_384) as (
            meta,
            stream,
        ):
            reader.name("layer", stream)
            # The stream can be asked once only, so its types are told by the copy.
            reader.run(
                f"COPY (SELECT * FROM layer) TO {literal(str(raw))} (FORMAT parquet, COMPRESSION snappy)"
            )
    except DataSourceError:
        raise Refusal("damaged") from None
    shape = _geometry_of(reader, raw, meta)
    fields = tuple(
        (str(name), str(kind_of))
        for name, kind_of, *_ in reader.rows(f"DESCRIBE SELECT * FROM {literal(str(raw))}")
        if not (name == shape and not info["geometry_type"])
    )
    system, notes = _system(info, crs, has_shape=bool(shape))
    others = [name for name in names if name != chosen]
    if others and kind is FileFormat.GPKG:
        notes.append(remark("other_parts", chosen=chosen, others=", ".join(others[:10])))
    listed = ", ".join(quoted(name) for name, _ in fields)
    has_layers = kind is FileFormat.GPKG
    source = Source(
        f"SELECT {listed} FROM {literal(str(raw))}",
        fields,
        shape,
        system,
        chosen if has_layers else "",
        tuple(names) if has_layers else (),
        tuple(notes),
    )
    return source, raw


def _choose(path: str, wanted: str) -> tuple[list[str], str]:
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if not names:
        raise Refusal("no_table")
    if wanted and wanted not in names:
        raise Refusal("no_such_part", part=wanted, choices=", ".join(names[:20]))
    if wanted or len(names) == 1:
        return names, wanted or names[0]
    counts = {
        name: int(pyogrio.read_info(path, layer=name, force_feature_count=True)["features"])
        for name in names[:50]
    }
    return names, max(counts, key=lambda name: counts[name])


def _geometry_of(reader: Reader, raw: Path, meta: dict[str, Any]) -> str:
    """The name under which the stream gave geometry: the last column, in no list of fields."""
    if not meta.get("geometry_type"):
        return ""
    names = [str(row[0]) for row in reader.rows(f"DESCRIBE SELECT * FROM {literal(str(raw))}")]
    fields = {str(name) for name in meta["fields"]}
    return next((name for name in reversed(names) if name not in fields), "")


def _system(info: dict[str, Any], said: str, *, has_shape: bool) -> tuple[str, list[Remark]]:
    if not has_shape:
        return "", []
    found = said or info["crs"]
    if not found:
        bounds = info.get("total_bounds")
        guess = crs_of_ranges((bounds[0], bounds[2]), (bounds[1], bounds[3])) if bounds else ""
        if not guess:
            raise Refusal("crs_missing")
        return guess, [remark("crs_missing", crs=guess)]
    return plain_crs(found)


def plain_crs(found: str) -> tuple[str, list[Remark]]:
    """A coordinate system by its EPSG code where it has one, else as WKT.

    Raises:
        Refusal: when it is unknown.
    """
    try:
        system = CRS.from_user_input(found)
    except CRSError:
        raise Refusal("crs_unknown", crs=str(found)[:60]) from None
    code = system.to_epsg(min_confidence=60)
    name = f"EPSG:{code}" if code else system.to_wkt()
    return name, [remark("datum_shift")] if code in {31466, 31467, 31468} else []
