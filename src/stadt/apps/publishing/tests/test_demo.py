"""The demo's office: its files look like an office's, and fill the city once, however often it is asked."""

import json
from dataclasses import replace

import pytest

from stadt.apps.publishing import demo, demo_files
from stadt.core.people.models import Organisation
from stadt.hub.datasets import queries
from stadt.hub.datasets.kept.states import AccessClass, State
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.datasets.tests.lake import lake, lake_folder

__all__ = ["lake", "lake_folder"]


@pytest.fixture
def few(db: None, lake: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a draft, a published and a withdrawn dataset: the whole demo takes its time."""
    Organisation.objects.get_or_create(key="stadt", defaults={"name": "Stadt"})
    samples = {sample.card["key"]: sample for sample in demo.SAMPLES}
    chosen = ("market.stalls", "polls.stations", "population.residents")
    shorter = [samples[key] for key in chosen]
    shorter[-1] = replace(shorter[-1], deliveries=shorter[-1].deliveries[:1])
    monkeypatch.setattr(demo, "SAMPLES", shorter)
    monkeypatch.setattr(demo, "_keep_link", lambda owner: None)


def states() -> dict[str, str]:
    return dict(KeptDataset.objects.values_list("key", "state"))


@pytest.mark.usefixtures("few")
def test_it_fills_once_and_what_it_leaves_is_simulated_and_hidden_where_it_should_be() -> None:
    told: list[str] = []
    demo.fill(told.append)
    expected = {
        "market.stalls": State.DRAFT,
        "polls.stations": State.WITHDRAWN,
        "population.residents": State.PUBLISHED,
    }
    assert states() == expected
    snapshot = queries.get_snapshot("population.residents")
    assert snapshot.is_simulated
    assert [column.name for column in snapshot.columns] == ["stadtteil", "jahr", "einwohner"]
    assert snapshot.simulated_count == snapshot.row_count == 6 * len(demo_files.quarters())
    assert queries.find_public("market.stalls") is queries.find_public("polls.stations") is None
    demo.fill(told.append)
    assert states() == expected
    demo.clear()
    assert states() == {"polls.stations": State.WITHDRAWN, "population.residents": State.WITHDRAWN}


@pytest.mark.django_db
def test_the_files_look_like_those_of_offices() -> None:
    assert "Gäste" in demo_files.visitors(with_prices=False).content.decode("cp1252")
    with pytest.raises(UnicodeDecodeError):
        demo_files.visitors(with_prices=False).content.decode()
    assert demo_files.residents(2024).content.startswith(b"PK")
    trees = json.loads(demo_files.trees(5).content)
    assert len(trees["features"]) == 5
    assert demo_files.loans(22).content.startswith(demo_files.loans(21).content)


@pytest.mark.django_db
def test_a_year_has_the_same_residents_in_every_file() -> None:
    years = range(2019, 2025)
    assert demo_files._residents_of("Nord", years)[1:] == demo_files._residents_of("Nord", range(2020, 2025))


def test_every_state_and_class_is_shown() -> None:
    assert {sample.ends for sample in demo.SAMPLES} == set(State)
    assert "internal" in {sample.card.get("access", AccessClass.PUBLIC) for sample in demo.SAMPLES}
    assert len({sample.card["key"] for sample in demo.SAMPLES}) == len(demo.SAMPLES)
