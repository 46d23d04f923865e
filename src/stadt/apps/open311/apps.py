"""Identity of the app."""

from stadt.core.application import Application


class Open311(Application):
    """Reports by the Open311 GeoReport v2 interface, for other programs."""

    name = "stadt.apps.open311"
    label = "open311"
    title = "Open311"
    uses = ("issues",)
