"""Identity of the indicators."""

from stadt.core.application import Application


class Indicators(Application):
    """Figures with formula, period, place and lineage."""

    name = "stadt.hub.indicators"
    label = "indicators"
    title = "Kennzahlen"
