"""schemathesis over `/api/v1/openapi.json`: the interface answers as its document says, whatever it is asked."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any, cast

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from hypothesis import given, settings
from ninja import Schema
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from stadt.config.interface import Interface
from stadt.core.people.actor import Actor
from stadt.core.tokens import MANAGE_TOKENS, issue_token, revoke_token

pytestmark = pytest.mark.django_db

Operation = Any  # schemathesis' own generic types have four parameters that nobody here needs
AnyCase = Any
filled = pytest.mark.usefixtures("published")

FEW, MANY = 12, 1500
WRONG_METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
ODD = ("%ff", "%ed%a0%80", "%00", "%", "a%0d%0ab", "=&&=;", "\\", "é", "%F0%9F%9A%B2")
# Names of things that are there, for each parameter of a path.
KNOWN = {
    "/api/v1/datasets/{key}": {"key": "probe.containers"},
    "/api/v1/datasets/{key}/rows": {"key": "probe.containers"},
    "/api/v1/indicators/{key}": {"key": "probe.full_share"},
    "/api/v1/indicators/{key}/values": {"key": "probe.full_share"},
    "/api/v1/indicators/{key}/values/{value_id}": {"key": "probe.full_share", "value_id": "1"},
    "/api/v1/strategy/gaps/{key}": {"key": "kennzahl-ohne-soll"},
    "/api/v1/strategy/items/{code}/history": {"code": "M-2.1.3"},
    "/api/v1/strategy/measures/{code}": {"code": "M-2.1.3"},
    "/api/v1/strategy/indicators/{code}": {"code": "K2.1-01"},
    "/api/v1/publishing/datasets/{key}/deliveries": {"key": "probe.containers"},
    "/api/v1/publishing/datasets/{key}/deliveries/{number}": {"key": "probe.containers", "number": "1"},
}
# Values of parameters that cannot be left out.
NEEDED = {
    "/api/v1/places/search": {"q": "probe"},
    "/api/v1/places/nearest": {"lon": "7.1", "lat": "51.5"},
}
# What only people with a right may ask; its own tests ask as they do.
GUARDED = "/api/v1/publishing/"
# Which columns can be sorted and filtered by depends on the dataset: an address can be well-formed and still be refused.
CONFIG = {
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "404", "410", "422"]}},
}


def interface() -> Interface:
    """The interface as it is mounted."""

    def views(resolver: URLResolver) -> Iterator[URLPattern]:
        for entry in resolver.url_patterns:
            yield from views(entry) if isinstance(entry, URLResolver) else [entry]

    [found] = [entry for entry in views(get_resolver()) if entry.name == "openapi-json"]
    api: Interface = found.callback.keywords["api"]  # type: ignore[attr-defined]
    return api


SCHEMA = schemathesis.openapi.from_dict(
    dict(interface().get_openapi_schema()), config=SchemathesisConfig.from_dict(CONFIG)
)
SCHEMA.app = WSGIHandler()
OPERATIONS: list[Operation] = [item.ok() for item in cast(Iterator[Any], SCHEMA.get_all_operations())]
READS: list[Operation] = [item for item in OPERATIONS if item.method == "get"]
OPEN: list[Operation] = [item for item in READS if not item.path.startswith(GUARDED)]
of_each = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda item: item.label)
of_each_read = pytest.mark.parametrize("operation", READS, ids=lambda item: item.label)


def secret_of(who: str) -> str:
    """A bearer secret in each state it can be in."""
    actor = Actor.system("test")
    token, secret = issue_token(actor, "x", (MANAGE_TOKENS,), expires_at=timezone.now() + timedelta(days=1))
    if who == "no secret":
        return ""
    if who == "revoked":
        revoke_token(actor, token)
    if who == "expired":
        token.expires_at = timezone.now() - timedelta(seconds=1)
        token.save()
    return "stadt_" + "x" * 43 if who == "unknown" else secret


def address_of(operation: Operation) -> str:
    """An address where something is."""
    return str(operation.path.format(**KNOWN.get(operation.path, {})))


def ask_often(operation: Operation, examples: int) -> None:
    """Ask an operation for what is there and what is not, rightly and wrongly; every answer is held to the document."""
    names = [{}, KNOWN[operation.path]] if operation.path in KNOWN else [{}]
    modes = (
        list(GenerationMode) if operation.query else [GenerationMode.POSITIVE]
    )  # no name in a path is wrong
    for mode, name in product(modes, names):

        @settings(max_examples=examples)
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=name or None))
        def ask(case: AnyCase) -> None:
            case.call_and_validate()

        ask()


@filled
@SCHEMA.parametrize()
@settings(max_examples=5)
def test_boundary_values_and_other_methods_are_answered_as_documented(case: AnyCase) -> None:
    case.call_and_validate()


@filled
@of_each
def test_every_operation_answers_as_documented(operation: Operation) -> None:
    ask_often(operation, FEW)


@pytest.mark.soak
@filled
@of_each
def test_every_operation_answers_as_documented_at_length(operation: Operation) -> None:
    ask_often(operation, MANY)


@filled
@pytest.mark.parametrize("who", ["", "valid", "expired", "revoked", "unknown", "no secret", "Basic"])
def test_a_token_is_good_or_refused_and_none_is_needed(who: str) -> None:
    scheme = "Basic eDp5" if who == "Basic" else f"Bearer {secret_of(who)}"
    headers = {"Authorization": scheme} if who else {}
    for operation in OPEN:
        answer = operation.Case(
            path_parameters=KNOWN.get(operation.path, {}), query=NEEDED.get(operation.path, {})
        ).call_and_validate(headers=headers)
        assert answer.status_code == (200 if who in {"", "valid"} else 401)
        if who not in {"", "valid"}:
            assert answer.headers["www-authenticate"] == ["Bearer"]


@filled
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"limit": 3, "offset": 2, "sort": "-fill", "filter": ["fill:ge:1", "is_simulated:eq:true"]}, 200),
        ({"sort": "seen_at", "filter": "seen_at:ge:2026-03-01T20:00:00Z"}, 200),
        ({"filter": "id:contains:ü"}, 200),
        ({"unknown": "x", "Limit": "x"}, 200),
        ({"number": 2}, 200),
        ({"number": 1}, 410),
        ({"number": 9}, 404),
        ({"number": "null"}, 422),
        ({"limit": "1e2"}, 422),
        ({"limit": "٣"}, 422),
        ({"filter": ["fill:ge:1"] * 21}, 422),
        ({"sort": "geom"}, 422),
    ],
)
def test_rows_are_asked_for_in_many_ways(query: dict[str, Any], status: int) -> None:
    case = SCHEMA["/api/v1/datasets/{key}/rows"]["GET"].Case(
        path_parameters={"key": "probe.containers"}, query=query
    )
    answer = case.call_and_validate(excluded_checks=[positive_data_acceptance, negative_data_rejection])
    assert answer.status_code == status


@pytest.mark.parametrize("method", WRONG_METHODS)
def test_other_methods_are_refused_with_those_that_work(method: str) -> None:
    for operation in OPERATIONS:
        methods = {other.method.upper() for other in OPERATIONS if other.path == operation.path}
        if method in methods:
            continue
        answer = Client().generic(method, address_of(operation), b"{}", content_type="application/json")
        allowed = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
        assert (answer.status_code, answer["Allow"]) == (405, allowed)
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "method-not-allowed"


@filled
def test_the_head_of_an_answer_can_be_asked_for_alone() -> None:
    for operation in READS:
        answer = Client().head(address_of(operation), NEEDED.get(operation.path, {}))
        assert (answer.status_code, answer.content) == (200 if operation in OPEN else 401, b"")


def test_what_is_guarded_asks_strangers_to_sign_in() -> None:
    guarded = [operation for operation in OPERATIONS if operation.path.startswith(GUARDED)]
    assert {operation.method for operation in guarded} == {"get", "post"}
    for operation in guarded:
        answer = Client().generic(operation.method.upper(), address_of(operation), b"{}")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert answer.json()["code"] == "sign-in-needed"


@filled
@of_each_read
def test_odd_encodings_are_answered_as_documented(operation: Operation) -> None:
    path = address_of(operation)
    names = [parameter.name for parameter in operation.query]
    for odd in ODD:
        asked = [(path, odd), (f"{path}{odd}", ""), (f"{path}/{odd}", "")]
        for place, query in (*asked, *((path, f"{name}={odd}") for name in names)):
            answer = Client().get(place, query_string=query)
            assert answer.status_code in {200, 400, 404, 422} | (
                set() if operation in OPEN else {401, 405}
            ), (place, query)
            if answer.status_code != 200:
                assert answer["Content-Type"] == "application/problem+json", (place, query)


def test_every_name_in_the_document_stands_for_one_thing() -> None:
    """The document keeps one schema for each name: of two, one would silently be the other's."""

    def below(kind: type[Schema]) -> Iterator[type[Schema]]:
        for found in kind.__subclasses__():
            yield found
            yield from below(found)

    named = Counter(kind.__name__ for kind in set(below(Schema)) if kind.__module__.startswith("stadt."))
    identifiers = Counter(operation.definition.raw["operationId"] for operation in OPERATIONS)
    assert [name for name, count in (named + identifiers).items() if count > 1] == []


def test_every_answer_has_a_schema_with_named_fields() -> None:
    for operation in OPERATIONS:
        [answer] = [
            told["content"]["application/json"]["schema"]
            for status, told in operation.definition.raw["responses"].items()
            if status in {"200", "201"}
        ]
        assert answer["$ref"].startswith("#/components/schemas/")
