"""The rules of the verification manual: each asks where it should and is silent where not."""

from dataclasses import replace

import pytest

from stadt.core.errors import Invalid
from stadt.hub.indicators.declaration import Figure
from stadt.hub.indicators.definitions import of_declared
from stadt.hub.indicators.kept import services
from stadt.hub.indicators.kept.drafts import ValueDraft
from stadt.hub.indicators.kept.plausibility import (
    GROUP_RULES,
    RULES,
    Asked,
    Group,
    Part,
    ask,
    ask_group,
    sentence_of,
)
from stadt.hub.indicators.kept.tests.office import Office
from stadt.hub.indicators.states import QualityClass, ValueState
from stadt.hub.indicators.tests.conftest import FULL_SHARE

DEFINITION = of_declared(FULL_SHARE)
MEASURED = QualityClass.MEASURED


def asked(
    figure: Figure,
    last: Figure | None = None,
    quality: QualityClass = MEASURED,
    note: str = "",
    **change: object,
) -> list[str]:
    definition = replace(DEFINITION, **change)  # type: ignore[arg-type]
    found = ask(Asked(definition, figure, quality, note, last))
    assert all(sentence_of(one) for one in found)
    return [one["rule"] for one in found]


@pytest.mark.parametrize(
    ("figure", "last", "rules"),
    [
        (Figure(50.0, 1, 2), None, []),
        (Figure(120.0), None, ["range"]),
        (Figure(-1.0), None, ["range"]),
        (Figure(150.0, 3, 2), None, ["range", "part_above_whole"]),
        (Figure(80.0), Figure(50.0), ["jump"]),
        (Figure(60.0), Figure(50.0), []),
        (Figure(50.0, 50, 100), Figure(50.0, 60, 120), ["whole_jump"]),
        (Figure(0.0), Figure(5.0), ["jump", "zero"]),
        (Figure(0.0, 0, 10), Figure(5.0), ["jump"]),
        (Figure.missing("x"), Figure(5.0), []),
    ],
)
def test_a_figure_is_asked_about(figure: Figure, last: Figure | None, rules: list[str]) -> None:
    assert asked(figure, last) == rules


def test_the_valid_range_is_the_definitions_where_it_says_one() -> None:
    assert asked(Figure(120.0), valid_low=0.0, valid_high=200.0) == []
    assert asked(Figure(5.0), unit="1", valid_low=6.0) == ["range"]


def test_a_population_in_thousands_is_noticed() -> None:
    assert asked(Figure(3.0, 1, 260), unit="1", per=100_000.0) == ["small_whole"]
    assert asked(Figure(3.0, 1, 260_000), unit="1", per=100_000.0) == []


def test_a_weak_quality_class_needs_a_note() -> None:
    """U4SSC: personal estimation and unknown are the two weakest classes."""
    assert asked(Figure(5.0), quality=QualityClass.UNKNOWN) == ["untraceable"]
    assert asked(Figure(5.0), quality=QualityClass.PERSONAL, note="Schätzung des Amtes.") == []
    assert asked(Figure(5.0), quality=QualityClass.ESTIMATED) == []


def parts(*values: float | None) -> list[Part]:
    return [
        Part(f"Teil {n}", ValueState.VALUE if value is not None else ValueState.NOT_COLLECTED, value)
        for n, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "rules"),
    [
        ((60.0, 38.0), []),
        ((60.0, 42.0), []),
        ((60.0, 37.9), ["sum"]),
        ((60.0, 42.1), ["sum"]),
        ((70.0, None), ["not_reported"]),
        ((80.0, None), []),
    ],
)
def test_shares_add_up_to_a_hundred_plus_or_minus_two(
    values: tuple[float | None, ...], rules: list[str]
) -> None:
    """U4SSC verification manual: mode shares and waste treatment add up to about 100; more than 20 % missing is asked."""
    found = ask_group(Group("sum", "Verkehrsmittel", ("a", "b")), parts(*values))
    assert [one["rule"] for one in found] == rules
    assert all(sentence_of(one) for one in found)


@pytest.mark.parametrize(
    ("values", "rules"),
    [((10.0, 20.0, 20.0), []), ((30.0, 20.0, 40.0), ["order"]), ((10.0, None, 5.0), ["order"])],
)
def test_tertiary_is_part_of_secondary_and_that_of_primary(
    values: tuple[float | None, ...], rules: list[str]
) -> None:
    group = Group("order", "Abwasser", ("tertiary", "secondary", "primary"))
    assert [one["rule"] for one in ask_group(group, parts(*values))] == rules


def test_every_rule_has_its_own_name_and_sentence() -> None:
    keys = [rule.key for rule in (*RULES, *GROUP_RULES)]
    assert len(set(keys)) == len(keys)
    assert sentence_of({"rule": "gone", "values": {}}) == "gone"


def test_a_question_is_answered_before_a_figure_is_confirmed(office: Office) -> None:
    office.define()
    office.store(numerator=4, denominator=259_645)
    entry = services.enter_value(
        office.enterer, "city.deaths", ValueDraft("2025", numerator=12, denominator=259_645)
    )
    assert [finding["rule"] for finding in entry.findings] == ["jump"]
    with pytest.raises(Invalid):
        services.confirm_value(office.confirmer, entry.pk)
    services.confirm_value(office.confirmer, entry.pk, "Ein Busunglück.")
    entry.refresh_from_db()
    assert entry.decision_note == "Ein Busunglück."
