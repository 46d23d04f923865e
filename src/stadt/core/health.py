"""`/health/live`, `/health/ready` and `/metrics`: what a supervisor and Prometheus ask."""

import asyncio
import logging
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.utils import DatabaseError, InterfaceError
from django.utils.translation import gettext_noop
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector

from stadt.core import asgi, condition, traffic
from stadt.core.condition import Level
from stadt.core.errors import MethodNotAllowed, NotFound, SignInNeeded
from stadt.core.machine import is_direct
from stadt.core.manifest import Permission
from stadt.core.registry import registry
from stadt.core.tokens import bearer_secret, find_actor_async

logger = logging.getLogger("stadt.health")

READ_METRICS = Permission("core.read_metrics", gettext_noop("Messwerte des Betriebs abrufen (/metrics)"))
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# A supervisor's, which would drown everybody else's at night.
OWN_QUESTIONS = frozenset({"health", "metrics"})

collectors = CollectorRegistry()
ProcessCollector(registry=collectors)
requests_total = Counter(
    "stadt_http_requests", "Answered requests", ("area", "method", "status"), registry=collectors
)
request_seconds = Histogram(
    "stadt_http_request_seconds",
    "Time to the end of the answer",
    ("area",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=collectors,
)


class _DeclaredMetrics:
    """Reads the figures that apps declare in their manifests whenever somebody asks."""

    def collect(self) -> Any:
        for metric in registry.metrics:
            try:
                rows = list(metric.read())
            except (DatabaseError, InterfaceError):
                logger.warning("metric %s could not be read", metric.name)
                continue
            labels = sorted({key for row, _ in rows for key in row})
            family = GaugeMetricFamily(metric.name, metric.help, labels=labels)
            for row, value in rows:
                family.add_metric([row.get(label, "") for label in labels], value)
            yield family


collectors.register(_DeclaredMetrics())


async def handle_health(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """Mount of `/health/`. Live: the process answers. Ready: what `stadt.core.condition` knows.

    Ready answers 503 only when this process cannot serve, because there is no database: who sends requests should ask
    another one. A full disk or a dead worker is `degraded` with 200: reading goes on, and no other process fares better.
    """
    if scope["method"] not in {"GET", "HEAD"}:
        raise MethodNotAllowed("Only GET.", headers={"Allow": "GET, HEAD"})
    if scope["path"] == "/health/live":
        await asgi.send_json(send, {"status": "ok"})
    elif scope["path"] == "/health/ready":
        found = await asyncio.to_thread(condition.conditions)
        is_up = condition.is_database_up()
        status = "degraded" if condition.worst(found) is Level.FAILED else "ok"
        body = {
            "status": status if is_up else "unavailable",
            "conditions": {item.key: {"level": item.level, "since": item.since} for item in found},
        }
        await asgi.send_json(send, body, 200 if is_up else 503, ((b"cache-control", b"no-store"),))
    else:
        raise NotFound


async def handle_metrics(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """Mount of `/metrics`: for the machine itself, or with a token that may read metrics."""
    if scope["path"] != "/metrics":
        raise NotFound
    client = scope.get("client") or ("", 0)
    if not is_direct(str(client[0]), (str(name, "latin-1") for name, _ in scope["headers"])):
        actor = await find_actor_async(bearer_secret(asgi.header(scope, b"authorization")))
        if actor is None:
            raise SignInNeeded("A token with core.read_metrics is needed.")
        actor.require(READ_METRICS)
    body = await asyncio.to_thread(_render)
    await asgi.send_bytes(send, 200, body, b"text/plain; version=0.0.4; charset=utf-8")


def observe(area: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request; `area` is a mount or a known page's first part of the address, so that labels stay few."""
    counted, timed = _series(area, method if method in METHODS else "other", status)
    counted.inc()
    timed.observe(seconds)
    if area not in OWN_QUESTIONS:
        traffic.count(status)


@lru_cache(maxsize=4096)
def _series(area: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """The counter and histogram of one kind of answer: looking them up anew costs a tenth of a fast answer."""
    return requests_total.labels(area, method, str(status)), request_seconds.labels(area)


def _render() -> bytes:
    try:
        return generate_latest(collectors)
    finally:
        connection.close()
