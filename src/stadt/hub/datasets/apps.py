"""Identity of the datasets."""

from stadt.core.application import Application


class Datasets(Application):
    """Tables that the city publishes as numbered snapshots."""

    name = "stadt.hub.datasets"
    label = "datasets"
    title = "Datensätze"
