"""What everybody reads about SOLL and IST on the strategy's pages, and the ways into steering for those who may."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from stadt.apps.steering import queries, strategy
from stadt.apps.steering.ist import series_of
from stadt.apps.steering.lines import list_targets, soll_of
from stadt.apps.steering.movement import movements_of
from stadt.apps.steering.movement_words import movement_columns, movement_rows
from stadt.apps.steering.picture import picture_of
from stadt.apps.steering.presentation import series_columns, series_rows, shown_verdict
from stadt.apps.steering.public import verdicts_of_measure
from stadt.apps.steering.rights import ASSESS, PROPOSE_TARGETS, SEE
from stadt.apps.steering.states import Outcome
from stadt.apps.steering.verdict import State
from stadt.apps.steering.verdicts import Verdict, list_verdicts, verdict_of, verdict_on
from stadt.apps.steering.words import STEPS
from stadt.core.people.access import actor_of

ROWS_SHOWN = 12


def overview(_request: HttpRequest) -> dict[str, Any]:
    """How many targets of the strategy are decided and how they stand. Examples are told apart and never counted."""
    verdicts = list_verdicts()
    real = [one for one in verdicts if not one.is_example]
    counted = Counter(one.state for one in real)
    return {
        "target_count": len(real),
        "counts": [
            (gettext(STEPS[step][0]), counted[step], str(STEPS[step][1])) for step in State if counted[step]
        ],
        "example_count": len(verdicts) - len(real),
        "indicator_count": len(strategy.list_indicators()),
        "without_target": len({one.code for one in strategy.list_indicators()} - {one.code for one in real}),
    }


def measure(request: HttpRequest) -> dict[str, Any]:
    """The measure's targets in words residents use, what is done about it, and how it turned out."""
    code = _code(request)
    verdicts = [one for one in verdicts_of_measure(code) if one.target_id]
    confirmed = evaluation_words(code)
    return {
        "verdicts": [shown_verdict(one) for one in verdicts],
        "answers": queries.public_answers(code),
        "evaluation": confirmed,
        **_moved(code),
    }


def _moved(code: str) -> dict[str, Any]:
    """Before and after the measure began."""
    found = strategy.find_measure(code)
    rows = movement_rows(movements_of(found)) if found else []
    return {"movement_columns": movement_columns(), "movements": rows}


def indicator(request: HttpRequest) -> dict[str, Any]:
    """The indicator's targets, each frame's beside the city's, with the chart and the table of the main one."""
    code = _code(request)
    main = verdict_of(code)
    others = [verdict_on(one) for one in list_targets(code=code) if one.pk != main.target_id]
    return {
        "verdicts": [shown_verdict(one) for one in ([main] if main.target_id else []) + others],
        "answers": queries.public_answers(code),
        **_drawn(main),
    }


def internal(request: HttpRequest) -> dict[str, Any]:
    """The way into steering, for those who may see it."""
    actor, code = actor_of(request), _code(request)
    may_see = actor.can(SEE)
    return {
        "code": code,
        "is_measure": strategy.find_measure(code) is not None,
        "may_see": may_see,
        "warning_count": len(queries.list_warnings(actor, code)) if may_see else 0,
        "may_propose": actor.can(PROPOSE_TARGETS),
        "may_assess": actor.can(ASSESS),
    }


def evaluation_words(code: str) -> Mapping[str, Any] | None:
    """The confirmed evaluation of a measure as everybody may read it: outcome and day, no reasons, no people."""
    found = queries.confirmed_evaluation(code)
    if found is None:
        return None
    return {"outcome": Outcome(found.outcome).label, "on": found.evaluated_on}


def _drawn(verdict: Verdict) -> dict[str, Any]:
    if not verdict.target_id or verdict.figure is None:
        return {"picture": None, "columns": [], "rows": []}
    target = queries.get_target(verdict.target_id)
    soll = soll_of(target)
    values = series_of(verdict.figure.key, series=target.series, place_id=target.place_id)
    return {
        "picture": picture_of(soll, values, verdict.forecast, verdict.figure),
        "unit": verdict.figure.unit,
        "columns": series_columns(),
        "rows": series_rows(values[-ROWS_SHOWN:], soll, verdict, verdict.figure),
    }


def _code(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.kwargs.get("code", "")) if match else ""
