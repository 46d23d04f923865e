"""Domain events: typed facts in the past tense, carrying ids only, told after commit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import transaction

from stadt.core.errors import ConfigurationError
from stadt.core.jobs import defer
from stadt.core.manifest import Listener
from stadt.core.registry import registry


@dataclass(frozen=True)
class Event:
    """Base of all facts. Fields are ids, keys, times and numbers, never personal text."""


def publish(event: Event) -> None:
    """Tell a fact. Durable listeners become jobs in this transaction; the others are called after commit."""
    for listener in registry.listeners:
        if listener.event is not type(event):
            continue
        if listener.durable:
            defer(
                "core.deliver_event",
                listener=name_of(listener.run),
                event=type(event).__name__,
                data=msgspec.to_builtins(event),
            )
        else:
            transaction.on_commit(_bind(listener.run, event))


def deliver(*, listener: str, event: str, data: dict[str, Any]) -> None:
    """The job that gives one event to one durable listener."""
    found = find_listener(listener, event)
    found.run(msgspec.convert(data, found.event))


def find_listener(name: str, event: str) -> Listener:
    """Raises ConfigurationError when the listener is not installed any more, so that the job stays visible."""
    for listener in registry.listeners:
        if name_of(listener.run) == name and listener.event.__name__ == event:
            return listener
    raise ConfigurationError(f"Niemand namens {name} hört mehr auf {event}.")


def name_of(run: Callable[..., None]) -> str:
    """The stable name under which a listener is found again by another process."""
    return f"{run.__module__}.{run.__qualname__}"


def _bind(run: Callable[..., None], event: Event) -> Callable[[], None]:
    return lambda: run(event)
