"""V-01, V-02: two time axes; nothing that was recorded is lost, whatever is decided later."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from stadt.apps.strategy.record import store
from stadt.apps.strategy.record.changes import patched
from stadt.apps.strategy.record.content import Measure
from stadt.apps.strategy.record.models import Edition, ItemVersion
from stadt.apps.strategy.record.printed import printed_content
from stadt.apps.strategy.record.queries import history_of, revision, strategy_at
from stadt.apps.strategy.record.services import import_printed
from stadt.core.people.actor import Actor

START = date(2030, 1, 1)
DAYS = 20
CODES = ("M-9.9.1", "M-9.9.2")
EDITS = st.lists(
    st.tuples(st.sampled_from(CODES), st.integers(0, DAYS), st.text("abc", min_size=1, max_size=3)),
    max_size=12,
)


def write(code: str, day: date, title: str) -> None:
    moment = store.lock()
    store.rewrite(code, lambda item: patched(item, {"title": title}), day, store.Mark(moment, "system:test"))


class TwoAxes(TestCase):
    @settings(max_examples=20)
    @given(EDITS)
    def test_every_day_reads_as_known_at_every_moment_as_a_plain_model_says(
        self, edits: list[tuple[str, int, str]]
    ) -> None:
        plain = {code: [f"{code} alt"] * (DAYS + 1) for code in CODES}
        moment = store.lock()
        store.add((Measure(code, f"{code} alt") for code in CODES), START, store.Mark(moment, "system:test"))
        states = [(moment, {code: list(titles) for code, titles in plain.items()})]
        for code, day, title in edits:
            write(code, START + timedelta(days=day), title)
            plain[code][day:] = [title] * (DAYS + 1 - day)
            states.append((store.lock(), {code: list(titles) for code, titles in plain.items()}))
        for known, expected in states:
            for day in range(0, DAYS + 1, 5):
                content = strategy_at(START + timedelta(days=day), known)
                assert {code: content.measures[code].title for code in CODES} == {
                    code: expected[code][day] for code in CODES
                }


@pytest.mark.usefixtures("imported")
def test_edition_1_0_is_unchanged_after_fifty_edits() -> None:
    before = strategy_at(edition="1.0")
    codes = list(before.measures)

    for number in range(50):
        write(
            codes[number % min(7, len(codes))],
            date(2015 + number % 17, 1 + number % 12, 1),
            f"Fassung {number}",
        )

    assert strategy_at(edition="1.0") == before == printed_content()
    assert strategy_at() != before
    edition = Edition.objects.get(name="1.0")
    assert strategy_at(max(date(2020, 6, 25), edition.valid_on), edition.known_at) == printed_content()


@pytest.mark.usefixtures("imported")
def test_today_reads_from_memory_until_somebody_writes() -> None:
    first = strategy_at()
    assert strategy_at() is first

    number = revision()
    write("M-1.1.1", date(2021, 1, 1), "Neu")

    assert revision() > number
    assert strategy_at().measures["M-1.1.1"].title == "Neu"


@pytest.mark.usefixtures("imported")
def test_a_version_keeps_its_number_when_a_later_one_cuts_it_short() -> None:
    printed = history_of("M-1.1.1")
    write("M-1.1.1", date(2027, 1, 1), "Zweiter Titel")
    write("M-1.1.1", date(2028, 1, 1), "Dritter Titel")

    history = history_of("M-1.1.1")
    assert [version.number for version in history] == [1, 2, 3]
    assert history[0].item == printed[0].item
    assert [version.valid_to for version in history] == [date(2027, 1, 1), date(2028, 1, 1), None]


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM strategy_itemversion WHERE code = 'M-1.1.1'",
        "UPDATE strategy_itemversion SET body = '{}' WHERE code = 'M-1.1.1'",
        "UPDATE strategy_itemversion SET valid_from = '2001-01-01' WHERE code = 'M-1.1.1'",
        "UPDATE strategy_itemversion SET recorded_at = '2001-01-01' WHERE code = 'M-1.1.1'",
        "DELETE FROM strategy_edition",
        "UPDATE strategy_edition SET valid_on = '2001-01-01'",
        "UPDATE strategy_edition SET state = 'draft'",
    ],
)
def test_the_database_refuses_to_change_what_was_recorded(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"append-only|stays as it is"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.usefixtures("imported")
def test_the_database_refuses_two_versions_that_would_be_true_at_once() -> None:
    row = ItemVersion.objects.filter(code="M-1.1.1").get()
    twice = ItemVersion(
        code=row.code,
        kind=row.kind,
        body=row.body,
        valid_from=date(2025, 1, 1),
        recorded_at=store.lock(),
        recorded_by="x",
    )
    with pytest.raises(DatabaseError, match="at once"), transaction.atomic():
        twice.save()


@pytest.mark.usefixtures("imported")
def test_a_closed_version_is_not_opened_again() -> None:
    write("M-1.1.1", date(2027, 1, 1), "Neu")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ItemVersion.objects.exclude(superseded_at=None).update(superseded_at=None)


@pytest.mark.django_db
def test_a_city_without_a_strategy_has_nothing_to_import(monkeypatch: pytest.MonkeyPatch) -> None:
    from stadt.apps.strategy.record.content import Content
    from stadt.apps.strategy.record.services import foundation

    monkeypatch.setattr(foundation, "printed_content", Content)

    assert import_printed(Actor.system("test")) is False
    assert not ItemVersion.objects.exists()


@pytest.mark.django_db
def test_what_becomes_true_again_later_is_a_version_of_its_own() -> None:
    code = CODES[0]
    moment = store.lock()
    store.add([Measure(code, "alt")], START, store.Mark(moment, "system:test"))
    for day, title in enumerate(("neu", "anders", "neu"), 1):
        write(code, START + timedelta(days=day), title)

    versions = history_of(code)

    assert [(version.item.title, (version.valid_from - START).days) for version in versions] == [
        ("alt", 0), ("neu", 1), ("anders", 2), ("neu", 3)
    ]  # fmt: skip
    assert [version.number for version in versions] == [1, 2, 3, 4]
