"""http://www.opengis.net/spec/iot_sensing/1.1/req/receive-updates-via-mqtt/receive-updates, with the city's own broker"""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.conformance.sta.embedded import Ear, broking, prepare, publish
from tests.conformance.sta.events.listening import of_stream, play, send

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    return prepare(tmp_path, monkeypatch)


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/receive-updates-via-mqtt/receive-updates"
)
def test_a_set_an_entity_a_property_and_a_selection_are_told(sta: "Client", city: "City", port: int) -> None:
    stream = of_stream(city.open_stream)
    topics = (
        f"v1.1{stream}", "v1.1/Observations", f"v1.1{stream}?$select=result,phenomenonTime", "v1.1/Things",
        f"v1.1/Things({city.open_thing})", f"v1.1/Things({city.open_thing})/description",
    )  # fmt: skip

    async def scene() -> None:
        async with broking(port), Ear(sta, port, topics) as ear:
            assert ear.codes == [1] * 6
            made = await send(sta, "POST", stream, {"result": 4.5, "phenomenonTime": "2026-03-01T00:00:00Z"})
            await send(sta, "PATCH", f"/Things({city.open_thing})", {"description": "new"})
            got = dict(await ear.messages(6))
            assert set(got) == set(topics)
            whole = await send(sta, "GET", f"/Observations({made['@iot.id']})", None)
            assert got["v1.1/Observations"] == got[f"v1.1{stream}"] == whole
            assert got[topics[2]] == {"result": 4.5, "phenomenonTime": "2026-03-01T00:00:00Z"}
            thing = await send(sta, "GET", f"/Things({city.open_thing})", None)
            assert got["v1.1/Things"] == got[f"v1.1/Things({city.open_thing})"] == thing
            assert got[f"v1.1/Things({city.open_thing})/description"] == {"description": "new"}

    play(sta, scene)


def test_slice(sta: "Client", city: "City", port: int) -> None:
    stream = of_stream(city.open_stream)

    async def scene() -> None:
        async with broking(port) as broker, Ear(sta, port, (f"v1.1{stream}",)) as ear:
            await publish(sta, port, f"v1.1{stream}", {"result": 7.5}, "writer")
            [(_, told)] = await ear.messages(1)
            assert told["result"] == 7.5
            assert broker.state.created == 1

    play(sta, scene)
