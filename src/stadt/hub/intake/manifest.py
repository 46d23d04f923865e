"""What the intake plugs in: nothing yet; it is called by whoever keeps files."""

from stadt.core.manifest import Manifest

MANIFEST = Manifest()
