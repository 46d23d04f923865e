"""Identity of the environment app."""

from stadt.core.application import Application


class Environment(Application):
    """Air, weather and noise at the city's stations."""

    name = "stadt.apps.environment"
    label = "environment"
    title = "Umwelt"
    uses = ("catalogue", "maps")
