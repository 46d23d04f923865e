"""Identity of the app."""

from stadt.core.application import Application


class Dialogue(Application):
    """News about the strategy, and questions to those responsible with public answers."""

    name = "stadt.apps.dialogue"
    label = "dialogue"
    title = "Dialog zur Strategie"
    uses = ("strategy", "governance", "reports")
