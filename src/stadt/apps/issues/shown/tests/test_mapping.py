"""What of a case is told to everybody."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.issues.shown.mapping import CaseFacts, Photo, Step, public_row, street_of
from stadt.apps.issues.shown.models import PublicIssue
from stadt.apps.issues.shown.tests.reports import NOON, TYPE, ZONE, facts
from stadt.civic.cases.catalogue import PublicFace


def row_of(case: CaseFacts) -> dict[str, Any]:
    row = public_row(case, TYPE, ZONE)
    assert row is not None
    return row


def test_a_report_is_told_with_all_columns_of_the_projection() -> None:
    columns = {field.name for field in PublicIssue._meta.concrete_fields}
    assert row_of(facts()).keys() == columns - {"case_id", "words"}


@pytest.mark.parametrize(
    "case",
    [
        facts(category="private"),
        facts(category="gone"),
        facts(state="spam", face="not_possible"),
        facts(state="gone"),
        facts(is_anonymised=True),
    ],
    ids=["category kept from the public", "unknown category", "spam", "unknown state", "anonymised"],
)
def test_nobody_learns_of_a_case_that_is_not_public(case: CaseFacts) -> None:
    assert public_row(case, TYPE, ZONE) is None


def test_a_place_is_rounded_to_about_ten_metres() -> None:
    row = row_of(facts(lon=7.123456789, lat=51.987654321))
    assert (row["lon"], row["lat"]) == (7.1235, 51.9877)


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
def test_no_place_is_told_more_exactly_than_that(lon: float, lat: float) -> None:
    row = row_of(facts(lon=lon, lat=lat))
    assert (row["lon"], row["lat"]) == (round(row["lon"], 4), round(row["lat"], 4))


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("Ringstraße 12", "Ringstraße"),
        ("Ringstraße 12a, 12345 Ort", "Ringstraße"),
        ("Am Alten Markt 3-5", "Am Alten Markt"),
        ("Am Markt 7 a – 9 b", "Am Markt"),
        ("Straße des 17. Juni", "Straße des 17. Juni"),
        ("Straße des 17. Juni 5", "Straße des 17. Juni"),
        ("Platz", "Platz"),
        ("", ""),
    ],
)
def test_a_street_has_no_house_number(address: str, street: str) -> None:
    assert street_of(address) == street


def test_words_of_the_reporter_are_told_only_when_released_and_never_where_the_type_says_so() -> None:
    assert row_of(facts(published_text=" Wasser steht. "))["text"] == "Wasser steht."
    silent = msgspec.structs.replace(TYPE, public=PublicFace())
    row = public_row(facts(published_text="Wasser steht."), silent, ZONE)
    assert row is not None
    assert row["text"] == ""


def test_only_released_photos_of_before_and_after_are_told() -> None:
    photos = [
        Photo("one", "before", 4, 3, is_published=True),
        Photo("two", "before", 4, 3, is_published=False),
        Photo("three", "after", 4, 3, is_published=True),
        Photo("four", "answer", 4, 3, is_published=True),
    ]
    assert [photo["key"] for photo in row_of(facts(photos=photos))["photos"]] == ["one", "three"]
    silent = msgspec.structs.replace(TYPE, public=PublicFace())
    row = public_row(facts(photos=photos), silent, ZONE)
    assert row is not None
    assert row["photos"] == []


def test_a_reason_is_told_only_of_what_is_not_possible() -> None:
    assert (
        row_of(facts(reason="Privatgrund", face="not_possible", state="refused"))["reason"] == "Privatgrund"
    )
    assert row_of(facts(reason="Privatgrund"))["reason"] == ""


def test_a_planned_day_is_told_only_while_it_is_planned() -> None:
    day = date(2026, 3, 9)
    assert row_of(facts(planned_for=day, face="planned", state="planned"))["planned_for"] == day
    assert row_of(facts(planned_for=day))["planned_for"] is None


def test_the_deadline_is_kept_until_its_last_moment() -> None:
    due = NOON + timedelta(days=3)
    closed = {"face": "done", "state": "dry", "due_at": due}
    assert row_of(facts(**closed, closed_at=due))["in_time"] is True
    assert row_of(facts(**closed, closed_at=due + timedelta(seconds=1)))["in_time"] is False
    assert row_of(facts(due_at=due))["in_time"] is None
    assert row_of(facts(face="done", state="dry", closed_at=due))["in_time"] is None


def test_days_are_the_citys_days() -> None:
    late = NOON.replace(hour=23, minute=30)  # the next day in UTC is not the next day here
    row = row_of(facts(received_at=late, steps=[Step(late, "received", "")]))
    assert row["received_on"] == date(2026, 3, 2)
    [step] = row["history"]
    assert (step["on"], step["at"]) == ("2026-03-02", "2026-03-02T23:30:00+01:00")


def test_when_somebody_told_it_is_known_to_the_minute_and_what_the_office_did_to_the_second() -> None:
    told, done = NOON.replace(second=41, microsecond=7), NOON.replace(hour=15, second=42, microsecond=7)
    first = row_of(facts(received_at=told, changed_at=told, steps=[Step(told, "received", "")]))
    assert (first["received_at"], first["changed_at"]) == (NOON, NOON)
    assert first["history"][0]["at"] == NOON.isoformat()
    released = row_of(facts(received_at=told, changed_at=done, steps=[Step(done, "received", "")]))
    assert released["changed_at"] == done  # kept back at first: whoever asks what is new finds it
    steps = [Step(told, "received", ""), Step(done, "done", "")]
    closed = facts(received_at=told, changed_at=done, closed_at=done, face="done", state="dry", steps=steps)
    row = row_of(closed)
    assert (row["received_at"], row["closed_at"]) == (NOON, done.replace(microsecond=0))
    assert row["history"][1]["at"] == done.replace(microsecond=0).isoformat()
