"""Identity of the waste app."""

from stadt.core.application import Application


class Waste(Application):
    """Containers of the city and how full they are."""

    name = "stadt.apps.waste"
    label = "waste"
    title = "Abfall"
    uses = ("catalogue", "maps")
