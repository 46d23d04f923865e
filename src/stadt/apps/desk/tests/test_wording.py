"""The clock in words, and rectangles as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.desk.redaction import Box, box_forms
from stadt.apps.desk.wording import clock_words
from stadt.civic.cases.catalogue import Unit

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("due", "left", "unit", "words"),
    [
        (None, None, "working", "ohne Frist"),
        (TODAY + timedelta(2), 2, "working", "noch 2 Arbeitstage"),
        (TODAY + timedelta(1), 1, "working", "noch 1 Arbeitstag"),
        (TODAY + timedelta(2), 2, "calendar", "noch 2 Tage"),
        (TODAY, 0, "working", "heute fällig"),
        (TODAY - timedelta(1), 0, "working", "seit 1 Tag überfällig"),
        (TODAY - timedelta(3), 0, "calendar", "seit 3 Tagen überfällig"),
    ],
)
def test_the_clock_speaks(due: date | None, left: int | None, unit: Unit, words: str) -> None:
    assert clock_words(due=due, left=left, unit=unit, today=TODAY).text == words


def test_a_clock_that_stands_still_says_why() -> None:
    words = clock_words(due=TODAY, left=0, today=TODAY, waits="wartet auf Antwort")
    assert words.text == "angehalten: wartet auf Antwort"


def test_a_closed_case_is_never_overdue() -> None:
    words = clock_words(due=TODAY - timedelta(9), left=0, today=TODAY, closed=TODAY)
    assert (words.text, str(words.look)) == ("abgeschlossen am 30.11.2026", "neutral")


@given(st.floats(0, 99.9), st.floats(0, 99.9), st.floats(0.1, 100), st.floats(0.1, 100))
def test_a_rectangle_never_leaves_the_photo(left: float, top: float, width: float, height: float) -> None:
    shares = Box(left, top, width, height).shares()
    assert shares[0] + shares[2] <= 1.0000001
    assert shares[1] + shares[3] <= 1.0000001
    assert min(shares) >= 0


def test_a_rectangle_is_whole_or_not_there() -> None:
    first, second, *_rest = box_forms({"b1-left": "10", "b1-top": "5,5", "b1-width": "20", "b1-height": "3"})
    assert first.is_valid()
    assert first.box() == Box(10, 5.5, 20, 3)
    assert second.is_valid()
    assert second.box() is None
    half = box_forms({"b1-left": "10"})[0]
    assert not half.is_valid()
