"""The catalogue's pages: find a dataset, read what it is, see its first rows, and take it away."""

from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client

from stadt.core.people.actor import Actor
from stadt.hub.datasets import access_log
from stadt.hub.datasets.access_log import count_access, flush
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.jobs import publish_safely
from stadt.hub.datasets.models import PublicationState
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.opendata.records import get_record, interval_in_words

pytestmark = pytest.mark.django_db

Read = Callable[[str], str]
Publish = Callable[[str], SnapshotInfo | None]


@pytest.fixture
def read(client: Client) -> Read:
    def get(url: str) -> str:
        answer = client.get(url)
        assert answer.status_code == 200, url
        return answer.content.decode()

    return get


def test_a_dataset_page_says_what_it_is_and_marks_simulated_rows(read: Read, publish: Publish) -> None:
    publish("probe.containers")
    page = read("/daten/probe.containers/")
    assert "1 von 2 Zeilen sind simuliert" in page
    assert "82,5" in page
    assert "Namensnennung" in page
    assert "/files/probe.containers/latest/probe.containers.csv" in page
    assert "/files/probe.containers/1/probe.containers.geojson" in page
    assert "<stadt-map" in page
    assert "Rathaus <b>" not in page
    assert "Rathaus &lt;b&gt;" in page


def test_a_dataset_with_times_shows_a_chart_of_what_has_a_unit(read: Read, publish: Publish) -> None:
    publish("probe.readings")
    page = read("/daten/probe.readings/")
    assert "<stadt-chart" in page
    assert "Stundenmittel" in page
    assert "µg/m³" in page


def test_before_the_first_snapshot_the_page_says_so(read: Read, publish: Publish) -> None:
    assert "Noch nicht veröffentlicht" in read("/daten/probe.containers/")


def test_a_failed_publication_is_told_without_its_details(
    read: Read,
    actor: Actor,
    publish: Publish,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(key: str) -> Dataset:
        raise RuntimeError("secret detail")

    with monkeypatch.context() as patched:
        patched.setattr("stadt.hub.datasets.services.get_declared", fail)
        publish_safely(actor, "probe.containers")
    page = read("/daten/probe.containers/")
    assert "gescheitert" in page
    assert "secret detail" not in page
    publish("probe.containers")
    assert "gescheitert" not in read("/daten/probe.containers/")
    PublicationState.objects.update(error="Zeile 3")
    page = read("/daten/probe.containers/")
    assert "Die letzte Aktualisierung ist gescheitert" in page
    assert "82,5" in page


def test_unknown_and_secret_datasets_are_not_found(client: Client, publish: Publish) -> None:
    publish("probe.secret")
    for key in ("probe.secret", "probe.nothing", "x"):
        assert client.get(f"/daten/{key}/").status_code == 404


def test_usage_is_shown_by_format(read: Read, publish: Publish) -> None:
    access_log._counts.clear()
    publish("probe.containers")
    for _again in range(3):
        count_access("probe.containers", "csv", "Mozilla/5.0")
    flush()
    assert "3 Zugriffe in 30 Tagen: CSV 3." in read("/daten/probe.containers/")


def test_the_feed_tells_each_snapshot_once(read: Read, publish: Publish) -> None:
    publish("probe.containers")
    feed = ET.fromstring(read("/daten/feed.atom"))
    atom = {"a": "http://www.w3.org/2005/Atom"}
    ids = [item.text for item in feed.findall("a:entry/a:id", atom)]
    assert ids == [f"{settings.STADT.url}/daten/probe.containers/#1"]
    assert feed.find("a:updated", atom) is not None
    types = {item.get("type") for item in feed.findall("a:entry/a:link[@rel='enclosure']", atom)}
    assert "application/geo+json" in types


def test_the_catalogue_is_a_dataset_itself_and_does_not_change_without_need(publish: Publish) -> None:
    publish("probe.containers")
    first = publish("catalogue.datasets")
    assert first is not None
    assert first.row_count == 2
    assert publish("catalogue.datasets") is None
    publish("probe.readings")
    second = publish("catalogue.datasets")
    assert second is not None
    assert second.row_count == 3


def test_attribution_names_publisher_title_licence_and_address() -> None:
    record = get_record("probe.containers")
    for part in (record.publisher, record.title, record.licence.url, record.url):
        assert part in record.attribution


def test_intervals_are_told_in_words() -> None:
    from datetime import timedelta

    words = [interval_in_words(timedelta(minutes=minutes)) for minutes in (1, 15, 60, 120, 1440, 2880)]
    assert words == ["minütlich", "alle 15 Minuten", "stündlich", "alle 2 Stunden", "täglich", "alle 2 Tage"]


def test_pages_are_english_on_request(client: Client, publish: Publish) -> None:
    publish("probe.containers")
    client.cookies["django_language"] = "en"
    page = client.get("/daten/probe.containers/").content.decode()
    assert "Versions" in page
    assert "82.5" in page


def test_a_day_without_accesses_has_none() -> None:
    from stadt.hub.datasets.queries import count_accesses

    assert count_accesses(date(2020, 1, 1), date(2020, 1, 2)) == 0


def test_a_page_asks_a_snapshot_once(read: Read, publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("probe.readings")
    first = read("/daten/probe.readings/")
    monkeypatch.setattr("stadt.hub.lake.engine.Engine.ask", None)
    assert read("/daten/probe.readings/").count("<td") == first.count("<td") > 0
