"""Blocks that other apps add to the strategy's pages, and who sees which."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from stadt.apps.strategy import panels
from stadt.apps.strategy.document import strategy
from stadt.core.manifest import Panel
from stadt.core.people.actor import Actor
from stadt.core.registry import registry

pytestmark = pytest.mark.django_db


def _context(request: HttpRequest) -> Mapping[str, Any]:
    match = request.resolver_match
    return {"code": match.kwargs.get("code", "") if match else ""}


@pytest.fixture
def slots(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every slot has one panel; the list says which slots were asked for."""
    asked: list[str] = []

    def answer(slot: str) -> tuple[Panel, ...]:
        asked.append(slot)
        is_ours = slot.startswith("strategy.")
        return (Panel(slot, "strategy/_internal.html", _context),) if is_ours else ()

    monkeypatch.setattr(registry, "panels", answer)
    return asked


@pytest.mark.parametrize(
    ("path", "slot"),
    [
        ("", panels.OVERVIEW),
        ("massnahmen/{measure}/", panels.MEASURE),
        ("indikatoren/{indicator}/", panels.INDICATOR),
    ],
)
def test_a_page_asks_for_its_public_slot_and_not_for_the_internal_one(
    client: Client, slots: list[str], path: str, slot: str
) -> None:
    document = strategy()
    path = path.format(measure=next(iter(document.measures)), indicator=next(iter(document.indicators)))

    assert client.get(f"/strategie/{path}").status_code == 200

    assert slot in slots
    assert not set(panels.INTERNAL.values()) & set(slots)


def test_internal_blocks_are_for_those_alone_who_may_see_them(rf: RequestFactory, slots: list[str]) -> None:
    request = rf.get("/strategie/massnahmen/M-1.1.1/")
    request.actor = Actor.anonymous()  # type: ignore[attr-defined]
    assert panels.internal_blocks(request, panels.MEASURE, "M-1.1.1") == []
    request.actor = Actor("user", "7", {panels.SEE_INTERNAL.key: frozenset({1})})  # type: ignore[attr-defined]
    assert len(panels.internal_blocks(request, panels.MEASURE, "M-1.1.1")) == 1
