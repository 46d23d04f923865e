"""No page fails over what stands in its address: signs no database keeps, numbers without end, other alphabets."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from stadt.core.manifest import Audience, Permission
from stadt.core.registry import registry

PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
NAMES = (
    "q", "seite", "art", "suche", "payload", "format", "thema", "feld", "von", "bis", "tage", "jahr", "stand", "ebene", "leitthema", "status",
    "theme", "field", "page", "number", "limit", "offset", "sort", "filter", "words", "period", "place", "key",
)  # fmt: skip
ODD = {
    "NUL": "\0",
    "digits without end": "9" * 5000,
    "a number beyond 64 bits": "99999999999999999999",
    "less than nothing": "-1",
    "NaN": "nan",
    "Arabic digits": "٣",
    "wildcards": "%_\\'\"*?[(",
    "a script": "<script>alert(1)</script>",
    "a time out of the calendar": "0001-01-01T00:00:00+23:59",
    "a lone surrogate": b"\xed\xa0\x80".decode("latin-1"),
}
STRINGS = {
    "NUL": "%00",
    "a line end": "%0aERROR",
    "a script": "%3Cscript%3Ealert(1)%3C",
    "long": "a" * 3000,
    "dots": "..",
}


def example(prefix: str, path: str, string: str) -> str:
    whole = f"/{prefix}/{path}" if prefix else f"/{path}"
    return PARAMETER.sub(lambda match: "9" * 30 if match[1] == "int" else string, whole)


OPEN = [
    (registry.apps[page.app].manifest.path, page.page.path)
    for page in registry.pages
    if isinstance(page.page.permission, Audience)
]
GUARDED = [
    (registry.apps[page.app].manifest.path, page.page.path)
    for page in registry.pages
    if isinstance(page.page.permission, Permission)
]
PLAIN = sorted({example(*item, "x") for item in OPEN if "<" not in item[1]})
WITH_PARAMETERS = [item for item in (*OPEN, *GUARDED) if "<" in item[1]]


def interface() -> list[str]:
    """The addresses below /api/v1/."""

    def paths(resolver: URLResolver, prefix: str) -> list[str]:
        found = []
        for entry in resolver.url_patterns:
            path = prefix + str(entry.pattern)
            found += paths(entry, path) if isinstance(entry, URLResolver) else [path]
            assert isinstance(entry, URLResolver | URLPattern)
        return found

    return sorted({path for path in paths(get_resolver(), "") if path.startswith("api/v1/")})


@pytest.mark.django_db
@pytest.mark.parametrize("value", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("path", [*PLAIN, *(f"/{path}" for path in interface() if "<" not in path)])
def test_odd_values_are_refused_or_ignored(path: str, value: str) -> None:
    answer = Client().get(path, dict.fromkeys(NAMES, value))
    assert answer.status_code < 500
    assert b"<script>alert" not in answer.content or answer["Content-Type"].endswith("json")


@pytest.mark.parametrize("string", STRINGS.values(), ids=STRINGS.keys())
def test_odd_names_lead_nowhere(visitors: dict[str, Client], string: str) -> None:
    for item in [*WITH_PARAMETERS, *(("", path) for path in interface() if "<" in path)]:
        path = example(*item, string)
        assert visitors["operator"].get(path).status_code < 500, path
        assert visitors["operator"].post(path, {"title": "\0", "payload": "\0"}).status_code < 500, path
