"""Identity of the observations."""

from stadt.core.application import Application


class Observations(Application):
    """Things, their datastreams and every reading the city keeps."""

    name = "stadt.hub.observations"
    label = "observations"
    title = "Beobachtungen"
