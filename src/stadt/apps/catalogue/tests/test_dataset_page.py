"""One dataset's page: first picture, preview to turn and sort, profile of columns, versions, feed, frame, and its end."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.catalogue.preview import bars_of
from stadt.apps.catalogue.programs import examples_of
from stadt.apps.catalogue.suggestions import is_averaged, suggest_chart
from stadt.apps.catalogue.tests.conftest import CONTAINERS
from stadt.core.manifest import Manifest
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.datasets.declaration import Column, Dataset, HighValue, Integer, Number, Text
from stadt.hub.datasets.distribution import spreads_of
from stadt.hub.datasets.models import AccessCount, Snapshot
from stadt.hub.datasets.queries import read_rows
from stadt.hub.datasets.services import publish_now, purge_snapshot
from stadt.hub.opendata.models import Listing
from stadt.hub.opendata.records import get_record

pytestmark = pytest.mark.django_db

Declare = Callable[..., str]
ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}


@pytest.fixture
def declare(actor: Actor) -> Declare:
    """Publishes rows under the made-up app and returns the page's address."""

    def publish(rows: list[Any], *columns: Column, **more: Any) -> str:
        dataset = Dataset("probe.made", "Gemachtes", "", lambda: rows, columns, **more)
        registry.add(
            label="probe",
            name="probe",
            title="Probe",
            uses=(),
            manifest=Manifest(datasets=(dataset, CONTAINERS)),
        )
        publish_now(actor, dataset.key)
        return "/daten/probe.made/"

    return publish


def page_of(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


# -- the first picture -------------------------------------------------------------------------------------------


def test_years_become_bars_and_what_adds_up_is_added(declare: Declare) -> None:
    rows = [(year, kind, year - 2020) for year in (2023, 2024, 2025) for kind in ("a", "b")]
    declare(
        rows, Column("jahr", Integer, "Jahr"), Column("art", Text, "Art"), Column("menge", Integer, "Menge")
    )
    chart = suggest_chart(get_record("probe.made"))
    assert chart is not None
    assert chart.rows == [("2023", 6.0), ("2024", 8.0), ("2025", 10.0)]
    assert "Summe" in chart.title


def test_shares_are_averaged_and_never_added(declare: Declare) -> None:
    rows = [("Mitte", 10.0), ("Mitte", 30.0), ("Nord", 50.0)]
    declare(rows, Column("bezirk", Text, "Bezirk"), Column("anteil", Number, "Anteil", unit="%"))
    chart = suggest_chart(get_record("probe.made"))
    assert chart is not None
    assert chart.rows == [("Nord", 50.0), ("Mitte", 20.0)]
    assert "Nord mit 50" in chart.summary


@pytest.mark.parametrize(
    ("name", "unit", "expected"),
    [("einwohner", "", False), ("arbeitslosenquote", "", True), ("fill", "%", True), ("pm10", "ug/m3", True)],
)
def test_what_does_not_add_up_is_known_by_unit_or_name(name: str, unit: str, expected: bool) -> None:
    assert is_averaged(Column(name, Number, unit=unit)) is expected


def test_kinds_without_a_measure_are_counted_and_numbers_that_name_are_no_measure(declare: Declare) -> None:
    rows = [("Papier", 45879), ("Papier", 45881), ("Glas", 45883)]
    declare(rows, Column("art", Text, "Art"), Column("plz", Integer, "Postleitzahl"))
    chart = suggest_chart(get_record("probe.made"))
    assert chart is not None
    assert chart.rows == [("Papier", 2), ("Glas", 1)]


def test_where_no_rule_fits_there_is_no_picture(declare: Declare, client: Client) -> None:
    url = declare([(f"x{n}",) for n in range(40)], Column("name", Text, "Name"))
    assert suggest_chart(get_record("probe.made")) is None
    assert "<stadt-chart" not in page_of(client, url).split('id="use"')[0]


# -- preview -----------------------------------------------------------------------------------------------------


def test_the_preview_is_turned_and_sorted_by_links(declare: Declare, client: Client) -> None:
    url = declare(
        [(f"n{n:02}", n) for n in range(45)], Column("name", Text, "Name"), Column("menge", Integer, "Menge")
    )
    first = page_of(client, f"{url}?sortieren=-menge")
    assert "Zeilen 1 bis 10 von 45" in first
    assert 'aria-sort="descending"' in first
    assert first.index("n44") < first.index("n43")
    assert "sortieren=menge" in first
    last = page_of(client, f"{url}?sortieren=-menge&seite=5")
    assert "Zeilen 41 bis 45 von 45" in last
    assert "n00" in last
    for query in ("sortieren=geheim", "sortieren=menge;DROP", "seite=0", "seite=x", "seite=99999999"):
        assert "von 45" in page_of(client, f"{url}?{query}")


# -- columns -----------------------------------------------------------------------------------------------------


def test_columns_show_how_values_are_spread(declare: Declare, client: Client) -> None:
    rows = [("Papier <i>", n) for n in range(30)] + [("Glas", None)]
    url = declare(rows, Column("art", Text, "Art"), Column("menge", Integer, "Menge"))
    snapshot = get_record("probe.made").snapshot
    assert snapshot is not None
    spread = spreads_of(snapshot)
    assert spread["menge"].bins == (3,) * 10
    assert spread["art"].frequent == (("Papier <i>", 30), ("Glas", 1))
    page = page_of(client, url)
    assert "<rect" in page
    assert "Papier &lt;i&gt;" in page
    assert 'aria-label="So viele Werte in zehn gleich langen Abschnitten: 3, 3' in page


def test_a_column_with_one_value_has_one_bar(declare: Declare) -> None:
    declare([(5,), (5,)], Column("menge", Integer, "Menge"))
    snapshot = get_record("probe.made").snapshot
    assert snapshot is not None
    assert spreads_of(snapshot)["menge"].bins == (2, *(0,) * 9)


def test_bars_that_hold_anything_are_seen() -> None:
    assert bars_of(()) == bars_of((0, 0)) == []
    assert [bar["height"] for bar in bars_of((1000, 1, 0))] == [24, 1, 0]


# -- versions ----------------------------------------------------------------------------------------------------


def test_an_old_version_is_shown_as_such_and_found_by_its_day(
    declare: Declare, client: Client, actor: Actor
) -> None:
    url = declare([("alt",)], Column("name", Text, "Name"))
    Snapshot.objects.update(published_at=timezone.now() - timedelta(days=3))
    declare([("neu",)], Column("name", Text, "Name"))
    assert "alt" in page_of(client, f"{url}?stand=1")
    assert "Sie sehen Stand 1" in page_of(client, f"{url}?stand=1")
    day = timezone.localdate() - timedelta(days=2)
    assert client.get(f"{url}?am={day:%Y-%m-%d}")["Location"] == f"{url}?stand=1"
    assert client.get(f"{url}?am={date(2020, 1, 1):%Y-%m-%d}").status_code == 404
    assert client.get(f"{url}?am=gestern").status_code == 422
    assert client.get(f"{url}?am=9999-12-31").status_code in {302, 422}
    for stand in ("9", "0", "x", "²", "9" * 30):
        assert client.get(f"{url}?stand={stand}").status_code == 404


def test_the_difference_between_two_versions_has_a_page(declare: Declare, client: Client) -> None:
    columns = Column("name", Text, "Name"), Column("menge", Integer, "Menge")
    url = declare([("a", 1), ("b", 2)], *columns)
    declare([("a", 1), ("c", 3)], *columns)
    assert f"{url}vergleich/?alt=1&amp;neu=2" in page_of(client, url)
    page = page_of(client, f"{url}vergleich/?alt=1&neu=2")
    assert "Dazugekommen" in page
    assert "Weggefallen" in page
    assert "Kein Unterschied" in page_of(client, f"{url}vergleich/?alt=1&neu=1")
    for query in ("", "?alt=1", "?alt=1&neu=9", "?alt=x&neu=2"):
        assert client.get(f"{url}vergleich/{query}").status_code == 404


# -- licence, law and use ----------------------------------------------------------------------------------------


def test_law_catalogue_of_samples_and_attribution_are_told(declare: Declare, client: Client) -> None:
    page = page_of(
        client,
        declare([("a",)], Column("name", Text), high_value=HighValue.MOBILITY, sample="verkehr/zaehlstelle"),
    )
    assert "Mobilität" in page
    assert "musterdatensatz/verkehr/zaehlstelle" in page
    assert get_record("probe.made").attribution.split(",")[0] in page


def test_use_is_told_by_day_and_format(declare: Declare, client: Client) -> None:
    url = declare([("a",)], Column("name", Text))
    today = timezone.localdate()
    for form, days, count in (("csv", 0, 3), ("api", 1, 4), ("csv", 40, 9)):
        AccessCount.objects.create(
            dataset="probe.made", format=form, day=today - timedelta(days=days), count=count
        )
    page = page_of(client, url)
    assert "7 Zugriffe in 30 Tagen: Schnittstelle 4, CSV 3." in page


def test_the_python_example_runs(declare: Declare, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    declare([(f"n{n}",) for n in range(2500)], Column("name", Text, "Name"))
    [python] = [example for example in examples_of(get_record("probe.made")) if example.title == "Python"]

    def urlopen(address: str) -> io.BytesIO:
        return io.BytesIO(client.get(address).content)

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    told: list[Any] = []
    exec(python.code, {"print": lambda *words: told.extend(words)})
    assert told == [2500, {"name": "n0"}]


def test_the_addresses_in_examples_answer(declare: Declare, client: Client) -> None:
    declare([("a",)], Column("name", Text, "Name"))
    for example in examples_of(get_record("probe.made")):
        for address in re.findall(r'"https?://[^/"]+(/api/[^"]+)"', example.code):
            assert client.get(address).status_code == 200, address


# -- frames, feeds, end ------------------------------------------------------------------------------------------


def test_only_the_page_for_frames_stands_in_frames(declare: Declare, client: Client) -> None:
    url = declare([("Papier", 2), ("Glas", 3)], Column("art", Text, "Art"), Column("menge", Integer, "Menge"))
    answer = client.get(f"{url}einbetten/")
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "<stadt-chart" in answer.content.decode()
    assert "<form" not in answer.content.decode()
    assert "frame-ancestors 'none'" in client.get(url)["Content-Security-Policy"]
    assert "einbetten/" in page_of(client, url)


def test_a_datasets_feed_tells_versions_and_those_that_are_gone(
    declare: Declare, client: Client, actor: Actor
) -> None:
    url = declare([("a",)], Column("name", Text, "Name"))
    declare([("b",)], Column("name", Text, "Name"))
    purge_snapshot(actor, "probe.made", 1)
    feed = ET.fromstring(page_of(client, f"{url}feed.atom"))
    assert len(feed.findall("a:entry", ATOM)) == 1
    [gone] = feed.findall("at:deleted-entry", ATOM)
    assert (gone.get("ref") or "").endswith("/daten/probe.made/#1")
    assert client.get("/daten/probe.secret/feed.atom").status_code == 404


def test_a_withdrawn_dataset_says_so_with_410_and_leaves_a_tombstone(
    declare: Declare, client: Client, actor: Actor
) -> None:
    url = declare([("a",)], Column("name", Text, "Name"))
    Listing.objects.update_or_create(
        dataset="probe.made", defaults={"title": "Gemachtes", "withdrawn_at": timezone.now()}
    )
    registry.apps.pop("probe")
    page = page_of(client, url, 410)
    assert "zurückgezogen" in page
    assert "Gemachtes" in page
    feed = ET.fromstring(page_of(client, "/daten/feed.atom"))
    assert [
        (item.get("ref") or "").rpartition("/daten/")[2] for item in feed.findall("at:deleted-entry", ATOM)
    ] == ["probe.made/#1"]


def test_what_never_was_public_stays_unknown(client: Client, actor: Actor) -> None:
    publish_now(actor, "probe.secret")
    for address in ("", "vergleich/?alt=1&neu=1", "feed.atom", "einbetten/"):
        assert client.get(f"/daten/probe.secret/{address}").status_code == 404


def test_use_is_a_dataset_of_whole_days_of_public_datasets(declare: Declare, actor: Actor) -> None:
    declare([("a",)], Column("name", Text, "Name"))
    today = timezone.localdate()
    for key, days in (("probe.made", 0), ("probe.made", 1), ("probe.secret", 1), ("probe.made", 800)):
        AccessCount.objects.create(dataset=key, format="csv", day=today - timedelta(days=days), count=3)
    publish_now(actor, "catalogue.accesses")
    rows = read_rows("catalogue.accesses", "SELECT dataset, format, day, accesses FROM data")
    assert rows == [("probe.made", "csv", today - timedelta(days=1), 3)]
