"""Identity of the start page."""

from stadt.core.application import Application


class Home(Application):
    """The first page, made of what the other apps add to it."""

    name = "stadt.apps.home"
    label = "home"
    title = "Startseite"
    uses = ("maps",)
