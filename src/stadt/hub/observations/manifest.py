"""What the observations plug in."""

from stadt.core.manifest import Manifest

MANIFEST = Manifest()
