"""JSON lines: one object for each event, with what it belongs to, and nothing personal or secret."""

import contextvars
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from stadt.core import log
from stadt.core.environment import load
from stadt.core.errors import ConfigurationError
from stadt.core.log import JsonFormatter, LineFormatter, log_settings, shown_path


def apart(work: Callable[[], Any]) -> Any:
    """In a context of its own, as each request has one."""
    return contextvars.copy_context().run(work)


def record(message: str, *values: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("stadt.request", logging.WARNING, "", 0, message, values, None)
    made.__dict__.update(extra)
    return made


def test_a_line_says_what_it_belongs_to() -> None:
    def request() -> str:
        log.begin_request("abcdef12", "POST", "/konto/login/")
        log.note_actor("user", "17")
        return JsonFormatter().format(record("%s refused", "it", status=422, seconds=0.25))

    found = json.loads(apart(request))
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "warning",
        "logger": "stadt.request",
        "message": "it refused",
        "request_id": "abcdef12",
        "method": "POST",
        "path": "/konto/login/",
        "actor_kind": "user",
        "actor_id": "17",
        "status": 422,
        "seconds": 0.25,
    }


@pytest.mark.parametrize(
    "hostile",
    ['"}\n{"level":"error"}', "\x1b[2J\x00\r\n", "\u2028\u2029\u202e\x85", "\ud800", "x" * 100_000, '\\"\\'],
    ids=["another object", "terminal", "line ends", "half a character", "long", "escapes"],
)
def test_whatever_a_visitor_sends_one_event_is_one_object_in_one_line(hostile: str) -> None:
    def request() -> str:
        log.begin_request("abcdef12", "GET", hostile.encode("utf-8", "replace").decode())
        return JsonFormatter().format(record("GET %s", hostile))

    line = apart(request)
    assert len(line.splitlines()) == 1
    assert isinstance(json.loads(line)["message"], str)
    assert len(line) < 5000


def test_an_error_of_our_own_brings_its_trace() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        made = record("failed")
        made.exc_info = (type(error), error, error.__traceback__)
    assert "ValueError: broken" in json.loads(JsonFormatter().format(made))["trace"]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/konto/password/reset/key/3-cq1abc-5a5e9f3a0d8a1f0e9e2b/", "/konto/password/reset/key/…/"),
        ("/konto/confirm-email/MTc:1vN0aB:kJh3_x-Zyq9Lm2/", "/konto/confirm-email/…/"),
        ("/einrichten/Zk3v9sQxY7wT1mN5pR8uA2/", "/einrichten/…/"),
        ("/daten/waste.containers/karte/", "/daten/waste.containers/karte/"),
        ("/melden/vorgaenge-der-verwaltung/", "/melden/vorgaenge-der-verwaltung/"),
        (
            "/sta/v1.1/Observations(123456789012)/Datastream",
            "/sta/v1.1/Observations(123456789012)/Datastream",
        ),
    ],
)
def test_a_path_loses_what_looks_like_a_token(path: str, shown: str) -> None:
    assert shown_path(path).replace("%E2%80%A6", "…") == shown


def test_a_line_for_people_ends_with_the_request_it_belongs_to() -> None:
    def request() -> str:
        log.begin_request("abcdef12", "GET", "/")
        return LineFormatter("%(message)s").format(record("nothing found"))

    assert apart(request) == "nothing found id=abcdef12"
    assert LineFormatter("%(message)s").format(record("outside")) == "outside"


def test_lines_are_the_default_and_json_and_answered_requests_are_asked_for() -> None:
    def forms(value: str) -> tuple[str, str]:
        made = log_settings(load({"STADT_LOG": value} if value else {}))
        return made["handlers"]["stderr"]["formatter"], made["loggers"]["stadt.access"]["level"]

    assert forms("") == ("line", "WARNING")
    assert forms("json") == ("json", "WARNING")
    assert forms("json+access") == ("json", "INFO")
    assert forms("line+access") == ("line", "INFO")
    with pytest.raises(ConfigurationError, match="STADT_LOG"):
        load({"STADT_LOG": "xml"})
