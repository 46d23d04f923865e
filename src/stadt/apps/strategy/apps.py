"""Identity of the strategy."""

from stadt.core.application import Application


class StrategyApp(Application):
    """The city's digital strategy, measured by what the platform itself knows."""

    name = "stadt.apps.strategy"
    label = "strategy"
    title = "Strategie"
