"""Identity of the operations app."""

from stadt.core.application import Application


class Operations(Application):
    """State of the installation, jobs, checks and figures for those who run it."""

    name = "stadt.apps.operations"
    label = "operations"
    title = "Betrieb"
