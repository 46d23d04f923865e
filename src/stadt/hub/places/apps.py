"""Identity of the places."""

from stadt.core.application import Application


class Places(Application):
    """City, districts, quarters and every other place that things, data and measures refer to."""

    name = "stadt.hub.places"
    label = "places"
    title = "Orte"
