"""Identity of the app."""

from stadt.core.application import Application


class Reuse(Application):
    """What is made with the city's data, and which data people miss."""

    name = "stadt.apps.reuse"
    label = "reuse"
    title = "Nutzung offener Daten"
