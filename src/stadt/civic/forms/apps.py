"""Identity of the forms."""

from stadt.core.application import Application


class Forms(Application):
    """Forms as versioned data: drafts, answers that stay as they were sent, and their schema for machines."""

    name = "stadt.civic.forms"
    label = "civic_forms"
    title = "Formulare"
