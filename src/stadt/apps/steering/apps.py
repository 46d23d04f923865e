"""Identity of the app."""

from stadt.core.application import Application


class Steering(Application):
    """What the strategy aims at (SOLL), where it stands (IST), and who answers when it goes wrong."""

    name = "stadt.apps.steering"
    label = "steering"
    title = "Steuerung"
    uses = ("strategy", "governance")
