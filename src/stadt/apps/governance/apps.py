"""Identity of the app."""

from stadt.core.application import Application


class Governance(Application):
    """Bodies and roles of the strategy, and what they decide."""

    name = "stadt.apps.governance"
    label = "governance"
    title = "Gremien und Beschlüsse"
    uses = ("strategy",)
