"""Identity of the backups."""

from stadt.core.application import Application


class Backup(Application):
    """Makes, checks, schedules and brings back backups."""

    name = "stadt.hub.backup"
    label = "backup"
    title = "Sicherungen"
