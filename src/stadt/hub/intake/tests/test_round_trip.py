"""Whatever table is written in whatever dialect: reading it gives the same values."""

import csv
import io
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.hub.intake.tests.files import Office

WORDS = (
    st.text("abcdefgäöüßABC éñ-/&.'", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text.strip("-/.'& ") != "")
)
NUMBERS = st.integers(-(10**9), 10**9).map(lambda number: number / 100)
DATES = st.dates(date(1970, 1, 1), date(2068, 12, 31))
ROWS = st.lists(
    st.tuples(WORDS, NUMBERS, DATES, st.integers(-(10**6), 10**6), st.booleans()), min_size=3, max_size=12
)


def german(number: float, thousands: str) -> str:
    return f"{number:,.2f}".replace(",", "T").replace(".", ",").replace("T", thousands)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    delimiter=st.sampled_from([";", "\t", "|"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    is_quoted=st.booleans(),
    thousands=st.sampled_from(["", ".", " "]),
    day=st.sampled_from(["%d.%m.%Y", "%Y-%m-%d"]),
    titles=st.integers(0, 3),
)  # fmt: skip
def test_a_table_comes_back_as_it_was_written(
    office: Office, rows: list[tuple[Any, ...]], encoding: str, delimiter: str, newline: str, is_quoted: bool, thousands: str,
    day: str, titles: int,
) -> None:  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=delimiter,
        lineterminator=newline,
        quoting=csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL,
    )
    for number in range(titles):
        writer.writerow([f"Zeile {number} über der Tabelle", "", "", "", ""])
    writer.writerow(["Straße", "Betrag", "Tag", "Nr.", "offen"])
    for word, number, tag, count, is_open in rows:
        writer.writerow(
            [word, german(number, thousands), tag.strftime(day), count, "ja" if is_open else "nein"]
        )
    table = office.table(text.getvalue().encode(encoding))
    table_rows = [(row[0], row[1], row[2], row[3]) for row in table.rows]
    assert table_rows == [(word, number, tag, count) for word, number, tag, count, _ in rows]
