"""Identity of the intake of readings."""

from stadt.core.application import Application


class Ingest(Application):
    """Sources, device profiles and devices: how a sensor's message becomes observations."""

    name = "stadt.hub.ingest"
    label = "ingest"
    title = "Datenquellen"
