"""Lists of reports, and what a map shows of many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from stadt.apps.issues.shown import queries
from stadt.apps.issues.shown.clusters import MOST_FEATURES, MOST_SINGLE, cell_size, cut
from stadt.apps.issues.shown.models import PublicIssue
from stadt.apps.issues.shown.queries import IssueQuery
from stadt.apps.issues.shown.tests.reports import days_ago, keep, references
from stadt.core.database.reading import close_readers, read_public
from stadt.core.errors import NotFound

CITY = (7.0, 51.4, 7.2, 51.6)
pytestmark = pytest.mark.django_db


def test_the_newest_stand_first_and_each_page_goes_on_where_the_last_one_ended() -> None:
    for number in range(1, 8):
        keep(number, received_on=days_ago(number // 2))
    first = queries.list_public(IssueQuery(), limit=3)
    assert references(first.rows) == ["0001-TEST", "0002-TEST", "0003-TEST"]
    second = queries.list_public(IssueQuery(after=first.after), limit=3)
    third = queries.list_public(IssueQuery(after=second.after), limit=3)
    assert references([*second.rows, *third.rows]) == ["0004-TEST", "0005-TEST", "0006-TEST", "0007-TEST"]
    assert third.after is None


def test_a_page_counts_what_matches_in_each_face() -> None:
    keep(1)
    keep(2, face="done")
    keep(3, face="done", category="wide")
    page = queries.list_public(IssueQuery(categories=("deep",)))
    assert (page.total, page.faces) == (2, {"received": 1, "done": 1})


def test_a_page_takes_two_statements_however_long_it_is() -> None:
    for number in range(1, 30):
        keep(number)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        queries.list_public(IssueQuery(), limit=20)
    assert len([one for one in asked if "issues_publicissue" in one["sql"]]) == 2


def test_recent_reports_are_the_open_ones_and_those_closed_lately() -> None:
    keep(1, received_on=days_ago(400))
    keep(2, received_on=days_ago(400), face="done", closed_on=days_ago(5))
    keep(3, received_on=days_ago(400), face="done", closed_on=days_ago(60))
    found = queries.list_rows(IssueQuery(is_recent_since=days_ago(30)), 10)
    assert set(references(found)) == {"0001-TEST", "0002-TEST"}


def test_what_was_merged_into_another_stands_in_no_list_and_is_found_by_its_number() -> None:
    keep(1)
    keep(2, merged_into="0001-TEST")
    assert references(queries.list_public(IssueQuery()).rows) == ["0001-TEST"]
    found = queries.find_public("0002-test")
    assert found is not None
    assert found.merged_into == "0001-TEST"


@pytest.mark.parametrize("reference", ["", "9999-TEST", "\x00", "x" * 500, "' OR 1=1", "0001-TEST "])
def test_an_unknown_number_is_not_found(reference: str) -> None:
    with pytest.raises(NotFound):
        queries.get_public(reference)


@pytest.mark.parametrize("words", ["Ringstraße", "ringstrasse wasser", "0001-test", "WASSER"])
def test_words_find_street_text_and_number(words: str) -> None:
    keep(1, street="Ringstraße", text="Hier steht Wasser.")
    keep(2)
    assert references(queries.list_rows(IssueQuery(words=words), 10)) == ["0001-TEST"]


@pytest.mark.parametrize("words", ["'", '"', "& | !", "a:*", "\\", "%", "(" * 50])
def test_signs_that_mean_something_to_a_search_do_no_harm(words: str) -> None:
    keep(1)
    assert queries.list_rows(IssueQuery(words=words), 10) == []


def test_steps_of_all_reports_come_once_each_in_their_order_however_small_the_pages() -> None:
    now = timezone.now().replace(microsecond=0)
    wanted = []
    for number in range(1, 8):
        moments = [now - timedelta(hours=9), *(now - timedelta(hours=hours) for hours in (5, 5, number % 3))]
        history = [{"on": "", "at": at.isoformat(), "face": "checking", "text": ""} for at in moments]
        keep(number, history=history, changed_at=moments[-1], received_at=moments[0])
        wanted += [(at, f"{number:04d}-TEST", place) for place, at in enumerate(moments) if place]
    keep(99, history=[], changed_at=now - timedelta(days=1))
    after, found = None, []
    while page := queries.list_steps(now - timedelta(hours=6), now, after, 4):
        found += [step.key for step in page]
        after = page[-1].key
    assert found == sorted(wanted)
    assert len(queries.list_steps(now - timedelta(hours=3), now - timedelta(minutes=90))) == 2


def test_few_reports_are_drawn_one_by_one() -> None:
    for number in range(1, 6):
        keep(number)
    found = cut(IssueQuery(), CITY)
    assert (len(found.issues), found.clusters) == (5, [])


def test_crowded_places_become_one_with_a_count_and_lonely_ones_stay() -> None:
    for number in range(1, MOST_SINGLE + 10):
        keep(number, face="done" if number % 3 else "received")
    keep(500, lon=7.19, lat=51.59)
    keep(501, lon=None, lat=None)
    found = cut(IssueQuery(), CITY)
    assert references(found.issues) == ["0500-TEST"]
    [cluster] = found.clusters
    assert (cluster.count, cluster.closed) == (MOST_SINGLE + 9, (MOST_SINGLE + 9) * 2 // 3)


def test_a_map_shows_some_hundred_features_at_most_and_loses_no_report() -> None:
    PublicIssue.objects.bulk_create(
        PublicIssue(
            case_id=number,
            reference=f"{number:06d}",
            type_key="puddle",
            category="deep",
            face="received",
            is_closed=False,
            received_on=days_ago(0),
            received_at=timezone.now(),
            changed_at=timezone.now(),
            lon=7.0 + (number % 61) / 305,
            lat=51.4 + (number % 53) / 265,
        )
        for number in range(2_000)
    )
    found = cut(IssueQuery(), CITY)
    assert len(found.issues) + len(found.clusters) <= MOST_FEATURES
    assert len(found.issues) + sum(cluster.count for cluster in found.clusters) == 2_000


@given(
    st.tuples(st.floats(-180, 179), st.floats(-90, 89), st.floats(0, 360), st.floats(0, 180)),
)
@settings(max_examples=200)
def test_a_box_is_never_cut_into_more_cells_than_a_map_has_room_for(
    edges: tuple[float, float, float, float],
) -> None:
    west, south, wide, high = edges
    box = (west, south, min(180.0, west + wide), min(90.0, south + high))
    width, _height = cell_size(box)
    assert (box[2] - box[0]) / width <= 360


@pytest.mark.django_db(transaction=True)
def test_pages_read_the_projection_as_the_reading_role_and_no_case() -> None:
    keep(1)
    try:
        assert references(queries.list_public(IssueQuery()).rows) == ["0001-TEST"]
        for statement in ("SELECT case_id FROM issues_publicissue", "SELECT text FROM cases_case"):
            with pytest.raises(Exception, match="permission denied"):
                read_public(statement)
    finally:
        close_readers()
