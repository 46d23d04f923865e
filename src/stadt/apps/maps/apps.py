"""Identity of the map."""

from stadt.core.application import Application


class Maps(Application):
    """One map of all live layers."""

    name = "stadt.apps.maps"
    label = "maps"
    title = "Karte"
