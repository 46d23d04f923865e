"""Identity of the app."""

from stadt.core.application import Application


class Reports(Application):
    """Reports of the strategy and one-page sheets of its measures, made from frozen snapshots."""

    name = "stadt.apps.reports"
    label = "reports"
    title = "Berichte"
    uses = ("governance", "steering", "strategy")
