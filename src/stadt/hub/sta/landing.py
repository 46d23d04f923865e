"""The landing document: entity sets, and the requirements that are met, each only when all of it is."""

from typing import Any

from django.conf import settings

from stadt.core.mqtt_address import broker_of
from stadt.hub.sta.compiler.functions import FUNCTIONS
from stadt.hub.sta.entities import ENTITY_TYPES
from stadt.hub.sta.mqtt.embedded.presence import address, is_listening

SPECIFICATION = "http://www.opengis.net/spec/iot_sensing/1.1/req"

CONFORMANCE = (
    "datamodel/thing/properties",
    "datamodel/thing/relations",
    "datamodel/location/properties",
    "datamodel/location/relations",
    "datamodel/historical-location/properties",
    "datamodel/historical-location/relations",
    "datamodel/datastream/properties",
    "datamodel/datastream/relations",
    "datamodel/sensor/properties",
    "datamodel/sensor/relations",
    "datamodel/observed-property/properties",
    "datamodel/observed-property/relations",
    "datamodel/observation/properties",
    "datamodel/observation/relations",
    "datamodel/feature-of-interest/properties",
    "datamodel/feature-of-interest/relations",
    "datamodel/entity-control-information/common-control-information",
    "resource-path/resource-path-to-entities",
    "request-data/status-code",
    "request-data/query-status-code",
    "request-data/order",
    "request-data/expand",
    "request-data/select",
    "request-data/orderby",
    "request-data/top",
    "request-data/skip",
    "request-data/count",
    "request-data/filter",
    "request-data/built-in-filter-operations",
    "request-data/built-in-query-functions",
    "request-data/pagination",
    "create-update-delete/create-entity",
    "create-update-delete/link-to-existing-entities",
    "create-update-delete/deep-insert",
    "create-update-delete/deep-insert-status-code",
    "create-update-delete/update-entity",
    "create-update-delete/update-entity-put",
    "create-update-delete/update-entity-jsonpatch",
    "create-update-delete/delete-entity",
    "create-update-delete/historical-location-auto-creation",
    "create-update-delete/historical-location-manual-creation",
    "batch-request/batch-request",
    "multi-datastream/properties",
    "multi-datastream/relations",
    "multi-datastream/constraints",
    "data-array/data-array",
)
# Extensions under the names by which clients of other services know them.
EXTENSIONS = (
    "https://fraunhoferiosb.github.io/FROST-Server/extensions/JsonBatchRequest.html",
    "https://fraunhoferiosb.github.io/FROST-Server/extensions/FilteredDelete.html",
)


RECEIVE = f"{SPECIFICATION}/receive-updates-via-mqtt/receive-updates"
CREATE = f"{SPECIFICATION}/create-observations-via-mqtt/observations-creation"


def _by_mqtt() -> dict[str, Any]:
    """The requirements that an MQTT broker meets, with where it is (18-088, 9.1): those that are on, and no others."""
    environment = settings.STADT
    if is_listening():
        place = {"endpoints": [address()]}
        return {RECEIVE: place, CREATE: place}
    if not environment.mqtt_url:
        return {}
    place = {"endpoints": [broker_of(environment.mqtt_url).address]}
    return {RECEIVE: place, CREATE: place} if environment.mqtt_token else {RECEIVE: place}


def landing_document(base: str) -> dict[str, Any]:
    """What `GET /sta/v1.1` answers; `base` is the service root with a slash at its end."""
    by_mqtt = _by_mqtt()
    return {
        "value": [{"name": item.set_name, "url": f"{base}{item.set_name}"} for item in ENTITY_TYPES],
        "serverSettings": {
            "conformance": [*(f"{SPECIFICATION}/{name}" for name in CONFORMANCE), *by_mqtt, *EXTENSIONS],
            "functions": list(FUNCTIONS),
            **by_mqtt,
        },
    }
