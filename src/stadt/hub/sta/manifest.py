"""What the SensorThings interface plugs in."""

from datetime import timedelta

from stadt.core.manifest import Job, Manifest, Mount
from stadt.hub.sta.handlers import handle
from stadt.hub.sta.services import generate_missing_features

MANIFEST = Manifest(
    mounts=(Mount("/sta/", handle),),
    jobs=(Job("sta.generate_features", run=generate_missing_features, every=timedelta(minutes=10)),),
)
