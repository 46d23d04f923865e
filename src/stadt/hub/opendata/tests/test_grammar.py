"""The part of Solr's query language that is understood, and refusals of the rest."""

import pytest

from stadt.hub.opendata.ckan.errors import WrongQuery
from stadt.hub.opendata.ckan.grammar import Document, plain, understand


def document(name: str, organisation: str, modified: str, *tags: str, title: str = "") -> Document:
    fields = {
        "name": [name],
        "organization": [organisation],
        "metadata_modified": [modified],
        "tags": tags,
        "title": [title],
        "text": [title],
    }
    return {"name": name, "search": {key: tuple(map(plain, values)) for key, values in fields.items()}}


DOCUMENTS = (
    document("a", "stadt", "2026-01-05T10:00:00", "Müll", title="Behälter für Müll"),
    document("b", "werke", "2026-03-01T00:00:00.5", title="Bäume der Stadt"),
    document("c", "land", "2026-07-01T12:00:00", "Müll", "Luft", title="Luftqualität"),
)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "abc"),
        ("*:*", "abc"),
        ("organization:stadt OR organization:werke", "ab"),
        ("-organization:stadt", "bc"),
        ("NOT organization:stadt", "bc"),
        ("organization:(stadt OR land)", "ac"),
        ("tags:Müll organization:land", "c"),
        ("tags:Müll AND -organization:land", "a"),
        ("+tags:Luft", "c"),
        ("tags:Luft OR tags:Müll organization:stadt", "ac"),
        ("(tags:Luft OR tags:Müll) organization:stadt", "a"),
        ("metadata_modified:[2026-03-01T00:00:00Z TO *]", "bc"),
        ("metadata_modified:[* TO 2026-01-05T10:00:00Z]", "a"),
        ("metadata_modified:{2026-01-05T10:00:00Z TO 2026-07-01T12:00:00Z}", "b"),
        ('metadata_modified:["2026-07-01T12:00:00" TO *]', "c"),
        ("bäume", "b"),
        ("BAUME stadt", "b"),
        ('"für müll"', "a"),
        ("luftqu*", "c"),
        ("title:luft*", "c"),
        ("tags:*", "ac"),
        ("-tags:*", "b"),
        ("gibtesnicht", ""),
    ],
)
def test_a_query_finds(query: str, names: str) -> None:
    test = understand(query)
    assert "".join(item["name"] for item in DOCUMENTS if test(item)) == names


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
        "AND",
        "a OR",
        "geheim:1",
        "*:x",
        "metadata_modified:[NOW-1DAY TO *]",
        "metadata_modified:[2026 TO",
        '"offen',
        "(" * 30 + "a" + ")" * 30,
        "x" * 2001,
    ],
)
def test_what_is_not_understood_is_refused(query: str) -> None:
    with pytest.raises(WrongQuery):
        understand(query)
