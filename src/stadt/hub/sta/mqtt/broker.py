"""How one speaks with the broker that `STADT_MQTT_URL` names: MQTT 5, a session that outlives the connection."""

import hashlib
import ssl

from aiomqtt import Client, ProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from stadt.core.mqtt_address import Broker
from stadt.hub.sta.mqtt.wire import LARGEST_MESSAGE, ROOT, WINDOW

# Where observations are created (18-088, 13.2). The level with the key cannot be narrowed by a wildcard.
CREATION_TOPICS = (f"{ROOT}Observations", f"{ROOT}+/Observations")
SESSION_SECONDS = 7 * 24 * 3600
# Of quality 0 nothing is kept back by the broker: what comes faster than it is stored is dropped, as that quality means.
MOST_QUEUED = 5_000
CLEAN_START_NEVER = False


def client_of(broker: Broker, city: str) -> Client:
    """A client for one connection; `city` is the city's address, from which its permanent name is made."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = SESSION_SECONDS
    properties.ReceiveMaximum = WINDOW
    properties.MaximumPacketSize = LARGEST_MESSAGE + 1024
    client = Client(
        broker.host,
        broker.port,
        username=broker.user,
        password=broker.password,
        identifier=f"stadt-{hashlib.sha256(city.encode()).hexdigest()[:16]}",
        protocol=ProtocolVersion.V5,
        clean_start=CLEAN_START_NEVER,
        max_queued_incoming_messages=MOST_QUEUED,
        max_inflight_messages=WINDOW,
        tls_context=ssl.create_default_context() if broker.is_encrypted else None,
        properties=properties,
        keepalive=30,
    )
    client._client.manual_ack_set(True)
    client.pending_calls_threshold = 2 * WINDOW
    return client


async def subscribe_to_creations(client: Client) -> None:
    """Ask for messages that create observations, but not for our own, which go to the same topics (MQTT 5, 3.8.3.1).

    Quality 1 at most: of quality 2 the library takes a message over before it gives it to us, and loses it when we die.
    """
    options = SubscribeOptions(qos=1, noLocal=True, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
    await client.subscribe([(topic, options) for topic in CREATION_TOPICS])
