"""Remarks on the printed strategy in the city's links.toml: proposals that help to find gaps, never values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stadt.apps.strategy.record.content import kind_of
from stadt.apps.strategy.record.printed import printed_content
from stadt.core.registry import registry


@dataclass(frozen=True, slots=True)
class SameData:
    """Indicators that are computed from the same base data, named in `what`."""

    codes: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True)
class Related:
    """One of the platform's own figures that comes near a printed indicator, and why it is not the same."""

    key: str
    why: str


def same_data() -> tuple[SameData, ...]:
    """Groups of indicators that need one collection instead of several."""
    return tuple(SameData(tuple(row["codes"]), row["what"]) for row in _table("hints").get("same_data", ()))


def context_codes() -> frozenset[str]:
    """Indicators that the city can hardly move: proposed as context, not as a target."""
    return frozenset(_table("hints").get("context", ()))


def related(code: str) -> tuple[Related, ...]:
    """The platform's figures that come near a printed indicator without measuring it."""
    return tuple(Related(key, why) for key, why in _table("related").get(code, {}).items())


def partner_products() -> frozenset[str]:
    """Measures whose software is a partner's or vendor's product: it is connected, not built again."""
    return frozenset(_table("software").get("partner", ()))


def planned_parts() -> dict[str, str]:
    """Measures that a part of the platform is to carry that is not there yet, with that part's name."""
    return {code: str(entry["part"]) for code, entry in _table("planned").items()}


def problems() -> Iterator[str]:
    """Sentences for the registry: tables of another shape, unknown codes and unknown figures."""
    try:
        yield from _unknown_codes()
        yield from _unknown_keys()
    except (AttributeError, KeyError, TypeError, ValueError):
        yield "links.toml: hints, related, software oder planned hat nicht die beschriebene Form."


def _unknown_codes() -> Iterator[str]:
    indicators = (
        {code for group in same_data() for code in group.codes} | context_codes() | set(_table("related"))
    )
    measures = partner_products() | set(planned_parts())
    known = printed_content()  # the checks run before there is a database to ask
    for code in sorted(indicators | measures):
        wanted = "measure" if code in measures else "indicator"
        if kind_of(code) != wanted or code not in known:
            yield f"links.toml: {code} gibt es in der Strategie nicht."


def _unknown_keys() -> Iterator[str]:
    for code in _table("related"):
        for item in related(code):
            if item.key not in registry.indicators:
                yield f"links.toml: {code} nennt die Kennzahl „{item.key}“, die keine App erklärt."
            if not item.why:
                yield f"links.toml: Bei {code} fehlt, warum „{item.key}“ nicht dasselbe misst."


def _table(name: str) -> dict[str, Any]:
    found: dict[str, Any] = registry.links.get(name, {})
    return found
