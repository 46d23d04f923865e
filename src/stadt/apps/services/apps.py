"""Identity of the app."""

from stadt.core.application import Application


class Services(Application):
    """What residents ask of the city: they apply, see what becomes of it and answer, whatever the service is."""

    name = "stadt.apps.services"
    label = "services"
    title = "Dienste"
