"""What the strategy's gaps may know of the targets: codes only, of decided targets that hold today, never of examples."""

from stadt.apps.steering.lines import list_targets
from stadt.apps.steering.models import Target
from stadt.apps.strategy.public import Fact, tell


def with_target() -> frozenset[str]:
    """Indicators with a decided target of the city's own."""
    return frozenset(target.code for target in _own())


def with_base() -> frozenset[str]:
    """Indicators whose target names the value it starts from."""
    return frozenset(target.code for target in _own() if target.base_value is not None)


def with_due_day() -> frozenset[str]:
    """Indicators whose target names the day by which it is to be reached."""
    return frozenset(target.code for target in _own() if target.due is not None)


def tell_strategy() -> None:
    """Called when the manifest is read."""
    tell(Fact.TARGET, with_target, page="steering:target_new")
    tell(Fact.BASE, with_base)
    tell(Fact.DUE, with_due_day)


def _own() -> list[Target]:
    """Those of other frames, such as a funder's, are not the city's."""
    return [target for target in list_targets(examples=False) if not target.frame]
