"""The printed strategy leaves in every format and comes back: export, import, export is equal byte by byte (V-06)."""

from pathlib import Path

import jsonschema_rs
import msgspec
import pytest

from stadt.apps.strategy.exchange.document import City, Document, schema
from stadt.apps.strategy.exchange.queries import FORMATS
from stadt.apps.strategy.exchange.reading import read_file
from stadt.apps.strategy.record.content import Content
from stadt.apps.strategy.record.printed import read_content

FOLDER = Path(__file__).resolve().parents[1] / "strategy"


@pytest.fixture(scope="module")
def printed() -> Content:
    return read_content(FOLDER)


@pytest.mark.parametrize("suffix", FORMATS)
def test_export_import_export_is_byte_equal(printed: Content, suffix: str) -> None:
    written = FORMATS[suffix].write(Document(city=City("stadt", "Stadt"), items=tuple(printed)))
    read = read_file(written)

    assert set(read.content.items) == set(printed.items)
    assert FORMATS[suffix].write(read.document) == written
    assert len(read.content.measures) == 107
    assert suffix == "stratml.xml" or read.content == printed


def test_the_json_obeys_the_published_schema(printed: Content) -> None:
    written = FORMATS["json"].write(Document(items=tuple(printed)))

    assert jsonschema_rs.validator_for(schema()).is_valid(msgspec.json.decode(written))
