"""Spans where a collector is named, with nothing personal in them; and nothing at all where none is named."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from django.db import connection
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from stadt.core import jobs, telemetry
from stadt.core.database.pool import close_async_pool
from stadt.core.manifest import Job

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    telemetry.start("test", SimpleSpanProcessor(exporter))
    yield exporter
    telemetry.stop()


def get(path: str, **headers: str) -> httpx.Response:
    from stadt.config.asgi import application

    async def story() -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
                return await client.get(path, headers=headers)
        finally:
            await close_async_pool()

    return asyncio.run(story())


@pytest.mark.django_db(transaction=True)
def test_a_request_is_a_span_of_the_trace_it_came_with(spans: InMemorySpanExporter) -> None:
    answer = get("/suche?q=Erika+Mustermann", traceparent=PARENT)
    assert answer.status_code == 200
    [request] = [span for span in spans.get_finished_spans() if span.kind.name == "SERVER"]
    assert f"{request.context.trace_id:032x}" == TRACE
    assert request.name == "GET /suche"
    assert request.attributes is not None
    assert dict(request.attributes) == {
        "http.request.method": "GET",
        "http.route": "/suche",
        "http.response.status_code": 200,
        "stadt.request_id": answer.headers["x-request-id"],
    }


@pytest.mark.django_db(transaction=True)
def test_nothing_that_was_asked_for_stands_in_a_span(spans: InMemorySpanExporter) -> None:
    get("/konto/password/reset/key/3-geheim1-aaaaaaaaaaaa/?email=erika@stadt.example")
    told = " ".join(span.to_json() for span in spans.get_finished_spans())
    assert "geheim" not in told
    assert "erika" not in told


@pytest.mark.django_db
def test_a_statement_is_a_span_without_its_words(spans: InMemorySpanExporter) -> None:
    with (
        telemetry.span("test"),
        connection.execute_wrapper(telemetry.statement),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT %s::text", ["geheim"])
    statement, _ = spans.get_finished_spans()
    assert statement.name == "SELECT"
    assert "geheim" not in statement.to_json()


def fail() -> None:
    raise ZeroDivisionError


def test_a_job_goes_on_with_the_trace_of_the_request_that_queued_it(spans: InMemorySpanExporter) -> None:
    with telemetry.span("request", parent=PARENT):
        carried = telemetry.traceparent()
    with pytest.raises(ZeroDivisionError):
        jobs.work(Job("test.job", run=fail), {"id": "abcdef12", "trace": carried}, {})
    job = spans.get_finished_spans()[-1]
    assert job.name == "job test.job"
    assert f"{job.context.trace_id:032x}" == TRACE
    assert job.status.status_code.name == "ERROR"
    assert not job.events


def test_without_a_collector_nothing_is_imported() -> None:
    code = (
        "import sys, os; os.environ.pop('OTEL_EXPORTER_OTLP_ENDPOINT', None)\n"
        "from stadt.core import telemetry\n"
        "telemetry.start('web')\n"
        "assert not telemetry.is_on()\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_spans_reach_a_collector_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        monkeypatch.setenv(telemetry.ENDPOINT, f"http://127.0.0.1:{server.server_address[1]}")
        telemetry.start("web")
        with telemetry.span("GET /suche"):
            pass
        telemetry.stop()
        server.shutdown()
        thread.join()
    [(path, body)] = received
    found = ExportTraceServiceRequest.FromString(body)
    assert path == "/v1/traces"
    assert found.resource_spans[0].scope_spans[0].spans[0].name == "GET /suche"
