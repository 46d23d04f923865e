"""What Open311 plugs in: one mount, and the right to hand in reports."""

from stadt.apps.open311 import documents, endpoint
from stadt.apps.open311.posting import WRITE
from stadt.apps.open311.verbs import SUBJECTS, VERBS
from stadt.core.doors import Door
from stadt.core.manifest import EVERYBODY, Manifest, Mount

MANIFEST = Manifest(
    mounts=(
        Mount(
            endpoint.PREFIX,
            endpoint.handle,
            documents.send_error,
            reading=EVERYBODY,
            writing=WRITE,
            door=Door.API,
            body_bytes=endpoint.LARGEST_WITH_HEADER,
        ),
    ),
    permissions=(WRITE,),
    verbs=VERBS,
    subjects=SUBJECTS,
)
