"""What the SensorThings interface plugs in."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.core.doors import Door
from stadt.core.manifest import EVERYBODY, Job, Manifest, Mount, Verb
from stadt.hub.observations.rights import WRITE
from stadt.hub.sta import answers
from stadt.hub.sta.handlers import handle
from stadt.hub.sta.services import generate_missing_features

MANIFEST = Manifest(
    mounts=(
        Mount(
            "/sta/",
            handle,
            answers.send_error,
            reading=EVERYBODY,
            writing=WRITE,
            door=Door.SENSORTHINGS,
        ),
    ),
    verbs=(
        Verb("create_entity", _("Über SensorThings angelegt")),
        Verb("delete_entity", _("Über SensorThings gelöscht")),
        Verb("update_entity", _("Über SensorThings geändert")),
    ),
    jobs=(Job("sta.generate_features", run=generate_missing_features, every=timedelta(minutes=10)),),
)
