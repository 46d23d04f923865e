"""What is done when values or the strategy change."""

from stadt.apps.steering import services, strategy
from stadt.apps.steering.lines import list_targets
from stadt.apps.steering.models import Target
from stadt.apps.strategy.events import StrategyChanged
from stadt.core.jobs import defer
from stadt.core.people.actor import Actor
from stadt.hub.indicators import queries
from stadt.hub.indicators.events import FigureRevised, FigureStored
from stadt.hub.indicators.queries import Value
from stadt.hub.indicators.states import Origin

SWEEP = "steering.sweep"


def strategy_changed(_event: StrategyChanged) -> None:
    """Look for causes soon. However many changes come, the job waits once."""
    defer(SWEEP)


def figure_stored(event: FigureStored) -> None:
    """Look for causes soon, where a target hangs on the figure."""
    if any(event.key in strategy.own_keys(target.code) for target in list_targets()):
        defer(SWEEP)


def figure_revised(event: FigureRevised) -> None:
    """Tell those who answer for a target that its value was corrected, and look for causes again."""
    value = queries.find_value(event.value_id)
    about = [
        one
        for one in list_targets(examples=False)
        if event.key in strategy.own_keys(one.code) and (value is None or _hangs_on(one, value))
    ]
    if not about:
        return
    services.raise_revision(
        Actor.system("job:steering.sweep"),
        event.value_id,
        about[0].code,
        about[0].measure,
        {"old": event.old, "new": event.new},
    )
    defer(SWEEP)


def _hangs_on(target: Target, value: Value) -> bool:
    """Whether a target is judged by values such as this one: not by invented ones, parts or moving means."""
    return (
        not value.simulated
        and not value.dimensions
        and value.origin != Origin.DERIVED
        and (value.place_id, value.series) == (target.place_id, target.series)
    )
