"""What the SensorThings interface plugs in."""

from stadt.core.manifest import Manifest, Mount
from stadt.hub.sta.handlers import handle

MANIFEST = Manifest(mounts=(Mount("/sta/", handle),))
