"""The items of a strategy: their codes, their order and their JSON."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from stadt.apps.strategy.record.content import (
    KINDS,
    Annotation,
    Content,
    Dependency,
    Funding,
    FundingItem,
    Head,
    Item,
    Measure,
    Period,
    PrintedIndicator,
    decode,
    encode,
    field_of,
    kind_of,
    natural_order,
)

CODES = ["S", "V-1", "Z-2", "P-6", "C-7", "LT-2", "HF-2.1", "M-4.3.4a", "K2.1-01", "A-12"]


def test_every_kind_has_a_code_shape_that_no_other_kind_has() -> None:
    assert [kind_of(code) for code in CODES] == list(KINDS)


@pytest.mark.parametrize(
    "code",
    ["", "M-2.1", "M-0.1.1", "M-1.2.3ab", "K2.1", "M-1.2.3\n", "M-\x001.2.3", "V-01", "V-²", "HF-2.1.1"],
)
def test_what_is_no_code_is_of_no_kind(code: str) -> None:
    assert kind_of(code) == ""


def test_codes_sort_as_people_count() -> None:
    codes = ["M-1.2.10", "M-4.3.4a", "M-1.2.2", "M-4.3.4", "K1.1-02", "LT-1", "M-10.1.1", "M-2.1.1"]

    assert sorted(codes, key=natural_order) == [
        "LT-1", "M-1.2.2", "M-1.2.10", "M-2.1.1", "M-4.3.4", "M-4.3.4a", "M-10.1.1", "K1.1-02",
    ]  # fmt: skip


def test_measures_and_indicators_carry_the_number_of_their_field() -> None:
    assert [field_of(code) for code in ("M-2.1.3", "K2.1-01", "HF-2.1", "x")] == ["HF-2.1", "HF-2.1", "", ""]


def test_an_item_survives_its_json() -> None:
    measure = Measure(
        "M-1.1.1",
        "Rathaus",
        period=Period("2021-2022", date(2021, 1, 1), date(2022, 12, 31), "year"),
        funding=Funding("offen", (FundingItem("offen", state="open", amount=Decimal("12.50")),)),
        dependencies=(Dependency("M-1.1.2", "follows", stated=False),),
    )

    assert decode(encode(measure)) == measure


def test_json_of_no_kind_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(b'{"type": "measure", "code": 5, "title": "x"}')


def test_a_content_knows_its_items_by_kind_and_is_equal_by_value() -> None:
    items: list[Item] = [
        PrintedIndicator("K1.1-01", "Quote"), Measure("M-1.1.2", "B"), Measure("M-1.1.1", "A"), Head(title="Plan"),
        Annotation("A-1", "M-1.1.1", "Druckfehler"),
    ]  # fmt: skip
    content = Content(items)

    assert list(content.measures) == ["M-1.1.1", "M-1.1.2"]
    assert content.head.title == "Plan"
    assert [note.code for note in content.annotations_of("M-1.1.1")] == ["A-1"]
    assert content == Content(reversed(items))
    assert content != Content(items[1:])


@pytest.mark.parametrize("code", ["M-1.1.1\u0662", "K1.1-0\u0662", "V-1\uff12"])
def test_digits_of_other_scripts_make_no_second_code_that_reads_like_the_first(code: str) -> None:
    assert kind_of(code) == ""
