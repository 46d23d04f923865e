"""Tables and layers as office programs and geographic information systems read them, and what each cannot hold."""

import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from stadt.core.people.actor import Actor
from stadt.hub.datasets import downloads, services
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.formats import FORMATS, SHEET_ROWS, Format, formats_of
from stadt.hub.datasets.snapshots import get_snapshot
from stadt.hub.datasets.tests.probe import Source
from stadt.hub.lake import exports
from stadt.hub.lake.layout import layout

pytestmark = pytest.mark.django_db

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def published(containers: Dataset, source: Source, actor: Actor) -> Dataset:
    source.rows = [
        {
            "id": FORMULA,
            "fill": -82.5,
            "emptied": 3,
            "is_simulated": True,
            "since": date(2026, 3, 1),
            "seen_at": datetime(2026, 7, 1, 10, 30, tzinfo=UTC),
            "geom": (7.1, 51.5),
        },
        {"id": "Straße\n2", "geom": None},
    ]
    services.publish_now(actor, containers.key)
    return containers


def written(dataset: Dataset, key: str) -> Path:
    form = next(form for form in FORMATS if form.key == key)
    return downloads.prepare(dataset, get_snapshot(dataset.key, 1), form)


def sheet_of(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_json_holds_every_row_with_what_it_says_about_itself(published: Dataset) -> None:
    document = json.loads(written(published, "json").read_text("utf-8"))
    assert (document["dataset"], document["number"], document["simulated"]) == (published.key, 1, True)
    rows = {row["id"]: row for row in document["rows"]}
    assert set(rows) == {FORMULA, "Straße\n2"}
    assert rows[FORMULA] | {"geom": None} == {
        "id": FORMULA,
        "fill": -82.5,
        "emptied": 3,
        "is_simulated": True,
        "since": "2026-03-01",
        "seen_at": "2026-07-01T10:30:00Z",
        "geom": None,
    }
    assert rows[FORMULA]["geom"] == {"type": "Point", "coordinates": [7.1, 51.5]}


def test_a_sheet_runs_no_formula_and_shows_the_clock_of_the_city(published: Dataset) -> None:
    sheet = sheet_of(written(published, "xlsx"))
    assert FORMULA in sheet
    assert "<f>" not in sheet
    days = (
        datetime(2026, 7, 1, 12, 30, tzinfo=UTC) - datetime(1899, 12, 30, tzinfo=UTC)
    ).total_seconds() / 86400
    numbers = [float(number) for number in re.findall(r"<v>([-\d.eE]+)</v>", sheet)]
    assert min(abs(number - days) for number in numbers) < 1e-6
    assert {-82.5, 7.1, 51.5} <= set(numbers)


@pytest.mark.parametrize(("key", "driver"), [("gpkg", "GPKG"), ("fgb", "FlatGeobuf")])
def test_a_layer_is_read_by_gdal_with_its_places_and_types(published: Dataset, key: str, driver: str) -> None:
    path = written(published, key)
    info = pyogrio.read_info(path)
    assert info["driver"] == driver
    assert info["crs"] == "EPSG:4326"
    _, _, shapes, columns = pyogrio.raw.read(path)
    rows: dict[str, dict[str, Any]] = {
        row[0]: {"shape": shape, **dict(zip(info["fields"], row, strict=True))}
        for shape, row in zip(shapes, zip(*columns, strict=True), strict=True)
    }
    assert set(rows) == {FORMULA, "Straße\n2"}
    assert shapely.from_wkb(rows[FORMULA]["shape"]) == shapely.Point(7.1, 51.5)
    assert rows["Straße\n2"]["shape"] is None
    assert (rows[FORMULA]["fill"], rows[FORMULA]["emptied"]) == (-82.5, 3)
    assert str(rows[FORMULA]["seen_at"]).startswith("2026-07-01T10:30:00")


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.key)
def test_nothing_is_left_beside_a_finished_file(published: Dataset, form: Format) -> None:
    written(published, form.key)
    assert [path.name for path in layout().work.iterdir() if path.is_file()] == []


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.key)
def test_a_table_without_rows_is_a_whole_file(
    containers: Dataset, source: Source, actor: Actor, form: Format
) -> None:
    source.rows = [{"id": "1"}]
    services.publish_now(actor, containers.key)
    source.rows = []
    services.publish_now(actor, containers.key)
    snapshot = get_snapshot(containers.key, 2)
    assert snapshot.row_count == 0
    assert downloads.prepare(containers, snapshot, form).stat().st_size > 0


def test_flatgeobuf_finds_places_by_an_index_where_every_row_has_one(
    containers: Dataset, source: Source, actor: Actor
) -> None:
    source.rows = [{"id": str(number), "geom": (7 + number / 100, 51.5)} for number in range(50)]
    services.publish_now(actor, containers.key)
    path = written(containers, "fgb")
    assert pyogrio.read_info(path)["capabilities"]["fast_spatial_filter"]
    assert len(pyogrio.raw.read(path, bbox=(7.095, 51, 7.125, 52))[2]) == 3


def test_forms_of_places_are_offered_only_where_there_are_places(containers: Dataset) -> None:
    table = replace(containers, columns=containers.columns[:-1])
    assert {form.key for form in formats_of(table)} == {"csv", "csv-en", "xlsx", "json", "parquet"}


def test_a_table_that_no_sheet_holds_is_not_offered_as_one(containers: Dataset) -> None:
    assert "xlsx" in {form.key for form in formats_of(containers, SHEET_ROWS)}
    assert "xlsx" not in {form.key for form in formats_of(containers, SHEET_ROWS + 1)}


def test_a_writer_that_fails_leaves_no_file(published: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "table_of", lambda *_: "SELECT error('broken')")
    form = next(form for form in FORMATS if form.key == "gpkg")
    with pytest.raises(Exception, match="broken"):
        downloads.prepare(published, get_snapshot(published.key, 1), form)
    assert not downloads.path_of(published.key, 1, form).exists()
    assert [path for path in layout().work.iterdir() if path.is_file()] == []
