"""Identity of the protocol app."""

from stadt.core.application import Application


class Protocol(Application):
    """Who did what, when and through which door."""

    name = "stadt.apps.protocol"
    label = "protocol"
    title = "Protokoll"
