"""Reading expressions: precedence, literals, positions of refusals, and writing them back."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stadt.hub.sta.syntax.expressions import OPERATORS, Reader
from stadt.hub.sta.syntax.literals import WORDS
from stadt.hub.sta.syntax.nodes import (
    Call,
    Expression,
    Interval,
    Literal,
    LiteralKind,
    Membership,
    Name,
    Negation,
    Operation,
    Quantified,
    Reference,
)
from stadt.hub.sta.syntax.problems import BadQuery
from stadt.hub.sta.syntax.writing import write_expression


def read(text: str) -> Expression:
    reader = Reader(text)
    found = reader.expression()
    reader.finish()
    return found


def refusal(text: str) -> BadQuery:
    with pytest.raises(BadQuery) as caught:
        read(text)
    return caught.value


DURATION = "expected a duration of days, hours, minutes or seconds, such as duration'P1DT12H'"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a eq 1 or b eq 2 and c eq 3", "((a eq 1) or ((b eq 2) and (c eq 3)))"),
        ("(a eq 1 or b eq 2) and c eq 3", "(((a eq 1) or (b eq 2)) and (c eq 3))"),
        ("not a eq 1 and b eq 2", "((not (a eq 1)) and (b eq 2))"),
        ("a add 2 mul 3 sub 1 gt b", "(((a add (2 mul 3)) sub 1) gt b)"),
        ("Datastream/Thing/properties/floor le 3", "(Datastream/Thing/properties/floor le 3)"),
        ("properties/2 eq 'it''s'", "(properties/2 eq 'it''s')"),
        ("properties/x-y eq true", "(properties/x-y eq true)"),
        ("startswith(name,'a')", "startswith(name,'a')"),
        ("not name in ('a','b') or id eq 1", "((not (name in ('a','b'))) or (id eq 1))"),
        ("a/any(d: d/name eq 'x' or id eq 1)", "a/any(d:((d/name eq 'x') or (id eq 1)))"),
        ("a/b/all(d:true)", "a/b/all(d:true)"),
        ("now() sub duration'PT90M' lt time", "((now() sub duration'P0DT5400S') lt time)"),
    ],
)
def test_precedence_is_that_of_odata(text: str, meaning: str) -> None:
    assert write_expression(read(text)) == meaning


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("null", LiteralKind.NULL, None),
        ("true", LiteralKind.BOOLEAN, True),
        ("-12", LiteralKind.NUMBER, -12),
        ("1.5e3", LiteralKind.NUMBER, 1500.0),
        ("'ü ''quoted'''", LiteralKind.TEXT, "ü 'quoted'"),
        ("2026-03-01T10:00:00Z", LiteralKind.TIME, datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T10:00:00.25+01:00", LiteralKind.TIME, datetime(2026, 3, 1, 9, 0, 0, 250000, tzinfo=UTC)),
        ("2026-03-01T10:00:00 01:00", LiteralKind.TIME, datetime(2026, 3, 1, 9, tzinfo=UTC)),
        ("2026-03-01", LiteralKind.TIME, datetime(2026, 3, 1, tzinfo=UTC)),
        ("duration'P1DT2H3M4.5S'", LiteralKind.DURATION, timedelta(days=1, seconds=7384.5)),
        ("duration'-PT1H'", LiteralKind.DURATION, -timedelta(hours=1)),
        ("07:30", LiteralKind.CLOCK, time(7, 30)),
        ("23:59:59.25", LiteralKind.CLOCK, time(23, 59, 59, 250000)),
        ("geography'POINT (7 51)'", LiteralKind.GEOGRAPHY, "POINT (7 51)"),
        (
            "2026-03-01T00:00:00Z/2026-04-01T00:00:00Z",
            LiteralKind.INTERVAL,
            Interval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)),
        ),
    ],
)
def test_literals_have_the_value_they_say(text: str, kind: LiteralKind, value: object) -> None:
    assert read(text) == Literal(1, kind, value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("result gt", 10, "expected a value or a property, the text ends"),
        ("result gtt 5", 8, "expected the end, found 'gtt'"),
        ("name eq 'open", 9, "a string is not closed"),
        ("(result gt 5", 13, "expected ')', the text ends"),
        ("time eq 2026-02-30T00:00:00Z", 9, "'2026-02-30T00:00:00Z' is no time of the calendar"),
        (
            "time eq 2026-02-20T00:00:00",
            9,
            "the time '2026-02-20T00:00:00' needs an offset, such as '2026-02-20T00:00:00Z'",
        ),
        ("time eq 9999-12-31T23:59:59-23:00", 9, "'9999-12-31T23:59:59-23:00' is outside the calendar"),
        ("a eq 1e999", 6, "the number is too large"),
        ("a eq #", 6, "unexpected character '#'"),
        ("time lt now() sub duration'P1M'", 19, DURATION),
        ("time lt now() sub duration'P'", 19, DURATION),
        ("time(time) eq 25:00", 15, "'25:00' is no time of day"),
        ("name in 'a'", 9, "expected '(', found ''a''"),
        ("Datastreams/any(5)", 17, "expected a variable, such as d in any(d: d/name eq 'x'), found '5'"),
        ("and", 1, "expected a value or a property, found 'and'"),
        ("2026-03-02T00:00:00Z/2026-03-01T00:00:00Z", 22, "the interval ends before it begins"),
    ],
)
def test_a_refusal_names_position_and_reason(text: str, position: int, reason: str) -> None:
    refused = refusal(text)
    assert (refused.position, refused.reason) == (position, reason)


def test_nesting_is_bounded() -> None:
    assert "levels deep" in refusal("(" * 500 + "1" + ")" * 500).reason
    assert "levels deep" in refusal("not " * 500 + "true").reason
    assert "words and signs" in refusal(" or ".join(["a eq 1"] * 5000)).reason


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True).filter(
    lambda text: (
        text not in OPERATORS and text not in WORDS and text not in {"duration", "geography", "geometry"}
    )
)
MOMENTS = st.datetimes(timezones=st.just(UTC))
LITERALS = st.one_of(
    st.just(Literal(0, LiteralKind.NULL, None)),
    st.booleans().map(lambda value: Literal(0, LiteralKind.BOOLEAN, value)),
    st.integers(-(10**20), 10**20).map(lambda value: Literal(0, LiteralKind.NUMBER, value)),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: Literal(0, LiteralKind.NUMBER, value)),
    st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"])).map(
        lambda value: Literal(0, LiteralKind.TEXT, value)
    ),
    st.timedeltas().map(lambda value: Literal(0, LiteralKind.DURATION, value)),
    st.times().map(lambda value: Literal(0, LiteralKind.CLOCK, value)),
    MOMENTS.map(lambda value: Literal(0, LiteralKind.TIME, value)),
)
NAMED = NAMES.map(lambda name: Name(0, name))
REFERENCES = st.lists(NAMES, min_size=1, max_size=3).map(
    lambda names: Reference(tuple(Name(0, name) for name in names))
)


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    operators = st.sampled_from(sorted(OPERATORS - {"not", "in", "asc", "desc"}))
    return st.one_of(
        st.builds(Operation, st.just(0), operators, inner, inner),
        st.builds(Negation, st.just(0), inner),
        st.builds(Membership, st.just(0), inner, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Quantified, st.just(0), st.sampled_from(["any", "all"]), REFERENCES, NAMED, inner),
        st.builds(Call, st.just(0), NAMES, st.lists(inner, max_size=3).map(tuple)),
    )


def _without_positions(node: object) -> object:
    if isinstance(node, tuple):
        return tuple(_without_positions(part) for part in node)
    fields = getattr(node, "__dataclass_fields__", None)
    if fields is None:
        return node
    parts = {name: _without_positions(getattr(node, name)) for name in fields if name != "position"}
    return type(node).__name__, tuple(parts.items())


@settings(max_examples=150, deadline=None)
@given(st.recursive(st.one_of(LITERALS, REFERENCES), _larger, max_leaves=12))
def test_what_is_written_is_read_as_the_same_tree(tree: Expression) -> None:
    assert _without_positions(read(write_expression(tree))) == _without_positions(tree)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_position_inside_it(text: str) -> None:
    position = 1
    try:
        read(text)
    except BadQuery as refused:
        position = refused.position
    assert 1 <= position <= len(text) + 1
