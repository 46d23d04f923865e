"""Every printed spelling of a period, read by hand first (notes §2.2; feature row 19)."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from stadt.apps.strategy.parsing import parse_period
from stadt.apps.strategy.record.content import Period, Phase

PRINTED = Path(__file__).resolve().parents[1] / "strategy" / "measures.csv"


def closed(text: str, start: date, end: date, precision: str, edtf: str) -> Period:
    return Period(text, start, end, precision, edtf=edtf)  # type: ignore[arg-type]


def years(text: str, first: int, last: int) -> Period:
    edtf = str(first) if first == last else f"{first}/{last}"
    return closed(text, date(first, 1, 1), date(last, 12, 31), "year", edtf)


def open_from(text: str, start: date, precision: str, edtf: str, *, since: bool = False) -> Period:
    return Period(text, start, None, precision, open_end=True, is_ongoing=since, edtf=edtf)  # type: ignore[arg-type]


def until(text: str, end: date, precision: str, edtf: str) -> Period:
    return Period(text, None, end, precision, open_start=True, edtf=edtf)  # type: ignore[arg-type]


READ_BY_HAND = (
    # closed ranges
    closed("02.2020-08.2020", date(2020, 2, 1), date(2020, 8, 31), "month", "2020-02/2020-08"),
    closed("04.2018-12.2020", date(2018, 4, 1), date(2020, 12, 31), "month", "2018-04/2020-12"),
    closed("07.2018-06.2021", date(2018, 7, 1), date(2021, 6, 30), "month", "2018-07/2021-06"),
    closed("10.2019 - 09.2020", date(2019, 10, 1), date(2020, 9, 30), "month", "2019-10/2020-09"),
    closed("10.2019-06.2022", date(2019, 10, 1), date(2022, 6, 30), "month", "2019-10/2022-06"),
    closed("10.2019-09.2022", date(2019, 10, 1), date(2022, 9, 30), "month", "2019-10/2022-09"),
    closed("11.2019-06.2021", date(2019, 11, 1), date(2021, 6, 30), "month", "2019-11/2021-06"),
    # as exact as its coarser end; a quarter at the end of an interval is its last month
    closed("2019-Q3.2022", date(2019, 1, 1), date(2022, 9, 30), "year", "2019/2022-09"),
    years("2013-2025", 2013, 2025),
    years("2018 - 2020", 2018, 2020),
    years("2019-2020", 2019, 2020),
    years("2019-2022", 2019, 2022),
    years("2019-2024", 2019, 2024),
    years("2020-2021", 2020, 2021),
    years("2020-2022", 2020, 2022),
    years("2020-2025", 2020, 2025),
    years("2021-2022", 2021, 2022),
    years("2021-2025", 2021, 2025),
    years("2021-2027", 2021, 2027),
    # single years and quarters
    years("2020", 2020, 2020),
    years("2021", 2021, 2021),
    years("2024", 2024, 2024),
    closed("Q3.2020", date(2020, 7, 1), date(2020, 9, 30), "quarter", "2020-35"),
    closed("Q4.2021", date(2021, 10, 1), date(2021, 12, 31), "quarter", "2021-36"),
    # open ends, in six spellings
    open_from("2013- ff", date(2013, 1, 1), "year", "2013/.."),
    open_from("2015 - ff", date(2015, 1, 1), "year", "2015/.."),
    open_from("2015-ff", date(2015, 1, 1), "year", "2015/.."),
    open_from("2017 - ff", date(2017, 1, 1), "year", "2017/.."),
    open_from("2019 - ff.", date(2019, 1, 1), "year", "2019/.."),
    open_from("2020 - ff", date(2020, 1, 1), "year", "2020/.."),
    open_from("2020 – ff", date(2020, 1, 1), "year", "2020/.."),
    open_from("2021 - ff", date(2021, 1, 1), "year", "2021/.."),
    # only the start is printed; 2020/21 is one of two years
    open_from("ab 2019", date(2019, 1, 1), "year", "2019/.."),
    open_from("ab 2020", date(2020, 1, 1), "year", "2020/.."),
    open_from("ab 2021", date(2021, 1, 1), "year", "2021/.."),
    open_from("ab Q2.2020", date(2020, 4, 1), "quarter", "2020-04/.."),
    open_from("ab Q3.2020", date(2020, 7, 1), "quarter", "2020-07/.."),
    open_from("Ab 2020/21", date(2020, 1, 1), "year", "2020~/.."),
    # running since; the end of a year is its last quarter, and only about so
    open_from("laufend seit 2015", date(2015, 1, 1), "year", "2015/..", since=True),
    open_from("seit Q4.2019", date(2019, 10, 1), "quarter", "2019-10/..", since=True),
    open_from("seit Ende 2019", date(2019, 10, 1), "quarter", "2019-10~/..", since=True),
    # only the end is printed; until the end of 2020 is the whole year
    until("Bis 2021", date(2021, 12, 31), "year", "../2021"),
    until("bis 2022", date(2022, 12, 31), "year", "../2022"),
    until("bis 2030", date(2030, 12, 31), "year", "../2030"),
    until("bis Ende 2020", date(2020, 12, 31), "year", "../2020"),
    until("bis Q2.2020", date(2020, 6, 30), "quarter", "../2020-06"),
    until("bis Q3. 2021", date(2021, 9, 30), "quarter", "../2021-09"),
    until("bis Q3.2020", date(2020, 9, 30), "quarter", "../2020-09"),
    until("bis Q4.2019", date(2019, 12, 31), "quarter", "../2019-12"),
    # neither
    Period("laufend", open_start=True, open_end=True, is_ongoing=True),
    Period("fortlaufend", open_start=True, open_end=True, is_ongoing=True),
    Period("offen", is_undated=True),
    # phases and events
    Period(
        "bis Q4.2019 Analyse, Pilotierungen & Roll-Out ab 2021",
        precision="year",
        open_start=True,
        open_end=True,
        phases=(
            Phase("Analyse", None, date(2019, 12, 31), "quarter", "bis Q4.2019"),
            Phase("Pilotierungen & Roll-Out", date(2021, 1, 1), None, "year", "ab 2021"),
        ),
        edtf="{..2019-12,2021..}",
    ),
    Period(
        "Test ab 2020, danach stadtweiter Rollout",
        date(2020, 1, 1),
        precision="year",
        open_end=True,
        phases=(Phase("Test", date(2020, 1, 1), None, "year", "ab 2020"), Phase("stadtweiter Rollout")),
        edtf="2020/..",
    ),
    Period(
        "Testphase und Selektion geeigneter Anbieter in 2020",
        date(2020, 1, 1),
        date(2020, 12, 31),
        "year",
        phases=(
            Phase(
                "Testphase und Selektion geeigneter Anbieter",
                date(2020, 1, 1),
                date(2020, 12, 31),
                "year",
                "in 2020",
            ),
        ),
        edtf="2020",
    ),
    Period(
        "Mit Portaleinführung (Umbau 21 Projekt)",
        is_undated=True,
        depends_on="Portaleinführung (Umbau 21 Projekt)",
    ),
)


@pytest.mark.parametrize("expected", READ_BY_HAND, ids=lambda period: period.text)
def test_a_printed_period_is_read_as_a_person_reads_it(expected: Period) -> None:
    assert parse_period(expected.text) == expected


def test_all_56_printed_spellings_are_read_by_hand() -> None:
    with PRINTED.open(encoding="utf-8") as lines:
        printed = Counter(row["period_text"] for row in csv.DictReader(lines))

    assert printed.total() == 107
    assert len(printed) == 56
    assert {period.text for period in READ_BY_HAND} == set(printed)
