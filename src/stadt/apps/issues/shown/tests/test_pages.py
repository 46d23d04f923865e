"""Pages, feeds and layers of reports."""

import json
import re
from datetime import timedelta
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.issues.shown import datasets, layers, statistics
from stadt.apps.issues.shown.tests.reports import days_ago, keep, keep_many
from stadt.core.city import current

pytestmark = pytest.mark.django_db
HERE = dict(zip(("lon", "lat"), current().centre, strict=True))
ATOM = "{http://www.w3.org/2005/Atom}"


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_the_list_tells_what_where_and_how_far_it_is(client: Client) -> None:
    keep(1, street="Ringstraße", face="planned", planned_for=days_ago(-3))
    page = text_of(client, "/melden/")
    for words in ("Tiefe Pfütze", "Ringstraße", "eingeplant", "/melden/0001-TEST/", "/melden/neu/"):
        assert words in page


def test_filters_fold_and_tell_how_many_are_set(client: Client) -> None:
    assert "<summary>Filter</summary>" in text_of(client, "/melden/")
    asked = urlencode({"kategorie": "wide", "zeit": "alle", "q": "nass"})
    page = text_of(client, f"/melden/?{asked}")
    assert "<summary>Filter: 2 gesetzt</summary>" in page
    assert 'value="nass"' in page.split('<details class="fold')[0]  # the words stand in sight


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/melden/", "Meldungen ansehen"),
        ("/melden/zahlen/", "Meldungen ansehen"),
        ("/melden/neu/", "Etwas melden"),
    ],
)
def test_the_menu_says_where_one_is(client: Client, address: str, title: str) -> None:
    menu = text_of(client, address).split("<main")[0]
    [here] = re.findall(r'aria-current="page"[^>]*>([^<]+)<', menu)
    assert here.strip() == title


def test_an_empty_city_says_so(client: Client) -> None:
    assert "Keine Meldung gefunden" in text_of(client, "/melden/")
    assert "Noch keine Meldung" in text_of(client, "/melden/zahlen/")


def test_filters_narrow_list_map_and_feed_alike(client: Client) -> None:
    keep(1, **HERE)
    keep(2, category="wide", **HERE)
    asked = "?" + urlencode({"kategorie": "wide", "zeit": "alle"})
    page = text_of(client, "/melden/" + asked)
    assert "0002-TEST" in page
    assert "0001-TEST" not in page
    found = json.loads(text_of(client, "/melden/karte.geojson" + asked))
    assert [feature["id"] for feature in found["features"]] == ["0002-TEST"]
    assert "/melden/thema/wide.atom" in page


@pytest.mark.parametrize(
    "asked",
    [
        {"kategorie": "private"},
        {"stand": "spam"},
        {"gebiet": "nirgends"},
        {"zeit": "immer"},
        {"ab": "gestern"},
        {"ab": "2026-01-01."},
        {"kategorie": "\x00"},
    ],
)
def test_a_filter_that_means_nothing_is_refused_by_name(client: Client, asked: dict[str, str]) -> None:
    assert next(iter(asked)) in text_of(client, "/melden/?" + urlencode(asked), 422)


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "nan,1,2,3", "8,51,7,52", "7,51,7.1,inf", "1,2,3,4,5"])
def test_a_box_that_is_none_is_refused_by_name(client: Client, box: str) -> None:
    assert "bbox" in text_of(client, "/melden/karte.geojson?" + urlencode({"bbox": box}), 422)


def test_the_map_is_not_sent_again_to_who_has_it(client: Client) -> None:
    keep(1, **HERE)
    first = client.get("/melden/karte.geojson")
    again = client.get("/melden/karte.geojson", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    keep(2, **HERE)
    assert client.get("/melden/karte.geojson", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_report_says_how_far_it_is_and_how_long_it_took(client: Client) -> None:
    history = [
        {"on": "2026-03-02", "face": "received", "text": ""},
        {"on": "2026-03-04", "face": "done", "text": "Alles trocken."},
    ]
    keep(
        1,
        face="done",
        working_days=2,
        in_time=True,
        history=history,
        agency="Tiefbau",
        text="Nass <b>hier</b>",
    )
    page = text_of(client, "/melden/0001-test/")
    for words in ("Alles trocken.", "2 Arbeitstage, in der Frist", "Tiefbau", "Nass &lt;b&gt;hier&lt;/b&gt;"):
        assert words in page


def test_a_refused_report_gives_the_reason(client: Client) -> None:
    keep(1, face="not_possible", reason="Privatgrund")
    page = text_of(client, "/melden/0001-TEST/")
    assert "Privatgrund" in page
    assert "nicht möglich" in page


def test_a_merged_report_leads_to_the_one_that_goes_on(client: Client) -> None:
    keep(1)
    keep(2, merged_into="0001-TEST")
    answer = client.get("/melden/0002-TEST/")
    assert (answer.status_code, answer["Location"]) == (302, "/melden/0001-TEST/")


def test_an_example_is_marked_wherever_it_is_told(client: Client) -> None:
    keep(1, is_example=True, **HERE)
    for address in ("/melden/", "/melden/0001-TEST/", "/melden/zahlen/", "/"):
        assert "simuliert" in text_of(client, address).lower(), address
    assert "simuliert" in text_of(client, "/melden/neues.atom")
    assert (
        json.loads(text_of(client, "/melden/karte.geojson"))["features"][0]["properties"]["simulated"] is True
    )
    assert [row["simulated"] for row in datasets.report_rows()] == [True]


def test_a_feed_holds_what_changed_last(client: Client) -> None:
    now = timezone.now()
    keep(1, changed_at=now - timedelta(hours=2))
    keep(2, changed_at=now, face="not_possible", reason="Privatgrund")
    answer = client.get("/melden/neues.atom")
    entries = ET.fromstring(answer.content).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id", "").rsplit("/", 2)[-2] for entry in entries] == [
        "0002-TEST",
        "0001-TEST",
    ]
    assert "Privatgrund" in (entries[0].findtext(f"{ATOM}summary") or "")
    assert client.get("/melden/neues.atom", headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "address", ["/melden/thema/private.atom", "/melden/in/nirgends/", "/melden/in/nirgends.atom"]
)
def test_there_is_no_page_for_what_is_not_public(client: Client, address: str) -> None:
    text_of(client, address, 404)


def test_the_layer_holds_the_newest_and_never_more_than_a_list_can_take() -> None:
    keep_many(layers.MOST_ON_MAP + 5)
    assert len(layers.features()) == layers.MOST_ON_MAP


def test_the_search_finds_a_number_and_the_one_that_goes_on(client: Client) -> None:
    keep(1, street="Ringstraße")
    keep(2, merged_into="0001-TEST")
    for words in ("0001-test", "0002-TEST", "ringstraße", "Tiefe Pfütze", "wasser"):
        assert [hit.url for hit in layers.search(words, 5)] == ["/melden/0001-TEST/"], words


def test_few_closed_reports_give_neither_a_median_nor_a_share() -> None:
    for number in range(1, statistics.FEWEST):
        keep(number, face="done", working_days=number, in_time=True)
    found = statistics.figures(None, timezone.localdate())
    assert (found.median_days, found.share_in_time, found.timed) == (None, None, statistics.FEWEST - 1)


def test_enough_closed_reports_give_both() -> None:
    for number in range(1, statistics.FEWEST + 1):
        keep(number, face="done", working_days=number, in_time=number > 1)
    keep(50, received_on=days_ago(40))
    keep(51, face="done", closed_on=days_ago(400), working_days=99, in_time=False)
    found = statistics.figures(None, timezone.localdate())
    assert (found.median_days, found.share_in_time) == (5.5, 0.9)
    assert (found.open, found.done, found.done_year) == (1, 10, 10)


def test_a_month_without_reports_is_there_too() -> None:
    keep(1)
    months = statistics.by_month(None, timezone.localdate())
    assert (len(months), months[0].received, months[-1].received) == (statistics.MONTHS_SHOWN, 0, 1)


def test_open_data_hold_no_words_of_people() -> None:
    keep(
        1,
        text="Wort",
        reason="Grund",
        street="Ringstraße",
        history=[{"on": "2026-01-01", "face": "done", "text": "Wort"}],
    )
    [row] = datasets.report_rows()
    assert {column.name for column in datasets.REPORTS.columns} == row.keys()
    assert not {"Wort", "Grund", "Ringstraße"} & {str(value) for value in row.values()}


def test_months_are_counted_for_the_city_once_they_are_over() -> None:
    keep(1, received_on=days_ago(40), face="done", closed_on=days_ago(38), working_days=2, in_time=True)
    keep(2)
    rows = [row for row in datasets.monthly_rows() if row["level"] == "city"]
    assert sum(row["received"] for row in rows) == 1
    assert {column.name for column in datasets.MONTHLY_FIGURES.columns} == rows[0].keys()
