"""What GDAL may know in the reading process: three drivers, and no way to other files."""

from typing import Final

ALLOWED: Final = frozenset({"GPKG", "ESRI Shapefile", "GeoJSON"})
# What GDAL in pyogrio's wheel could open besides; `OGR_SKIP` keeps it from knowing them. A test compares the two lists.
SKIPPED: Final = (
    "ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CSV", "CSW", "Carto", "DGN", "DXF", "EDIGEO", "EEDA", "ESRIJSON", "Elasticsearch",
    "FlatGeobuf", "GDALG", "GML", "GPSBabel", "GPX", "GTFS", "GeoJSONSeq", "GeoRSS", "HTTP", "Idrisi", "JML", "JSONFG", "KML", "LIBKML",
    "LVBAG", "MBTiles", "MEM", "MVT", "MapInfo File", "MapML", "MiraMonVector", "NGW", "OAPIF", "ODS", "OGCAPI", "OGR_GMT", "OGR_PDS",
    "OGR_VRT", "OSM", "OpenFileGDB", "PCIDSK", "PDF", "PDS4", "PGDUMP", "PLSCENES", "PMTiles", "S57", "SQLite", "SXF", "Selafin", "TopoJSON",
    "VDV", "VFK", "VICAR", "WAsP", "WFS", "XLSX",
)  # fmt: skip
SETTINGS: Final = {
    "OGR_SKIP": ",".join(SKIPPED),
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "OGR_SQLITE_LIST_VIRTUAL_OGR": "NO",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "200",
    "GDAL_CACHEMAX": "64",
    "CPL_VSIL_ZIP_ALLOWED_EXTENSIONS": "none",
    "SHAPE_RESTORE_SHX": "NO",
}
