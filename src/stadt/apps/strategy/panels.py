"""Blocks that apps above the strategy add to its pages: verdicts, decisions, teams, reports, feedback."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from stadt.apps.strategy.rights import SEE_INTERNAL
from stadt.apps.strategy.teams.queries import is_member
from stadt.core.people.access import actor_of
from stadt.core.registry import registry

OVERVIEW = "strategy.overview"
MEASURE = "strategy.measure"
INDICATOR = "strategy.indicator"
INTERNAL = {MEASURE: "strategy.measure_internal", INDICATOR: "strategy.indicator_internal"}
"""For each public slot the one that is rendered for those alone who may see what is internal."""


@dataclass(frozen=True, slots=True)
class Block:
    """A panel ready to be rendered; its template finds `context` as `panel`."""

    template: str
    context: Mapping[str, Any]


def public_blocks(request: HttpRequest, slot: str) -> list[Block]:
    """What everybody sees in a slot, in the panels' order."""
    return [Block(panel.template, panel.context(request)) for panel in registry.panels(slot)]


def internal_blocks(request: HttpRequest, slot: str, code: str) -> list[Block]:
    """What only those see who may see internal things about this measure or indicator; nothing for everybody else."""
    return public_blocks(request, INTERNAL[slot]) if _may_see_internal(request, code) else []


def _may_see_internal(request: HttpRequest, code: str) -> bool:
    actor = actor_of(request)
    return actor.can(SEE_INTERNAL) or is_member(actor.user_id, code)
