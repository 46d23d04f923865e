"""A bridge that is killed in the middle loses nothing in either direction.

http://www.opengis.net/spec/iot_sensing/1.1/req/create-observations-via-mqtt/observations-creation
http://www.opengis.net/spec/iot_sensing/1.1/req/receive-updates-via-mqtt/receive-updates
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from aiomqtt import Client as MqttClient
from tests.conformance.sta.events.listening import of_stream, play, run, send
from tests.conformance.sta.mosquitto import Subscriber, until

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client
    from tests.conformance.sta.mosquitto import Mosquitto

pytestmark = pytest.mark.django_db

COUNT = 120
# A bridge that starts loads the city; on a machine with much else to do that takes a while.
PATIENCE = 180.0
BRIDGE = """
import sys
from dataclasses import replace
from django.conf import settings
settings.STADT = replace(settings.STADT, mqtt_url=sys.argv[1], mqtt_token=sys.argv[3])
settings.DATABASES["default"]["NAME"] = sys.argv[2]
import django
django.setup()
from stadt.hub.sta.mqtt import bridge
bridge.QUEUE_SECONDS = 0.1
bridge.run_bridge()
"""


def start(sta: "Client", broker: "Mosquitto") -> "subprocess.Popen[bytes]":
    from django.db import connection

    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            BRIDGE,
            broker.url,
            str(connection.settings_dict["NAME"]),
            sta.tokens["writer"],
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "stadt.config.settings"},
    )


def test_a_bridge_killed_in_the_middle_loses_nothing(
    sta: "Client", city: "City", mosquitto: "Mosquitto"
) -> None:
    taken, told = of_stream(city.closed_stream), of_stream(city.open_stream)

    async def scene() -> None:
        async with Subscriber(mosquitto.port, (f"v1.1{told}",)) as heard:
            process = start(sta, mosquitto)
            try:
                await first_message(heard)
                tasks = [asyncio.create_task(publish()), asyncio.create_task(post())]
                await until(lambda: len(heard.got) > 5, PATIENCE)
                process.send_signal(signal.SIGKILL)
                await asyncio.to_thread(process.wait, PATIENCE)
                await asyncio.gather(*tasks)
                process = start(sta, mosquitto)
                await until(lambda: {f"told {n}" for n in range(COUNT)} <= told_of(heard), PATIENCE)
                await until_stored()
            finally:
                process.terminate()
                await asyncio.to_thread(process.wait, PATIENCE)
        await run("DELETE FROM core_setting WHERE key = 'sta.mqtt'")

    async def first_message(heard: Subscriber) -> None:
        """The bridge is up when it tells something."""
        async with asyncio.timeout(PATIENCE):
            while not heard.got:
                await send(sta, "POST", told, {"result": "up"})
                await asyncio.sleep(0.3)

    async def publish() -> None:
        async with MqttClient("127.0.0.1", mosquitto.port) as client:
            for number in range(COUNT):
                await client.publish(f"v1.1{taken}", json.dumps({"result": f"taken {number}"}), qos=1)
                await asyncio.sleep(0.005)

    async def post() -> None:
        for number in range(COUNT):
            await send(sta, "POST", told, {"result": f"told {number}"})

    async def until_stored() -> None:
        wanted = {f"taken {number}" for number in range(COUNT)}
        async with asyncio.timeout(PATIENCE):
            while not wanted <= await stored():
                await asyncio.sleep(0.2)

    async def stored() -> set[Any]:
        path = f"{taken}?$top=1000&$select=result&$orderby=id%20desc"
        return {item["result"] for item in (await send(sta, "GET", path, None))["value"]}

    play(sta, scene)


def told_of(heard: Subscriber) -> set[Any]:
    return {json.loads(payload)["result"] for _, payload, _ in heard.got}
