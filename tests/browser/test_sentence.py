"""The sentence the house is built around, told by an operator in the pages and a sensor on the webhook.

A reading arrives, is kept, becomes part of a published dataset, shows on the map, moves an indicator, and the indicator
stands beside its measure of the strategy.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

FILL = 87.5
NUMBER = "P-SENTENCE-1"
UPLINK: dict[str, Any] = {
    "end_device_ids": {
        "device_id": "papier-rathaus",
        "application_ids": {"application_id": "abfall"},
        "dev_eui": "70B3D57ED005A1F0",
        "join_eui": "0000000000000000",
        "dev_addr": "260B1234",
    },
    "correlation_ids": ["as:up:01HSENTENCE"],
    "received_at": "",
    "uplink_message": {
        "session_key_id": "AY8kXo3sentence",
        "f_port": 2,
        "f_cnt": 41,
        "frm_payload": "AVc=",
        "decoded_payload": {"fill": FILL, "battery": 91},
        "rx_metadata": [
            {
                "gateway_ids": {"gateway_id": "dach-rathaus", "eui": "B827EBFFFE000001"},
                "time": "",
                "rssi": -87,
                "channel_rssi": -87,
                "snr": 9.2,
            }
        ],
        "settings": {
            "data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 7, "coding_rate": "4/5"}},
            "frequency": "868100000",
        },
        "received_at": "",
        "consumed_airtime": "0.056576s",
        "network_ids": {"net_id": "000013", "tenant_id": "stadt", "cluster_id": "eu1"},
    },
}


def uplink(at: datetime) -> bytes:
    """The message as The Things Stack v3 sends it, received now."""
    moment = at.isoformat().replace("+00:00", "Z")
    message = json.loads(json.dumps(UPLINK))
    message["received_at"] = message["uplink_message"]["received_at"] = moment
    message["uplink_message"]["rx_metadata"][0]["time"] = moment
    return json.dumps(message).encode()


@pytest.fixture(scope="module")
def sent_at() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def create_profile(page: Page) -> None:
    page.goto("/betrieb/quellen/profile/neu/")
    page.fill("[name=title]", "Füllstandssensor Satz")
    page.fill("[name=key]", "fuellstand-satz")
    page.fill("[name=category]", "container")
    page.fill("[name=battery_path]", "battery")
    page.check("[name=is_public]")
    page.fill("[name=zeilen-0-path]", "fill")
    page.fill("[name=zeilen-0-name]", "Füllstand")
    page.fill("[name=zeilen-0-key]", "fill-level")
    page.fill("[name=zeilen-0-unit_code]", "%")
    page.fill("[name=payload]", json.dumps(UPLINK["uplink_message"]["decoded_payload"]))
    page.click("[name=ausprobieren]")
    expect(page.locator("main")).to_contain_text("87,5")
    page.get_by_role("button", name="Profil speichern").click()
    page.wait_for_url(re.compile(r"/profile/(fuellstand-satz/)?$"))


def create_source(page: Page) -> None:
    page.goto("/betrieb/quellen/neu/")
    page.fill("[name=title]", "Abfall im Satz")
    page.fill("[name=slug]", "abfall-satz")
    page.select_option("[name=default_profile]", label="Füllstandssensor Satz")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/betrieb/quellen/abfall-satz/$"))


def issue_token(page: Page) -> str:
    page.goto("/betrieb/quellen/abfall-satz/")
    page.fill("[name=title]", "Webhook")
    page.locator("form[action$='/token/'] button[type=submit]").click()
    return page.input_value("#secret")


def add_container(page: Page) -> None:
    page.goto("/abfall/verwalten/neu/")
    page.fill("[name=number]", NUMBER)
    page.select_option("[name=kind]", "paper")
    page.fill("[name=title]", "Rathaus im Satz")
    page.fill("[name=lat]", "51.5136")
    page.fill("[name=lon]", "7.0953")
    page.select_option("[name=thing_key]", value="abfall-satz/papier-rathaus")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/abfall/"))
    expect(page.locator("main")).to_contain_text(NUMBER)


@pytest.fixture
def client(demo_city: Any) -> Iterator[httpx.Client]:
    """A machine that talks to the city."""
    with httpx.Client(base_url=demo_city.url, follow_redirects=True, timeout=60) as made:
        yield made


def test_a_reading_moves_a_measure_of_the_strategy(
    operator_page: Page,
    demo_city: Any,
    client: httpx.Client,
    sent_at: datetime,
    wait_until: Callable[[Callable[[], bool]], None],
) -> None:
    create_profile(operator_page)
    create_source(operator_page)
    secret = issue_token(operator_page)

    # The reading arrives, and arrives again as networks do, and is kept once.
    for is_again in (False, True):
        answer = client.post(
            "/ingest/tts/abfall-satz", content=uplink(sent_at), headers={"Authorization": f"Bearer {secret}"}
        )
        assert (answer.status_code, answer.json()["duplicate"]) == (200, is_again)
    add_container(operator_page)

    # SensorThings shows it.
    streams = client.get(
        "/sta/v1.1/Things", params={"$filter": "name eq 'papier-rathaus'", "$expand": "Datastreams"}
    )
    (stream,) = streams.json()["value"][0]["Datastreams"]
    readings = client.get(
        f"/sta/v1.1/Datastreams({stream['@iot.id']})/Observations", params={"$count": "true"}
    ).json()
    assert readings["@iot.count"] == 1
    assert readings["value"][0]["result"] == FILL
    assert datetime.fromisoformat(readings["value"][0]["phenomenonTime"]) == sent_at

    # The next snapshot of the dataset has its row.
    before = client.get("/api/v1/indicators/waste.monitored_share").json()
    assert demo_city.stadt("publish", "waste.containers").returncode == 0
    table = client.get("/files/waste.containers/latest/waste.containers.csv").content.decode("utf-8-sig")
    row = next(row for row in csv.DictReader(io.StringIO(table), delimiter=";") if NUMBER in row.values())
    assert "87,5" in row.values()

    # The map's list names it.
    operator_page.goto("/karte/")
    expect(operator_page.locator("stadt-map")).to_contain_text("Rathaus im Satz")

    # The indicator counts it, from the very snapshot.
    def counted() -> bool:
        return bool(client.get("/api/v1/indicators/waste.monitored_share").json() != before)

    wait_until(counted)
    operator_page.goto("/kennzahlen/waste.monitored_share/")
    expect(operator_page.locator("main")).to_contain_text("41 von 41")

    # The printed indicator and its measure show the value.
    operator_page.goto("/strategie/massnahmen/M-2.1.3/")
    line = operator_page.locator("tr", has_text="K2.1-01")
    expect(line).to_contain_text("100,0")
    line.get_by_role("link").first.click()
    expect(operator_page.locator("main")).to_contain_text("100,0")
