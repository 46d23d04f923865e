"""What one may be allowed to do with observations."""

from stadt.core.manifest import Permission

READ = Permission("observations.read", "Nicht öffentliche Messwerte ansehen")
WRITE = Permission("observations.write", "Messwerte einliefern")
MANAGE = Permission(
    "observations.manage", "Geräte und Datenströme verwalten, Messwerte berichtigen und löschen"
)
