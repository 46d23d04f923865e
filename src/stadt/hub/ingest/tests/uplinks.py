"""Messages of The Things Stack as its documentation shows them, with values of our own."""

import json
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def uplink(
    decoded: dict[str, Any] | None = None,
    *,
    device_id: str = "container-0001",
    f_cnt: int = 42,
    received_at: str = "2026-11-20T11:59:30.787391243Z",
    **more: Any,
) -> dict[str, Any]:
    """An uplink as a webhook sends it; zero values are left out, as The Things Stack does."""
    message: dict[str, Any] = {
        "session_key_id": "AXA50kHtmdwK5oJTzdXTow==",
        "f_port": 85,
        "frm_payload": "A2cBEAVn/w==",
        "decoded_payload": {"fill_level": 62, "battery": 88} if decoded is None else decoded,
        "rx_metadata": [
            {
                "gateway_ids": {"gateway_id": "gw-1", "eui": "58A0CBFFFE800001"},
                "rssi": -97,
                "channel_rssi": -97,
                "snr": 8.2,
            },
            {"gateway_ids": {"gateway_id": "gw-2"}, "rssi": -110, "snr": 1.5, "timestamp": 2463457000},
        ],
        "settings": {
            "data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 7}},
            "frequency": "868100000",
        },
        "received_at": received_at,
        "consumed_airtime": "0.056576s",
        "network_ids": {"net_id": "000013", "tenant_id": "stadt"},
    }
    if f_cnt:
        message["f_cnt"] = f_cnt
    message |= more
    return {
        "end_device_ids": {
            "device_id": device_id,
            "application_ids": {"application_id": "behaelter"},
            "dev_eui": "70B3D57ED005ABCD",
            "join_eui": "0000000000000000",
            "dev_addr": "260B1234",
        },
        "correlation_ids": ["as:up:01E0WZGT6Y7657CPFPE5WEYDSQ"],
        "received_at": "2026-11-20T11:59:30.990000000Z",
        "uplink_message": message,
    }


def body(document: Any) -> bytes:
    """The document as a webhook's body."""
    return json.dumps(document).encode()
