"""Identity of the catalogue."""

from stadt.core.application import Application


class Catalogue(Application):
    """The open-data portal over everything the city publishes."""

    name = "stadt.apps.catalogue"
    label = "catalogue"
    title = "Offene Daten"
    uses = ("reuse",)
