"""What is done when values or the strategy change."""

from stadt.apps.steering import services, strategy
from stadt.apps.steering.lines import list_targets
from stadt.apps.strategy.events import StrategyChanged
from stadt.core.jobs import defer
from stadt.core.people.actor import Actor
from stadt.hub.indicators.events import FigureRevised, FigureStored

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
    about = [one for one in list_targets(examples=False) if event.key in strategy.own_keys(one.code)]
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
