"""Identity of the SensorThings interface."""

from stadt.core.application import Application


class SensorThings(Application):
    """The standard's address `/sta/v1.1`: reading and creating what the observations keep."""

    name = "stadt.hub.sta"
    label = "sta"
    title = "SensorThings"
