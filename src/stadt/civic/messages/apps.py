"""Identity of the messages."""

from stadt.core.application import Application


class Messages(Application):
    """Letters between citizens and offices, links for people without an account, and mail about what is new."""

    name = "stadt.civic.messages"
    label = "civic_messages"
    title = "Nachrichten"
