"""What the backups plug in."""

from stadt.core.manifest import Manifest

MANIFEST = Manifest()
