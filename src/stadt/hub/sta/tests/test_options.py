"""Reading query options and resource paths."""

from urllib.parse import unquote

import pytest

from stadt.hub.sta.syntax.nodes import Query
from stadt.hub.sta.syntax.options import read_query, split_query
from stadt.hub.sta.syntax.paths import read_path
from stadt.hub.sta.syntax.problems import BadQuery, NotSupported
from stadt.hub.sta.syntax.writing import write_query_string


def query(raw: str) -> Query:
    return read_query(split_query(raw.encode()))


def refusal(raw: str) -> str:
    with pytest.raises(BadQuery) as caught:
        query(raw)
    return caught.value.detail


def test_all_options_are_read() -> None:
    found = query(
        "$top=5&$skip=10&$count=true&$select=name,@iot.id&$orderby=a desc,b&$filter=a%20gt%201&own=1"
    )
    assert (found.top, found.skip, found.count) == (5, 10, True)
    assert [str(item) for item in found.select] == ["name", "@iot.id"]
    assert [item.descending for item in found.orderby] == [True, False]
    assert found.filter is not None


def test_expand_has_options_of_its_own() -> None:
    found = query("$expand=Datastreams($top=1;$filter=name eq 'a;b)';$expand=Sensor),Locations")
    first, second = found.expand
    assert (str(first.path), first.query.top, str(second.path)) == ("Datastreams", 1, "Locations")
    assert [str(item.path) for item in first.query.expand] == ["Sensor"]


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        ("$top=-1", "$top, position 1: expected a whole number that is not negative, found '-1'"),
        ("$top=1.5", "$top, position 1: expected a whole number that is not negative, found '1.5'"),
        ("$top=1&$top=2", "$top, position 1: given twice"),
        ("$count=yes", "$count, position 1: expected true or false, found 'yes'"),
        ("$orderby=", "$orderby, position 1: expected a value or a property, the text ends"),
        ("$fliter=a", "$fliter, position 1: unknown query option '$fliter', did you mean '$filter'?"),
        ("$expand=A($tpo=1)", "$expand, position 3: unknown query option '$tpo', did you mean '$top'?"),
        ("$expand=A(top=1)", "$expand, position 3: expected a query option such as $top, found 'top'"),
        ("$filter=%ff", "query, position 1: the percent-encoding is no UTF-8"),
    ],
)
def test_a_refusal_names_option_and_position(raw: str, detail: str) -> None:
    assert refusal(raw) == detail


def test_options_of_elsewhere_are_not_supported() -> None:
    with pytest.raises(NotSupported):
        query("$compute=aggregate")
    with pytest.raises(NotSupported):
        query("$expand=A($apply=aggregate)")


@pytest.mark.parametrize("chosen", ["", "filter((result gt 1))/"])
def test_a_written_aggregation_is_read_as_the_same(chosen: str) -> None:
    figures = "result with average as mean,$count as n,result with p95 as most,coverage as share"
    raw = f"$apply={chosen}groupby((bucket(phenomenonTime,'PT1H')),aggregate({figures}))"
    assert unquote(write_query_string(query(raw))) == raw


def test_written_options_are_read_as_the_same() -> None:
    raw = "$filter=(name eq 'ä&b+c')&$expand=A($top=1;$orderby=x desc),B&$select=name&$count=true&$top=3"
    text = write_query_string(query(raw.replace("&b", "%26b").replace("+", "%2B")))
    assert write_query_string(query(text)) == text
    assert "%26b%2Bc" in text


def test_a_path_is_read_into_names_and_keys() -> None:
    path = read_path("Things(1)/Datastreams(2)/Observations/$count")
    assert [(step.name.text, step.key, step.name.position) for step in path.segments] == [
        ("Things", 1, 1),
        ("Datastreams", 2, 11),
        ("Observations", None, 26),
        ("$count", None, 39),
    ]


@pytest.mark.parametrize("key", ["0", "-4", "'abc'", "99999999999999999"])
def test_a_key_no_entity_has_is_read_as_none_of_them(key: str) -> None:
    assert read_path(f"Things({key})").segments[0].key == -1


@pytest.mark.parametrize(
    ("text", "position"),
    [("", 1), ("Things(1)//name", 11), ("Things(1", 7), ("Things(a)", 8), ("Things(1)x", 10), ("Th ings", 3)],
)
def test_a_path_that_cannot_be_read_is_refused_with_its_position(text: str, position: int) -> None:
    with pytest.raises(BadQuery) as caught:
        read_path(text)
    assert caught.value.position == position
