"""Periods as other cities may print them, and texts that nobody can read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.strategy.parsing import parse_period
from stadt.apps.strategy.parsing.moments import MONTHS
from stadt.apps.strategy.record.content import Period


@pytest.mark.parametrize(
    ("text", "start", "end", "edtf"),
    [
        ("1.7.2025 – 30.6.2026", date(2025, 7, 1), date(2026, 6, 30), "2025-07-01/2026-06-30"),
        ("März 2025", date(2025, 3, 1), date(2025, 3, 31), "2025-03"),
        ("von 2025 bis Mitte 2027", date(2025, 1, 1), date(2027, 9, 30), "2025/2027-09~"),
        ("  2025  ", date(2025, 1, 1), date(2025, 12, 31), "2025"),
        ("Ende 2025", date(2025, 10, 1), date(2025, 12, 31), "2025-10~/2025-12~"),
        ("2025 Konzept, Umsetzung bis 2027", date(2025, 1, 1), date(2027, 12, 31), "{2025,..2027}"),
    ],
)
def test_spellings_of_other_cities_are_read(text: str, start: date, end: date, edtf: str) -> None:
    period = parse_period(text)

    assert (period.end, period.edtf, period.text) == (end, edtf, text)
    assert period.start == start or period.open_start


@pytest.mark.parametrize(
    "text",
    ["irgendwann", "13.2020", "31.6.2021", "2022-2020", "2020/25", "bis 2020 oder 2021", "x" * 10_000, "0"],
)
def test_what_is_not_understood_is_kept_and_flagged(text: str) -> None:
    assert parse_period(text) == Period(text, is_understood=False)


def test_no_text_is_no_period() -> None:
    assert parse_period("") == Period()


@given(
    st.text()
    | st.lists(st.sampled_from(["ab", "bis", "2020", "-", "Q3.", "ff", "/21", ", ", *MONTHS[:2]])).map(
        " ".join
    )
)
def test_any_text_is_kept_and_never_raises(text: str) -> None:
    period = parse_period(text)

    assert period.text == text
    assert period.start is None or period.end is None or period.start <= period.end
    assert period.is_understood or period == Period(text, is_understood=False)
