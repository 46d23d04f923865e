"""What the SensorThings interface plugs in."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.core.doors import Door
from stadt.core.lifespan import at_web_process
from stadt.core.manifest import EVERYBODY, Check, Job, Manifest, Metric, Mount, Verb
from stadt.hub.observations.rights import WRITE
from stadt.hub.sta import answers
from stadt.hub.sta.handlers import handle
from stadt.hub.sta.live import streams
from stadt.hub.sta.live.limits import count_streams
from stadt.hub.sta.mqtt.state import count_messages, find_own_trouble, find_trouble
from stadt.hub.sta.services import generate_missing_features
from stadt.hub.sta.writing import LARGEST_BODY


def _count_streams() -> Iterable[tuple[Mapping[str, str], float]]:
    yield {}, float(count_streams())


MANIFEST = Manifest(
    mounts=(
        Mount(
            "/sta/",
            handle,
            answers.send_error,
            reading=EVERYBODY,
            writing=WRITE,
            door=Door.SENSORTHINGS,
            body_bytes=LARGEST_BODY,
        ),
    ),
    verbs=(
        Verb("create_entity", _("Über SensorThings angelegt")),
        Verb("delete_entities", _("Über SensorThings nach Filter gelöscht")),
        Verb("delete_entity", _("Über SensorThings gelöscht")),
        Verb("update_entity", _("Über SensorThings geändert")),
    ),
    metrics=(
        Metric("stadt_sta_streams", "Open streams of server-sent events", "gauge", _count_streams),
        Metric(
            "stadt_mqtt_messages",
            "Messages of the MQTT bridge, by what became of them",
            "counter",
            count_messages,
        ),
    ),
    doctor=(
        Check("sta.mqtt", "MQTT", find_trouble, watched=True, only_running=True),
        Check("sta.mqtt_broker", "MQTT-Broker", find_own_trouble),
    ),
    jobs=(Job("sta.generate_features", run=generate_missing_features, every=timedelta(minutes=10)),),
)

at_web_process(start=streams.start, stop=streams.stop)
