"""A file as offices write it, through the real intake, from delivery to published rows."""

from datetime import date
from pathlib import Path

import pytest

from stadt.hub.datasets import queries
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.tests.office import CARD, Office, kept_now
from stadt.hub.datasets.models import Delivery

pytestmark = pytest.mark.django_db

KEY = "probe.counts"
FILE = (
    "Zählung der Fahrräder;;\r\n"
    "Datum;Zählstelle;Fahrräder\r\n"
    "01.03.2026;Hauptstraße;1.234\r\n"
    "02.03.2026;Hauptstraße;987\r\n"
    "03.03.2026;Südpark;1.005\r\n"
).encode("cp1252")


@pytest.fixture
def people(db: None) -> Office:
    """The office, with the intake as it is."""
    return Office()


def test_a_file_of_an_office_becomes_typed_rows(people: Office) -> None:
    services.start_dataset(people.keeper, people.organisation.pk, {**CARD, "key": KEY})
    delivery = services.receive_delivery(people.keeper, KEY, "zählung.csv", [FILE])
    delivery = services.read_delivery(people.keeper, delivery.pk)
    assert (delivery.state, delivery.problems) == ("read", [])
    delivery = services.prepare_delivery(people.keeper, delivery.pk)
    assert (delivery.state, delivery.row_count) == ("prepared", 3), delivery.problems
    assert kept_now(KEY).reading
    people.review(KEY)
    names = [column.name for column in queries.get_snapshot(KEY).columns]
    assert len(names) == 3
    listed = ", ".join(f'"{name}"' for name in names)
    rows = queries.read_rows(KEY, f"SELECT {listed} FROM data ORDER BY 1")
    assert rows[0] == (date(2026, 3, 1), "Hauptstraße", 1234)


def test_the_next_file_is_read_by_the_answer_recorded_for_the_first(people: Office) -> None:
    services.start_dataset(people.keeper, people.organisation.pk, {**CARD, "key": KEY})
    first = services.receive_delivery(people.keeper, KEY, "zählung.csv", [FILE])
    services.read_delivery(people.keeper, first.pk)
    services.prepare_delivery(people.keeper, first.pk)
    people.review(KEY)
    more = services.receive_delivery(
        people.keeper, KEY, "neu.csv", [FILE, "04.03.2026;Südpark;7\r\n".encode("cp1252")]
    )
    services.read_delivery(people.keeper, more.pk)
    services.prepare_delivery(people.keeper, more.pk)
    found = Delivery.objects.get(pk=more.pk)
    assert (found.state, found.row_count, found.drift) == ("prepared", 4, {}), found.problems
    people.review(KEY)
    assert queries.get_snapshot(KEY).number == 2


def test_a_hostile_file_is_refused_with_a_sentence(people: Office) -> None:
    services.start_dataset(people.keeper, people.organisation.pk, {**CARD, "key": KEY})
    delivery = services.receive_delivery(people.keeper, KEY, "x.csv", [b"\x00\x01\x02" * 100])
    delivery = services.read_delivery(people.keeper, delivery.pk)
    assert delivery.state == "refused"
    assert delivery.problems


def test_a_correction_that_moves_cells_shows_when_the_file_is_read_again(people: Office) -> None:
    services.start_dataset(people.keeper, people.organisation.pk, {**CARD, "key": KEY})
    content = b"a|b\r\n1|x;y\r\n2|z;w\r\n"
    delivery = services.receive_delivery(people.keeper, KEY, "x.csv", [content])
    services.read_delivery(people.keeper, delivery.pk)
    for delimiter, names in ((";", 2), ("|", 2)):
        services.correct_reading(people.keeper, delivery.pk, {"delimiter": delimiter})
        found = services.read_delivery(people.keeper, delivery.pk)
        assert found.reading is not None
        assert (found.reading["delimiter"], len(found.reading["columns"])) == (delimiter, names)


def test_an_incomplete_installation_fails_the_delivery_and_does_not_blame_the_file(
    people: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pyogrio.py").write_text("raise ModuleNotFoundError(\"No module named 'pyogrio'\")")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    services.start_dataset(people.keeper, people.organisation.pk, {**CARD, "key": KEY})
    delivery = services.receive_delivery(people.keeper, KEY, "zählung.csv", [FILE])
    delivery = services.read_delivery(people.keeper, delivery.pk)
    assert delivery.state == "failed"
    assert "An der Datei liegt es nicht" in delivery.problems[0]
