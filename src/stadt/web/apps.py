"""Identity of the floor that decides how everything looks."""

from stadt.core.application import Application


class Web(Application):
    name = "stadt.web"
    label = "web"
    title = "Oberfläche"
