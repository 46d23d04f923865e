"""Device profiles make observed properties of decoded payloads."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.hub.ingest.mapping import Note, NoteCode, Rule, ValueKind, decode, find_number

FILL = Rule("fill-level", ("fill_level",), minimum=0, maximum=100)


def test_a_value_is_taken_from_its_path() -> None:
    rule = Rule("moisture", ("soil", "1", "moisture"))
    assert decode([rule], {"soil": [{}, {"moisture": 21.5}]}).values == {"moisture": 21.5}


def test_factor_and_offset_convert_it() -> None:
    rule = Rule("temperature", ("t",), factor=0.1, offset=-40)
    assert decode([rule], {"t": 615}).values["temperature"] == pytest.approx(21.5)


def test_a_value_outside_its_range_is_left_out_and_noted() -> None:
    found = decode([FILL], {"fill_level": 101})
    assert found.values == {}
    assert found.notes == (Note("fill_level", NoteCode.OUT_OF_RANGE),)


@pytest.mark.parametrize("edge", [0, 100])
def test_the_ends_of_the_range_belong_to_it(edge: int) -> None:
    assert decode([FILL], {"fill_level": edge}).values == {"fill-level": edge}


@pytest.mark.parametrize("wrong", ["62", True, [62], {"value": 62}])
def test_a_value_of_another_type_is_no_measurement(wrong: Any) -> None:
    assert decode([FILL], {"fill_level": wrong}).wrong_types == (Note("fill_level", NoteCode.WRONG_TYPE),)


def test_a_missing_value_is_no_mistake() -> None:
    found = decode([FILL], {"battery": 3})
    assert (found.wrong_types, found.notes) == ((), (Note("fill_level", NoteCode.MISSING),))


def test_a_message_without_decoded_content_yields_nothing() -> None:
    assert decode([FILL], None).notes == (Note("", NoteCode.NOT_DECODED),)


def test_each_kind_of_result_takes_its_own_type() -> None:
    rules = [
        Rule("count", ("n",), ValueKind.COUNT),
        Rule("open", ("lid",), ValueKind.TRUTH),
        Rule("mode", ("mode",), ValueKind.CATEGORY),
    ]
    assert decode(rules, {"n": 7.0, "lid": False, "mode": "eco"}).values == {
        "count": 7,
        "open": False,
        "mode": "eco",
    }
    assert len(decode(rules, {"n": 7.5, "lid": 0, "mode": ""}).wrong_types) == 3


def test_battery_is_read_where_it_is_a_number() -> None:
    assert find_number({"battery": {"percent": 88}}, ("battery", "percent")) == 88
    assert find_number({"battery": "full"}, ("battery",)) is None
    assert find_number(None, ("battery",)) is None


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc012"), inner, max_size=3),
    max_leaves=8,
)


@given(
    payload=st.dictionaries(st.sampled_from("abc"), values),
    path=st.lists(st.sampled_from("abc012"), min_size=1, max_size=3),
    kind=st.sampled_from(ValueKind),
)
def test_any_payload_is_decoded_or_noted(payload: dict[str, Any], path: list[str], kind: ValueKind) -> None:
    found = decode([Rule("x", tuple(path), kind)], payload)
    assert len(found.values) + len(found.notes) == 1
