"""The form of the log: one line or one JSON object for each event, with the request or job it belongs to.

Nothing personal and no secret goes into it: paths without their queries and without what looks like a token, actors by
kind and id. What a visitor sent is written so that it can neither begin a new line nor steer a terminal.
"""

import json
import logging
import re
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from stadt.core.environment import Environment

LONGEST_MESSAGE = 2000
LONGEST_PATH = 300
# Everything that starts a new line or steers a terminal: C0, C1, Unicode's line ends and changes of direction.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A step of an address that may be a secret, such as the link of a mail: long, and neither words joined by hyphens nor an
# entity of an interface with its number.
LONG_STEP = re.compile(r"(?<=/)[^/]{20,}")
HARMLESS_STEP = re.compile(r"[a-z-]+|[A-Za-z]+(\([0-9]+\))?|[a-z0-9_.-]+\.[a-z]{2,10}")


@dataclass(slots=True)
class Circumstances:
    """What a line belongs to. Shared by everything that works on one request or job, in whatever thread."""

    request_id: str = ""
    method: str = ""
    path: str = ""
    job: str = ""
    actor_kind: str = ""
    actor_id: str = ""


_current: ContextVar[Circumstances | None] = ContextVar("stadt_circumstances", default=None)


def begin_request(request_id: str, method: str, path: str) -> None:
    """Note what the lines from here on belong to; each request has a context of its own."""
    _current.set(Circumstances(request_id, method, path))


def begin_job(name: str, request_id: str = "") -> None:
    """As `begin_request`; `request_id` is that of the request that queued the job."""
    _current.set(Circumstances(request_id, job=name))


def note_actor(kind: str, identifier: str) -> None:
    """Note who acts, by kind and id."""
    found = _current.get()
    if found is not None:
        found.actor_kind, found.actor_id = kind, identifier


def request_id() -> str:
    """The id of the request that is worked on, or that queued the job that is; empty outside of both."""
    found = _current.get()
    return found.request_id if found is not None else ""


def shown_path(path: str) -> str:
    """A path as it may stand in the log: quoted, bounded, and without what looks like a token."""
    return quote(LONG_STEP.sub(_shown_step, path[:LONGEST_PATH]), safe="/()$@:,…")


def _shown_step(match: re.Match[str]) -> str:
    return match[0] if HARMLESS_STEP.fullmatch(match[0]) else "…"


class LineFormatter(logging.Formatter):
    """Writes a record's message as one line of bounded length; only a trace, which we cause ourselves, has more."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the base class's name
        text = bounded(record.message)
        found = _current.get()
        if found is not None and found.request_id and " id=" not in text:
            text += f" id={found.request_id}"
        record.message = UNPRINTABLE.sub(_escaped, text)
        return super().formatMessage(record)


class JsonFormatter(logging.Formatter):
    """Writes a record as one JSON object (RFC 8259) in one line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": bounded(record.getMessage()),
        }
        found = _current.get()
        if found is not None:
            line |= {
                "request_id": found.request_id,
                "method": found.method,
                "path": shown_path(found.path) if found.path else "",
                "job": found.job,
                "actor_kind": found.actor_kind,
                "actor_id": found.actor_id,
            }
        for name in ("status", "seconds"):
            line[name] = getattr(record, name, None)
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        kept = {name: value for name, value in line.items() if value not in ("", None)}
        return UNPRINTABLE.sub(_json_escaped, json.dumps(kept, ensure_ascii=False, default=str))


class QueueFilter(logging.Filter):
    """Names the queue's jobs without their arguments: those of a mail are its content."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite a record of the queue; keep every record."""
        job = getattr(record, "job", None)
        if record.name.startswith("procrastinate") and isinstance(job, dict):
            action = getattr(record, "action", "log")
            record.msg, record.args = "%s: job %s (%s)", (action, job.get("id"), job.get("task_name"))
        return True


def bounded(text: str) -> str:
    """A message of bounded length."""
    return text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}… ({len(text)} characters)"


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def _json_escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def log_settings(environment: Environment) -> dict[str, Any]:
    """Django's LOGGING: lines or JSON, with a line for each answered request only where `STADT_LOG` asks for it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"queue": {"()": "stadt.core.log.QueueFilter"}},
        "formatters": {
            "line": {
                "()": "stadt.core.log.LineFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            },
            "json": {"()": "stadt.core.log.JsonFormatter"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": environment.log_form,
                "filters": ["queue"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "stadt": {"level": "INFO"},
            "stadt.access": {"level": "INFO" if environment.logs_access else "WARNING"},
            # the error middleware and the ASGI entry write one line for each refused request
            "django.request": {"level": "CRITICAL"},
            "django.security.csrf": {"level": "CRITICAL"},
            "procrastinate": {"level": "WARNING"},
        },
    }
