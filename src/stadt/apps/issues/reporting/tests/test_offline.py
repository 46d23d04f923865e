"""What a device keeps so that a report can be begun without a connection."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from stadt.apps.issues.reporting import offers, offline

pytestmark = pytest.mark.usefixtures("catalogue", "areas")
ADDRESS = "/melden/neu/"


def test_the_form_that_a_device_keeps_holds_nothing_of_anybody(client: Client) -> None:
    page = client.get(f"{ADDRESS}leer/").content.decode()
    kept = page[page.index("<stadt-report") :]
    assert "data-offline" in kept
    assert "csrfmiddlewaretoken" not in kept
    assert re.findall(r'name="(?:report-key|started)" value="([^"]*)"', kept) == ["", ""]
    assert "data-worker" not in kept  # a page that was kept asks for no worker
    assert f'data-worker="{ADDRESS}offline.js?sprache=de"' in client.get(ADDRESS).content.decode()


def test_the_worker_keeps_the_form_and_its_files_and_is_another_with_another_catalogue(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> dict[str, Any]:
        answer = client.get(f"{ADDRESS}offline.js", {"sprache": "en"})
        assert answer["Content-Type"].startswith("text/javascript")
        return dict(
            json.loads(answer.content.decode().split("\n")[0].removeprefix("const KEPT = ").removesuffix(";"))
        )

    monkeypatch.setattr(offline, "list_files", lambda _sources: ["/static/stadt/assets/base-12345678.js"])
    first = kept()
    assert (first["form"], first["shell"], first["language"]) == (ADDRESS, f"{ADDRESS}leer/", "en")
    assert kept() == first
    offered = offers.list_offers()
    monkeypatch.setattr(offers, "list_offers", lambda: offered[:1])
    assert kept()["version"] != first["version"]
    monkeypatch.setattr(offers, "list_offers", list)
    assert kept()["files"] == []  # it removes itself
