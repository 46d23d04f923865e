"""The catalogue's pages: find a dataset, read what it is, see its first rows, and take it away."""

from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client

from stadt.apps.catalogue.finding import SEARCH, find
from stadt.core.people.actor import Actor
from stadt.hub.datasets.access_log import count_access, flush
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.jobs import publish_safely
from stadt.hub.datasets.models import PublicationState
from stadt.hub.datasets.services import publish_now
from stadt.hub.opendata.records import get_record, interval_in_words

pytestmark = pytest.mark.django_db

Read = Callable[[str], str]


@pytest.fixture
def read(client: Client) -> Read:
    def get(url: str) -> str:
        answer = client.get(url)
        assert answer.status_code == 200, url
        return answer.content.decode()

    return get


def test_the_list_shows_public_datasets_only(read: Read, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    page = read("/daten/")
    assert "Behälter der Probe" in page
    assert "Feinstaub der Probe" in page
    assert "noch nicht veröffentlicht" in page
    assert "Geheimes der Probe" not in page


def test_words_find_titles_columns_and_keywords_whatever_umlauts_and_case() -> None:
    keys = [record.key for record in find("BEHALTER probe").records]
    assert keys == ["probe.containers"]
    assert [record.key for record in find("abfall probe").records] == ["probe.containers"]
    assert [record.key for record in find("pm10").records][:1] == ["probe.readings"]
    assert find("gibtesnicht").records == []


def test_facets_narrow_and_count(actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    publish_now(actor, "probe.readings")
    found = find("der Probe", theme="ENVI")
    assert [record.key for record in found.records] == ["probe.containers"]
    assert {value.key: value.count for value in found.themes} == {"ENVI": 1, "HEAL": 1}
    assert {value.key: value.count for value in found.formats} == {"csv": 1, "geojson": 1, "parquet": 1}
    assert [record.key for record in find("der Probe", form="geojson").records] == ["probe.containers"]
    assert find("", theme="<script>").records == []


def test_a_dataset_page_says_what_it_is_and_marks_simulated_rows(read: Read, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    page = read("/daten/probe.containers/")
    assert "1 von 2 Zeilen sind simuliert" in page
    assert "82,5" in page
    assert "Namensnennung" in page
    assert "/files/probe.containers/latest/probe.containers.csv" in page
    assert "/files/probe.containers/1/probe.containers.geojson" in page
    assert "<stadt-map" in page
    assert "Rathaus <b>" not in page
    assert "Rathaus &lt;b&gt;" in page


def test_a_dataset_with_times_shows_a_chart_of_what_has_a_unit(read: Read, actor: Actor) -> None:
    publish_now(actor, "probe.readings")
    page = read("/daten/probe.readings/")
    assert "<stadt-chart" in page
    assert "Stundenmittel" in page
    assert "µg/m³" in page


def test_before_the_first_snapshot_the_page_says_so(read: Read, actor: Actor) -> None:
    assert "Noch nicht veröffentlicht" in read("/daten/probe.containers/")


def test_a_failed_publication_is_told_without_its_details(
    read: Read, actor: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(key: str) -> Dataset:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("stadt.hub.datasets.services.get_dataset", fail)
    publish_safely(actor, "probe.containers")
    monkeypatch.undo()
    page = read("/daten/probe.containers/")
    assert "gescheitert" in page
    assert "secret detail" not in page
    publish_now(actor, "probe.containers")
    assert "gescheitert" not in read("/daten/probe.containers/")
    PublicationState.objects.update(error="Zeile 3")
    page = read("/daten/probe.containers/")
    assert "Die letzte Aktualisierung ist gescheitert" in page
    assert "82,5" in page


def test_unknown_and_secret_datasets_are_not_found(client: Client, actor: Actor) -> None:
    publish_now(actor, "probe.secret")
    for key in ("probe.secret", "probe.nothing", "x"):
        assert client.get(f"/daten/{key}/").status_code == 404


def test_usage_is_shown_by_format(read: Read, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    for _again in range(3):
        count_access("probe.containers", "csv", "Mozilla/5.0")
    flush()
    assert "<dd" in read("/daten/probe.containers/").split('id="usage"')[1]


def test_the_feed_tells_each_snapshot_once(read: Read, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    feed = ET.fromstring(read("/daten/feed.atom"))
    atom = {"a": "http://www.w3.org/2005/Atom"}
    ids = [item.text for item in feed.findall("a:entry/a:id", atom)]
    assert ids == [f"{settings.STADT.url}/daten/probe.containers/#1"]
    assert feed.find("a:updated", atom) is not None
    types = {item.get("type") for item in feed.findall("a:entry/a:link[@rel='enclosure']", atom)}
    assert "application/geo+json" in types


def test_the_site_search_finds_datasets() -> None:
    [hit] = SEARCH.find("Feinstaub Probe", 5)
    assert hit.url == "/daten/probe.readings/"
    assert list(SEARCH.find("  ", 5)) == []


def test_the_catalogue_is_a_dataset_itself_and_does_not_change_without_need(actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    first = publish_now(actor, "catalogue.datasets")
    assert first is not None
    assert first.row_count == 2
    assert publish_now(actor, "catalogue.datasets") is None
    publish_now(actor, "probe.readings")
    second = publish_now(actor, "catalogue.datasets")
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


def test_pages_are_english_on_request(client: Client, actor: Actor) -> None:
    publish_now(actor, "probe.containers")
    client.cookies["django_language"] = "en"
    page = client.get("/daten/probe.containers/").content.decode()
    assert "Versions" in page
    assert "82.5" in page


def test_a_day_without_accesses_has_none() -> None:
    from stadt.hub.datasets.queries import count_accesses

    assert count_accesses(date(2020, 1, 1), date(2020, 1, 2)) == 0


def test_a_page_asks_a_snapshot_once(read: Read, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_now(actor, "probe.readings")
    first = read("/daten/probe.readings/")
    monkeypatch.setattr("stadt.hub.lake.engine.Engine.ask", None)
    assert read("/daten/probe.readings/").count("<td") == first.count("<td") > 0
