"""What the intake plugs in."""

from stadt.core.manifest import Manifest

MANIFEST = Manifest()
