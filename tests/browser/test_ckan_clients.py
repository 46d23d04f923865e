"""CKAN's real client and the way its harvesters gather, over the wire against a running city."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckanapi import RemoteCKAN

HARVESTED = "metadata_modified:[2020-01-01T00:00:00Z TO *] -organization:nobody -groups:none"


@pytest.fixture(scope="module")
def remote(demo_city: Any) -> Iterator[RemoteCKAN]:
    with RemoteCKAN(demo_city.url) as found:
        yield found


@pytest.fixture(scope="module")
def names(remote: RemoteCKAN) -> list[str]:
    """The datasets of the demo city; they are published by the time it is filled."""
    found: list[str] = remote.action.package_list()
    assert "waste-containers" in found
    return found


def test_the_command_line_client_dumps_every_dataset(demo_city: Any, names: list[str]) -> None:
    folder = Path(sys.executable).parent  # the client calls itself by name
    done = subprocess.run(
        [folder / "ckanapi", "dump", "datasets", "--all", "-r", demo_city.url],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= len(names)


def test_a_harvester_gathers_page_by_page_until_an_empty_one(remote: RemoteCKAN, names: list[str]) -> None:
    seen: list[str] = []
    while True:
        page = remote.action.package_search(fq=HARVESTED, sort="id asc", rows=2, start=len(seen))
        if not page["results"]:
            break
        seen += [item["id"] for item in page["results"]]
        assert all(item["resources"] for item in page["results"])
    assert len(seen) == page["count"] == len(set(seen)) >= len(names)
    assert seen == sorted(seen)


def test_rows_are_paged_to_the_last(remote: RemoteCKAN) -> None:
    first = remote.action.datastore_search(
        resource_id="waste.containers.csv", limit=15, include_next_page=True, sort="_id"
    )
    rows, page = list(first["records"]), first
    while "next_page" in page:
        page = remote.action.datastore_search(**page["next_page"], include_next_page=True)
        rows += page["records"]
    assert [row["_id"] for row in rows] == list(range(1, first["total"] + 1))


def test_a_resource_is_dumped_whole(demo_city: Any, remote: RemoteCKAN) -> None:
    info = remote.action.datastore_info(id="waste.containers.csv")
    total, name = info["meta"]["count"], info["fields"][0]["id"]
    status, headers, text = demo_city.get(f"/datastore/dump/waste.containers.csv?format=tsv&fields={name}")
    assert status == 200
    assert headers["content-disposition"].startswith("attachment")
    assert len(text.splitlines()) == total + 1
