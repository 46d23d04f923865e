"""No page fails over its query string or its cookies, whatever stands in them; nor does any make a page without end."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

import stadt
from stadt.core.manifest import EVERYBODY
from stadt.core.registry import registry

# What the pages ask for by name, and the fields of the forms that are filled from an address.
ASKED = re.compile(r"""GET(?:\.get|\.getlist)?[\[(]\s*["']([\w-]+)["']""")
FIELD = re.compile(r"^    (\w+) = (?:forms\.)?\w*(?:Field|Choices)\(", re.MULTILINE)
FEW, MANY = 120, 5000
LARGEST_PAGE = 1024 * 1024

SOURCES = [
    path.read_text("utf-8") for path in Path(stadt.__file__).parent.rglob("*.py") if "tests" not in path.parts
]
NAMES = sorted({name for text in SOURCES for pattern in (ASKED, FIELD) for name in pattern.findall(text)})
PAGES = sorted(
    {
        f"/{registry.apps[item.app].manifest.path}/{item.page.path}".replace("//", "/")
        for item in registry.pages
        if item.page.permission is EVERYBODY and "<" not in item.page.path
    }
)

numbers = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.from_regex(r"-?[0-9]{1,40}(e[0-9]{1,4})?", fullmatch=True),
)
moments = st.one_of(st.dates().map(str), st.datetimes().map(lambda at: at.isoformat()), st.just("2026-02-30"))
words = st.text(st.characters(codec="utf-8"), max_size=40)
known = st.sampled_from(
    [
        "",
        "1",
        "0",
        "de",
        "en",
        "csv",
        "json",
        "html",
        "day",
        "month",
        "year",
        "true",
        "ja",
        "waste.containers",
        "M-2.1.3",
        "K2.1-01",
    ]
)
values = st.one_of(known, words, numbers, moments, words.map(lambda text: text * 50))
names = st.one_of(st.sampled_from(NAMES), st.sampled_from(NAMES), words)
queries = st.lists(st.tuples(names, values), max_size=8).map(urlencode)
raw = st.binary(max_size=60).map(
    lambda noise: "".join(f"%{byte:02x}" if byte % 3 else chr(byte % 95 + 32) for byte in noise)
)
COOKIES = ("sessionid", "csrftoken", "django_language", "messages", "x")
# Quoted, a cookie may hold any sign by its octal number (RFC 2109, as Python reads it): also NUL.
cookie = st.one_of(
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=';,"\\'), max_size=60),
    st.lists(st.integers(0, 255), max_size=40).map(
        lambda codes: '"' + "".join(f"\\{code:03o}" for code in codes) + '"'
    ),
)


def ask_often(examples: int) -> None:
    @settings(max_examples=examples)
    @given(
        path=st.sampled_from(PAGES),
        query=st.one_of(queries, queries, raw),
        cookies=st.dictionaries(st.sampled_from(COOKIES), cookie, max_size=2),
        fragment=st.booleans(),
    )
    @example("/", "", {"sessionid": '"' + r"\000" * 32 + '"', "csrftoken": '"' + r"\000" * 32 + '"'}, False)
    @example("/suche", "q=%00", {"django_language": '"' + r"\000" * 32 + '"'}, False)
    @example("/", "", {"sessionid": "x" * 4000, "messages": "x"}, True)
    def ask(path: str, query: str, cookies: dict[str, str], fragment: bool) -> None:
        headers: dict[str, Any] = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        if fragment:
            headers["HX-Request"] = "true"
        answer = Client().get(path, query_string=query, headers=headers)
        assert answer.status_code < 500
        if not answer.streaming:
            assert len(answer.content) < LARGEST_PAGE

    ask()


def test_there_are_pages_and_names_to_ask_for() -> None:
    assert len(PAGES) > 10
    assert {"seite", "q"} <= set(NAMES)


@pytest.mark.django_db
def test_no_page_fails_over_its_query_or_cookies() -> None:
    ask_often(FEW)


@pytest.mark.soak
@pytest.mark.django_db
def test_no_page_fails_over_its_query_or_cookies_at_length() -> None:
    ask_often(MANY)
