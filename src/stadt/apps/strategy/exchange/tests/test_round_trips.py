"""Export, import, export: the same bytes, whatever stands in the strategy (V-06; feature row 3)."""

import jsonschema_rs
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from stadt.apps.strategy.exchange import words
from stadt.apps.strategy.exchange.archives import unpack
from stadt.apps.strategy.exchange.checking import LONGEST_TEXT
from stadt.apps.strategy.exchange.csv_set import write_csv_set
from stadt.apps.strategy.exchange.document import Document, read_json, schema, write_json
from stadt.apps.strategy.exchange.queries import FORMATS
from stadt.apps.strategy.exchange.reading import read_file
from stadt.apps.strategy.exchange.stratml import write_stratml
from stadt.apps.strategy.exchange.tests.made import documents
from stadt.apps.strategy.exchange.workbook import write_workbook
from stadt.apps.strategy.record.content import Annotation, Head
from stadt.apps.strategy.record.lifecycle import State

FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SOME
@given(documents(with_history=True))
def test_json_keeps_everything_with_editions_and_both_time_axes(document: Document) -> None:
    written = write_json(document)

    assert read_json(written) == document
    assert write_json(read_json(written)) == written


@FEW
@given(documents(with_history=True))
def test_json_obeys_the_published_schema(document: Document) -> None:
    validator = jsonschema_rs.validator_for(schema())

    assert [error.message for error in validator.iter_errors(msgspec.json.decode(write_json(document)))] == []


@SOME
@given(documents())
def test_a_csv_set_keeps_every_item(document: Document) -> None:
    written = write_csv_set(document)
    read = read_file(written)

    assert read.document == document
    assert (read.format, write_csv_set(read.document)) == ("csv", written)


@FEW
@given(documents())
def test_a_workbook_keeps_every_item(document: Document) -> None:
    written = write_workbook(document)
    read = read_file(written)

    assert read.document == document
    assert (read.format, write_workbook(read.document)) == ("xlsx", written)


@SOME
@given(documents())
def test_stratml_keeps_structure_and_identifiers(document: Document) -> None:
    first = read_file(write_stratml(document))
    written = write_stratml(first.document)
    again = read_file(written)

    assert set(first.content.items) == {item.code for item in document.items}
    assert again.document == first.document
    assert write_stratml(again.document) == written


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_longest_text_is_kept_by_every_format(suffix: str) -> None:
    text = ("Ä=\n'" * LONGEST_TEXT)[:LONGEST_TEXT]
    document = Document(items=(Head(title="Strategie", note=text), Annotation("A-1", "S", text)))

    assert read_file(FORMATS[suffix].write(document)).document.items == document.items


def test_no_cell_of_a_csv_set_starts_as_a_formula() -> None:
    files = unpack(write_csv_set(Document(items=(Head(title='=HYPERLINK("x")', note="@SUM(1)"),))))
    row = files["strategie.csv"].decode("utf-8-sig").splitlines()[1]

    assert row == 'S;"\'=HYPERLINK(""x"")";;\'@SUM(1)'


def test_csv_files_are_as_german_excel_opens_them() -> None:
    files = unpack(write_csv_set(Document()))

    assert all(
        content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n") for content in files.values()
    )
    assert files["partner.csv"].decode("utf-8-sig") == "Code der Maßnahme;Organisation;Rolle\r\n"


@pytest.mark.parametrize("state", State)
def test_every_state_has_the_same_word_in_tables_and_on_pages(state: State) -> None:
    assert words.STATES[state] == (str(state.label) if state else "")
