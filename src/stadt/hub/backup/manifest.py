"""What the backups plug in."""

from datetime import timedelta

from django.utils.translation import gettext_noop

from stadt.core.manifest import Check, Job, Manifest, Metric, Subject, Verb
from stadt.hub.backup import checks

MANIFEST = Manifest(
    verbs=(
        Verb("make_backup", gettext_noop("Sicherung angelegt")),
        Verb("thin_out", gettext_noop("Alte Sicherungen gelöscht")),
    ),
    subjects=(Subject("backup", gettext_noop("Sicherungen")),),
    jobs=(Job("backup.make_nightly", run=checks.make_nightly, every=timedelta(hours=1)),),
    doctor=(Check("backup.recent", gettext_noop("Letzte Sicherung"), checks.check_recent, watched=True),),
    metrics=(Metric("stadt_backup_age_seconds", "Age of the last backup", "gauge", checks.read_age),),
)
