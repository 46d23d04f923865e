"""Traces to an OpenTelemetry collector, where the extra `telemetry` is installed and a collector is named.

`OTEL_EXPORTER_OTLP_ENDPOINT` names it, as in every OpenTelemetry program. Without it nothing is imported and nothing is
measured. Spans carry methods, routes by their first step, states and durations: no query, body, name or address.
"""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

logger = logging.getLogger("stadt.telemetry")

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
NAME = "vernetzte-stadt"


class _Telemetry:
    tracer: Any = None
    provider: Any = None


def is_wanted() -> bool:
    """Whether a collector is named."""
    return bool(os.environ.get(ENDPOINT))


def is_on() -> bool:
    """Whether spans are recorded in this process."""
    return _Telemetry.tracer is not None


def start(part: str, processor: Any = None) -> None:
    """Record spans from now on when they are wanted; `part` is `web` or `worker`. A test gives its own `processor`."""
    if is_on() or not (is_wanted() or processor):
        return
    try:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - only where it is wanted
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    except ImportError:
        logger.error(
            "%s is set, but the extra is missing: pip install 'vernetzte-stadt[telemetry]'", ENDPOINT
        )
        return
    name = os.environ.get("OTEL_SERVICE_NAME", NAME)
    provider = TracerProvider(resource=Resource.create({"service.name": name, "service.instance.id": part}))
    provider.add_span_processor(processor or _exporting())
    _Telemetry.provider = provider
    _Telemetry.tracer = provider.get_tracer("stadt")


def _exporting() -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    return BatchSpanProcessor(OTLPSpanExporter())


def stop() -> None:
    """Send what waits, and record no more."""
    provider, _Telemetry.provider, _Telemetry.tracer = _Telemetry.provider, None, None
    if provider is not None:
        provider.shutdown()


@contextmanager
def span(
    name: str, attributes: Mapping[str, str] | None = None, *, parent: str = "", kind: str = "INTERNAL"
) -> Iterator[Any]:
    """Record what the block does, as a child of what runs; `parent` is a W3C `traceparent` from outside.

    Only called while `is_on()`. An exception marks the span without its words.
    """
    from opentelemetry.propagate import extract  # noqa: PLC0415
    from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415

    context = extract({"traceparent": parent}) if parent else None
    with _Telemetry.tracer.start_as_current_span(
        name,
        context=context,
        kind=SpanKind[kind],
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as found:
        try:
            yield found
        except BaseException as error:
            found.set_attribute("error.type", type(error).__name__)
            found.set_status(Status(StatusCode.ERROR))
            raise


def traceparent() -> str:
    """The running span as a W3C `traceparent`, for a job that is queued; empty where none runs."""
    if not is_on():
        return ""
    from opentelemetry.propagate import inject  # noqa: PLC0415

    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get("traceparent", "")


def statement(execute: Callable[..., Any], sql: Any, parameters: Any, many: bool, context: Any) -> Any:
    """Django's execute wrapper: one span for each statement, named by its first word; no text, no values."""
    words = str(sql).split(None, 1)
    name = words[0].upper()[:16] if words and words[0].isalpha() else "SQL"
    with span(name, {"db.system.name": "postgresql", "db.operation.name": name}, kind="CLIENT"):
        return execute(sql, parameters, many, context)
