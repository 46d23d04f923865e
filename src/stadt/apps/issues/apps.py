"""Identity of the app."""

from stadt.core.application import Application


class Issues(Application):
    """Tell the city what is broken or missing, and see what becomes of it."""

    name = "stadt.apps.issues"
    label = "issues"
    title = "Mängelmelder"
    uses = ("catalogue", "services")
