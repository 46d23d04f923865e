"""Identity of the intake."""

from stadt.core.application import Application


class Intake(Application):
    """Reading files as they are in German offices: what they hold is recognised, corrected and made a typed table."""

    name = "stadt.hub.intake"
    label = "intake"
    title = "Dateien lesen"
