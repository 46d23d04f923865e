"""Reads one GeoPackage or Shapefile with GDAL in a process of its own, with limits, and prints it as JSON.

Usage: python -m stadt.hub.places.gdal_reader PATH. The caller has already looked at the file's content,
so that GDAL cannot be led to another driver, and kills the process when it takes too long.
"""

import contextlib
import json
import resource
import sys
from typing import Any

import numpy as np
import pyogrio.raw

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 60


def main(path: str) -> None:
    """Print `{"crs": …, "features": [{"properties": …, "wkb": hex}, …]}`."""
    _limit()
    layers = pyogrio.list_layers(path)
    spatial = [str(name) for name, geometry in layers if geometry]
    if len(spatial) != 1:
        print(json.dumps({"layers": spatial}))
        return
    meta, _, geometry, values = pyogrio.raw.read(path, layer=spatial[0], force_2d=True)
    names = [str(name) for name in meta["fields"]]
    features = []
    for number, wkb in enumerate(geometry):
        properties = {name: _plain(column[number]) for name, column in zip(names, values, strict=True)}
        features.append({"properties": properties, "wkb": wkb.hex() if wkb is not None else None})
    print(json.dumps({"crs": meta["crs"], "features": features}))


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value != value:
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _limit() -> None:
    with contextlib.suppress(ValueError, OSError):  # macOS does not know all limits
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


if __name__ == "__main__":
    main(sys.argv[1])
