"""Identity of the publisher's workshop."""

from stadt.core.application import Application


class Publishing(Application):
    """Where offices upload, correct, describe, check and publish their datasets."""

    name = "stadt.apps.publishing"
    label = "publishing"
    title = "Datenwerkstatt"
    uses = ("catalogue",)
