"""The index: it follows every fact, tells when it lags behind, and holds nothing that is not for everybody."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from stadt.core.city import current
from stadt.core.events import publish
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.events import SnapshotPublished
from stadt.hub.datasets.kept import services as kept_services
from stadt.hub.datasets.kept.tests.office import CARD, Office
from stadt.hub.datasets.models import KeptDataset, Snapshot
from stadt.hub.opendata.city import problems as city_problems
from stadt.hub.opendata.index import finding, lag, synonyms
from stadt.hub.opendata.index.finding import Choice, Order, find_entries, search_entries
from stadt.hub.opendata.index.refresh import mend, refresh_all, refresh_entry
from stadt.hub.opendata.index.suggesting import distance, suggest
from stadt.hub.opendata.models import CatalogueCombination, CatalogueEntry, CatalogueWord, Listing
from stadt.hub.opendata.services import remember_listing
from stadt.hub.opendata.tests.conftest import CONTAINERS, READINGS, SECRET, declare, note_snapshot, redeclare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

LINK = {**CARD, "kind": "link", "link_url": "https://land.example/baeume.csv", "link_format": "CSV"}


def keys() -> set[str]:
    return {key for key in CatalogueEntry.objects.values_list("key", flat=True) if key.startswith("probe.")}


def found(words: str, order: Order = Order.RELEVANCE) -> list[str]:
    entries = find_entries(Choice(words), order, 0, 100).entries
    return [entry.key.removeprefix("probe.") for entry in entries if entry.key.startswith("probe.")]


def series(*titles: str, **changes: Any) -> list[Dataset]:
    """Datasets of these titles, with a snapshot each."""
    made = [
        replace(CONTAINERS, key=f"probe.d{place}", title=title, **changes)
        for place, title in enumerate(titles)
    ]
    for dataset in made:
        note_snapshot(dataset)
    redeclare(*made)
    return made


class TestFollowing:
    """What makes entries, and what takes them away."""

    def test_a_new_snapshot_makes_the_entry_anew_after_commit(
        self, django_capture_on_commit_callbacks: object
    ) -> None:
        Snapshot.objects.filter(dataset=READINGS.key).update(purged_at=timezone.now())
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            publish(SnapshotPublished(READINGS.key, 1))
        assert not CatalogueEntry.objects.get(key=READINGS.key).is_published

    def test_hidden_datasets_have_no_entry(self) -> None:
        refresh_entry(SECRET.key)
        assert keys() == {CONTAINERS.key, READINGS.key}

    def test_one_that_became_hidden_is_found_by_nobody_even_before_the_index_knows(self) -> None:
        redeclare(CONTAINERS, replace(READINGS, title="Quarzsand"))
        assert (found("quarzsand"), suggest("quarzsadn")) == (["readings"], ["Quarzsand"])
        declare(CONTAINERS, replace(READINGS, title="Quarzsand", access=SECRET.access))
        assert READINGS.key in keys()
        assert (found("quarzsand"), suggest("quarzsadn")) == ([], [])
        mend()
        assert keys() == {CONTAINERS.key}

    def test_doctor_tells_of_entries_that_lag_behind(self) -> None:
        assert lag.check() is None
        Snapshot.objects.update(published_at=timezone.now() - 2 * lag.GRACE)
        declare(CONTAINERS, replace(READINGS, title="Anders genannt"))
        told = lag.check()
        assert told is not None
        assert READINGS.key in told
        assert mend() == 1
        assert lag.check() is None

    def test_a_new_snapshot_that_nobody_told_of_lags_behind(self) -> None:
        Snapshot.objects.filter(dataset=CONTAINERS.key).update(purged_at=timezone.now())
        assert lag.find_lagging() == [CONTAINERS.key]

    def test_doctor_gives_the_job_its_ten_minutes(self) -> None:
        snapshots = Snapshot.objects.filter(dataset=CONTAINERS.key)
        snapshots.update(purged_at=timezone.now())
        assert lag.check() is None
        before = timezone.now() - 2 * lag.GRACE
        snapshots.update(purged_at=before, published_at=before)
        told = lag.check()
        assert told is not None
        assert CONTAINERS.key in told

    def test_all_is_made_anew_and_what_nobody_needs_is_forgotten(self) -> None:
        CatalogueWord.objects.create(
            word="vergessenes", shown="Vergessenes", stem="vergess", backwards="ssegrev"
        )
        declare(CONTAINERS)
        count = refresh_all()
        assert count == CatalogueEntry.objects.count()
        assert keys() == {CONTAINERS.key}
        assert not CatalogueWord.objects.filter(word="vergessenes").exists()
        assert CatalogueWord.objects.filter(word="behalter").exists()
        used = CatalogueEntry.objects.values_list("combination", flat=True)
        assert CatalogueCombination.objects.count() == len(set(used))


class TestKept:
    """Datasets that people keep, here linked ones, which have no rows."""

    @pytest.fixture
    def office(self, monkeypatch: pytest.MonkeyPatch) -> Office:
        monkeypatch.setattr("stadt.hub.datasets.kept.services.reviews.find_problem", lambda _address: "")
        office = Office()
        office.start(**LINK)
        return office

    def test_a_draft_is_nowhere_and_a_published_link_is_found(self, office: Office) -> None:
        refresh_all()
        assert "probe.trees" not in keys()
        office.review()
        assert lag.find_lagging() == ["probe.trees"]
        refresh_entry("probe.trees")
        [entry] = find_entries(Choice("Bäume")).entries
        assert (entry.key, entry.is_published, entry.number, entry.formats) == (
            "probe.trees",
            True,
            None,
            ["CSV"],
        )
        assert lag.check() is None

    def test_internal_and_withdrawn_ones_have_no_entry(self, office: Office) -> None:
        office.review()
        refresh_entry("probe.trees")
        remember_listing("probe.trees")
        kept_services.withdraw(office.approver, "probe.trees", "falsch")
        refresh_entry("probe.trees")
        remember_listing("probe.trees")
        assert "probe.trees" not in keys()
        assert Listing.objects.get(dataset="probe.trees").withdrawn_at is not None
        KeptDataset.objects.filter(key="probe.trees").update(live_access="internal")
        refresh_all()
        assert "probe.trees" not in keys()


class TestWords:
    """German as people write it."""

    @pytest.mark.parametrize(
        ("words", "titles", "finds"),
        [
            ("Müll", ["Muell der Stadt", "Müllabfuhr", "Mulde"], ["d0", "d1"]),
            ("strasse", ["Straßen", "Strand"], ["d0"]),
            ("Kita", ["Kindergärten", "Kinos"], ["d0"]),
            ("ÖPNV", ["Busse im öffentlichen Verkehr", "Verkehr"], ["d0"]),
            ("Behälter", ["Glasbehälter", "Behandlung"], ["d0"]),
            ("Rad", ["Radverkehr", "Gerade"], ["d0"]),
            ("die Bäume der Stadt", ["Baum einer Stadt", "Stadt"], ["d0"]),
            ("Stadt -", ["Stadt"], ["d0"]),
        ],
    )
    def test_words_find(self, words: str, titles: list[str], finds: list[str]) -> None:
        series(*titles, description="", keywords=(), columns=CONTAINERS.columns[1:2], publisher="Amt")
        assert found(words) == finds

    def test_the_title_ranks_before_keywords_description_and_columns(self) -> None:
        made = series("Eins", "Zwei", "Drei", "Vier", description="", keywords=())
        redeclare(
            replace(made[0], columns=(replace(CONTAINERS.columns[0], title="Zebra"),)),
            replace(made[1], description="Ein Zebra."),
            replace(made[2], keywords=("Zebra",)),
            replace(made[3], title="Zebra"),
        )
        assert found("zebra") == ["d3", "d2", "d1", "d0"]

    @pytest.mark.parametrize("walked", [2, 1000])
    def test_what_most_share_is_found_along_the_titles_in_the_same_order(
        self, walked: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        series(*(f"Baum {letter}" for letter in "cabd"), "Rinde", description="", keywords=())
        series_of = [found("Baum"), found("Baum", Order.TITLE), [e.key for e in search_entries("Baum", 2)]]
        monkeypatch.setattr(finding, "MANY", 2)
        monkeypatch.setattr(finding, "ENOUGH", 2)
        monkeypatch.setattr(finding, "WALKED", walked)
        pages = [[e.key for e in find_entries(Choice("Baum"), start=at, limit=2).entries] for at in (0, 2)]
        assert [key.removeprefix("probe.") for page in pages for key in page] == ["d1", "d2", "d0", "d3"]
        assert [
            found("Baum"),
            found("Baum", Order.TITLE),
            [e.key for e in search_entries("Baum", 2)],
        ] == series_of

    def test_pages_of_a_ranked_list_hold_each_entry_once(self) -> None:
        series("Zebra eins", "Zebra zwei", "Zebrastreifen", "Andere", description="Zebra")
        pages = [find_entries(Choice("zebra"), Order.RELEVANCE, start, 1).entries for start in range(5)]
        assert [[entry.key[6:] for entry in page] for page in pages] == [["d0"], ["d1"], ["d2"], ["d3"], []]

    def test_a_typing_error_is_told(self) -> None:
        series("Luftqualität", "Baustellen")
        assert suggest("Luftqaulität") == ["Luftqualität"]
        assert suggest("Buastellen") == ["Baustellen"]
        assert suggest("Luftqualität") == []
        assert suggest("xyzzyx") == []

    @pytest.mark.parametrize(
        ("left", "right", "errors"),
        [
            ("rad", "rad", 0),
            ("rad", "rda", 1),
            ("rad", "rat", 1),
            ("rad", "raad", 1),
            ("rad", "ra", 1),
            ("rad", "xyz", 3),
        ],
    )
    def test_errors_are_counted(self, left: str, right: str, errors: int) -> None:
        assert distance(left, right, 3) == errors
        assert distance(left, right, 0) == min(errors, 1)

    def test_since_is_counted_to_the_day(self) -> None:
        series("Alt", "Neu")
        Snapshot.objects.filter(dataset="probe.d0").update(published_at=timezone.now() - timedelta(days=20))
        refresh_entry("probe.d0")
        facets = find_entries(Choice("Alt Probe")).facets["since"]
        assert [value.count for value in facets] == [0, 1, 1]


class TestCityFolder:
    """What a start refuses."""

    @pytest.mark.parametrize(
        ("contributor", "is_fine"),
        [
            ("http://dcat-ap.de/def/contributors/openNRW", True),
            ("", True),
            ("openNRW", False),
            ("https://dcat-ap.de/def/contributors/openNRW", False),
            ("http://dcat-ap.de/def/contributors/openNRW ", False),
            ("http://dcat-ap.de/def/contributors/", False),
            (12, False),
        ],
    )
    def test_a_contributor_must_stand_in_the_list_of_govdata(
        self, contributor: object, is_fine: bool
    ) -> None:
        city = replace(current(), more={**current().more, "opendata": {"contributor": contributor}})
        told = [text for text in city_problems(city) if "contributor" in text]
        assert bool(told) is not is_fine

    @pytest.mark.parametrize(
        ("document", "is_fine"),
        [
            ({}, True),
            ({"groups": [["Halde", "Bergehalde"]]}, True),
            ({"groups": "x"}, False),
            ({"groups": [["allein"]]}, False),
            ({"groups": [["eins", 2]]}, False),
            ({"groups": [["eins", "!"]]}, False),
            ({"words": []}, False),
        ],
    )
    def test_synonyms_of_another_form_are_refused(
        self, document: dict[str, object], is_fine: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("stadt.core.city.City.read_toml", lambda _city, _name: document)
        assert bool(list(synonyms.problems())) is not is_fine
