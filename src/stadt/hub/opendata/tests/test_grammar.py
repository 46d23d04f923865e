"""The part of Solr's query language that is understood, and refusals of the rest."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.hub.datasets.declaration import Licence, Theme
from stadt.hub.datasets.models import Snapshot
from stadt.hub.opendata.ckan.errors import WrongParameters, WrongQuery
from stadt.hub.opendata.ckan.grammar import understand
from stadt.hub.opendata.ckan.searching import published, search
from stadt.hub.opendata.tests.conftest import CONTAINERS, note_snapshot, redeclare

pytestmark = pytest.mark.django_db

A = replace(
    CONTAINERS,
    key="probe.a",
    title="Behälter für Müll",
    description="Wo sie stehen.",
    publisher="Stadt",
    keywords=("Müll", "Ordnung"),
    contact="",
)
B = replace(
    A,
    key="probe.b",
    title="Bäume der Stadt",
    description="",
    publisher="Werke",
    keywords=(),
    theme=Theme.AGRI,
    licence=Licence.CC_ZERO,
)
C = replace(
    A,
    key="probe.c",
    title="Luftqualität",
    description="Gemessen an Straßen.",
    publisher="Land",
    keywords=("Luft", "Müll"),
    theme=Theme.HEAL,
)
CHANGED = {
    A: datetime(2026, 1, 5, 10, tzinfo=UTC),
    B: datetime(2026, 5, 1, tzinfo=UTC),
    C: datetime(2026, 7, 1, 12, tzinfo=UTC),
}


@pytest.fixture(autouse=True)
def three(db: None) -> None:
    """Three datasets of three publishers, published at three times."""
    for dataset, moment in CHANGED.items():
        note_snapshot(dataset)
        Snapshot.objects.filter(dataset=dataset.key).update(published_at=moment)
    redeclare(*CHANGED)


def found_by(query: str) -> str:
    rows = published(understand(query)).ask("e.key", "ORDER BY e.key")
    return "".join(key[-1] for (key,) in rows if key in {"probe.a", "probe.b", "probe.c"})


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "abc"),
        ("*:*", "abc"),
        ("organization:stadt OR organization:werke", "ab"),
        ("-organization:stadt", "bc"),
        ("NOT organization:stadt", "bc"),
        ("organization:(stadt OR land)", "ac"),
        ("organization:(stadt land)", ""),
        ("organization:st*", "a"),
        ("groups:agri", "b"),
        ("-groups:agri", "ac"),
        ("tags:Müll organization:land", "c"),
        ("tags:mull", "ac"),
        ("tags:Müll AND -organization:land", "a"),
        ("-tags:Luft -tags:Ordnung", "b"),
        ("+tags:Luft", "c"),
        ("tags:Luft OR tags:Müll organization:stadt", "ac"),
        ("(tags:Luft OR tags:Müll) organization:stadt", "a"),
        ("tags:Luft OR organization:werke", "bc"),
        ("metadata_modified:[2026-03-01T00:00:00Z TO *]", "bc"),
        ("metadata_modified:[* TO 2026-01-05T10:00:00Z]", "a"),
        ("metadata_modified:{2026-01-05T10:00:00Z TO 2026-07-01T12:00:00Z}", "b"),
        ('metadata_modified:["2026-07-01T12:00:00" TO *]', "c"),
        ('metadata_modified:"2026-07-01T12:00:00Z"', "c"),
        ("license_id:http*zero", ""),
        ('license_id:"http://dcat-ap.de/def/licenses/cc-zero"', "b"),
        ("res_format:geojson", "abc"),
        ("state:active type:dataset private:false capacity:public", "abc"),
        ("state:deleted", ""),
        ("id:probe.a OR name:probe-b", "ab"),
        ("id:[probe.b TO *]", "bc"),
        ("bäume", "b"),
        ("BAUME stadt", "b"),
        ("baeume", "b"),
        ('"für müll"', "a"),
        ('"müll für"', ""),
        ("luftqu*", "c"),
        ("title:luft*", "c"),
        ("title:Straßen", ""),
        ("notes:Strasse", "c"),
        ("-notes:*", "b"),
        ("tags:*", "ac"),
        ("-tags:*", "b"),
        ("gibtesnicht", ""),
        ("-gibtesnicht", "abc"),
    ],
)
def test_a_query_finds(query: str, names: str) -> None:
    assert found_by(query) == names


@pytest.mark.parametrize(
    "query",
    [
        "wort~2",
        "title:x^3",
        "{!lucene q.op=OR}x",
        "/reg.*ex/",
        "(offen",
        "zu)",
        "organization:",
        "organization:()",
        "AND",
        "a OR",
        "geheim:1",
        "*:x",
        "metadata_modified:[NOW-1DAY TO *]",
        "metadata_modified:[gestern TO *]",
        "metadata_modified:[0001-01-01T00:00:00+14:00 TO *]",
        "metadata_modified:2026*",
        "tags:[a TO b]",
        "metadata_modified:[2026 TO",
        '"offen',
        "(" * 30 + "a" + ")" * 30,
        "x" * 2001,
        "x " * 60,
    ],
)
def test_what_is_not_understood_is_refused(query: str) -> None:
    with pytest.raises(WrongQuery):
        understand(query)


PIECES = st.sampled_from(
    ["(", ")", '"', "-", "+", "AND", "OR", "NOT", "tags:", "title:", "metadata_modified:[", "TO", "*", "]", "a", "'", "\\", "%", "&", "|", "!", ":*", "id:", "res_format:", "\x00", "ä"]
)  # fmt: skip


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=40),
    st.lists(PIECES, max_size=8).map("".join),
)
def test_any_query_is_answered_or_refused(q: str, fq: str) -> None:
    try:
        found = search({"q": q, "fq": fq, "rows": 3, "facet.field": ["tags", "groups"]})
    except (WrongQuery, WrongParameters):
        return
    assert len(found["results"]) == min(3, found["count"])
