"""Identity of the open-data interfaces."""

from stadt.core.application import Application


class OpenData(Application):
    """The catalogue in the forms that other portals and programs read: DCAT-AP.de and CKAN's Action API."""

    name = "stadt.hub.opendata"
    label = "opendata"
    title = "Offene Daten für Programme"
