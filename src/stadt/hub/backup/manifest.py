"""What the backups plug in."""

from datetime import timedelta

from django.utils.translation import gettext_noop

from stadt.core.manifest import Check, Job, Manifest, Metric
from stadt.hub.backup import checks

MANIFEST = Manifest(
    jobs=(Job("backup.make_nightly", run=checks.make_nightly, every=timedelta(hours=1)),),
    doctor=(Check("backup.recent", gettext_noop("Letzte Sicherung"), checks.check_recent, watched=True),),
    metrics=(Metric("stadt_backup_age_seconds", "Age of the last backup", "gauge", checks.read_age),),
)
