"""Identity of the app."""

from stadt.core.application import Application


class Desk(Application):
    """Where the office works on cases of every type: inbox, case, rounds and figures."""

    name = "stadt.apps.desk"
    label = "desk"
    title = "Vorgangsbearbeitung"
