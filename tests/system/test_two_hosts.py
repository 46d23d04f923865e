"""Two machines that serve one city: each with a home of its own, one database server, one lake, one worker.

The second machine is a second home and port on this one; the lake is a folder that both see, as by a network file system.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import psycopg
import pytest

from finding import ROOT
from stadt.core.database.cluster import Cluster
from stadt.core.database.layout import layout, programs
from stadt.core.database.roles import superuser
from stadt.core.tokens import CACHE_SECONDS

EMAIL, PASSWORD = "amt@stadt.example", "ein-langes-Passwort-27"
START = datetime(2026, 5, 1, tzinfo=UTC)
PUBLISHED = "catalogue.datasets"
SINGLE_POSTS, ROWS, MESSAGES = 40, 50, 12
READINGS = """
SELECT s.count, array_agg(o.result_number::int ORDER BY o.phenomenon_time)
FROM observations_datastreamstate s JOIN observations_observation o USING (datastream_id)
JOIN observations_datastream d ON d.id = s.datastream_id WHERE d.key LIKE '%/counter-1/test-count' GROUP BY s.count
"""
PREPARE = ROOT / "tests" / "kill" / "prepare.py"


@dataclass
class Host:
    """One machine: what its processes are configured by, and a way to ask its web server."""

    variables: dict[str, str]
    client: httpx.Client
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str) -> None:
        with (Path(self.variables["STADT_HOME"]) / f"{words[0]}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "stadt.config.cli", *words],
                env=self.variables,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        self.processes.append(process)

    def stop(self) -> None:
        self.client.close()
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()

    def is_up(self) -> bool:
        try:
            return self.client.get("/health/ready").status_code == 200
        except httpx.HTTPError:
            return False

    def run(self, *command: str, given: str = "") -> str:
        done = subprocess.run(
            [sys.executable, *command],
            env=self.variables, check=False, capture_output=True, text=True, input=given,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stadt(self, *words: str, given: str = "") -> str:
        return self.run("-m", "stadt.config.cli", *words, given=given)


@dataclass
class City:
    """The two machines, and what may be sent to them."""

    hosts: tuple[Host, Host]
    lake: Path
    datastreams: list[int]
    writing: str
    pushing: str

    def on_both(self, ask: Callable[[Host], Any]) -> list[Any]:
        """What the two answer when both are asked in the same moment."""
        barrier = Barrier(2)

        def go(host: Host) -> Any:
            barrier.wait(30)
            return ask(host)

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(go, self.hosts))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that the account of the database server may enter."""
    made = Path(tempfile.mkdtemp(prefix="stadt-two-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[dict[str, str]]:
    """A database server of nobody's home, with the roles that `deploy/database.sh` makes."""
    (folder / "server").mkdir(mode=0o711)
    cluster = Cluster(layout(folder / "server"), durable=False)
    cluster.start()
    try:
        with superuser(cluster.place) as connection:
            connection.execute("CREATE ROLE dba SUPERUSER LOGIN PASSWORD 'rules'")
            for found in (
                "DATABASE stadt",
                "ROLE stadt_owner",
                "ROLE stadt_app",
            ):  # the embedded server's own
                connection.execute(f"ALTER {found} RENAME TO embedded_{found[-3:]}")
        environment = {
            **os.environ,
            "PATH": f"{programs(cluster.place.account)}:{os.environ['PATH']}",
            "PGHOST": str(cluster.place.socket),
            "PGUSER": "dba",
            "PGPASSWORD": "rules",
            "PGDATABASE": "postgres",
            "OWNER_PASSWORD": "keeps",
            "APP_PASSWORD": "writes",
        }
        subprocess.run(["bash", ROOT / "deploy" / "database.sh", "-q"], env=environment, check=True)
        where = f"/stadt?host={cluster.place.socket}"
        yield {
            "DATABASE_URL": f"postgresql://stadt_app:writes@{where}",
            "DATABASE_OWNER_URL": f"postgresql://stadt_owner:keeps@{where}",
        }
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def city(
    folder: Path,
    server: dict[str, str],
    environment_of: Callable[..., dict[str, str]],
    pick_port: Callable[[], int],
    wait_until: Callable[[Callable[[], bool]], None],
) -> Iterator[City]:
    """Two web servers and one worker, on the second machine; its secrets were copied from the first."""
    ports = [pick_port(), pick_port()]
    hosts = []
    for name, port in zip(("first", "second"), ports, strict=True):
        (folder / name).mkdir(mode=0o700)
        variables = environment_of(
            folder / name,
            STADT_PORT=str(port),
            STADT_URL=f"http://127.0.0.1:{ports[0]}",
            STADT_DEMO="0",
            STADT_LAKE=str(folder / "lake"),
            **server,
        )
        hosts.append(Host(variables, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)))
    first, second = hosts
    first.stadt("migrate")
    first.stadt("admin", "--email", EMAIL, given=PASSWORD + "\n")
    made = json.loads(first.run(str(PREPARE)))
    shutil.copytree(folder / "first" / "secrets", folder / "second" / "secrets")
    for host in hosts:  # only `stadt migrate` knows the owner
        del host.variables["DATABASE_OWNER_URL"]
    try:
        first.start("web")
        second.start("web")
        second.start("worker")
        wait_until(lambda: first.is_up() and second.is_up())
        yield City((first, second), folder / "lake", made["datastreams"], made["secret"], made["pushing"])
    finally:
        for host in hosts:
            host.stop()


def uplink(count: int) -> dict[str, Any]:
    received = (START + timedelta(seconds=count)).isoformat()
    return {
        "end_device_ids": {"device_id": "counter-1", "application_ids": {"application_id": "two"}},
        "received_at": received,
        "uplink_message": {
            "session_key_id": "AXA50kHtmdwK5oJTzdXTow==",
            "f_port": 1,
            "f_cnt": count,
            "received_at": received,
            "decoded_payload": {"count": count},
        },
    }


def push(host: Host, city: City, count: int) -> httpx.Response:
    return host.client.post(
        "/ingest/tts/kill", json=uplink(count), headers={"Authorization": f"Bearer {city.pushing}"}
    )


def observe(host: Host, city: City, path: str, body: Any) -> None:
    answer = host.client.post(
        f"/sta/v1.1/{path}", json=body, headers={"Authorization": f"Bearer {city.writing}"}
    )
    assert answer.status_code == 201, answer.text


def moment(value: int) -> str:
    return (START + timedelta(seconds=value)).isoformat()


def stored(host: Host, city: City, datastream: int) -> tuple[int, list[int]]:
    """The maintained count of a datastream, and its results page by page, in order."""
    results: list[int] = []
    path = f"/sta/v1.1/Datastreams({datastream})/Observations?$orderby=phenomenonTime&$count=true&$top=1000"
    answer = host.client.get(path, headers={"Authorization": f"Bearer {city.writing}"}).json()
    results = [item["result"] for item in answer["value"]]
    assert "@iot.nextLink" not in answer
    return answer["@iot.count"], results


@pytest.mark.slow
def test_a_message_that_reaches_both_at_once_is_one_reading(city: City) -> None:
    for count in range(1, MESSAGES + 1):
        answers = city.on_both(lambda host, count=count: push(host, city, count))  # type: ignore[misc]
        assert [answer.status_code for answer in answers] == [200, 200], answers
        assert sorted(answer.json()["duplicate"] for answer in answers) == [False, True]
    with psycopg.connect(city.hosts[0].variables["DATABASE_URL"]) as connection:
        rows = connection.execute(READINGS).fetchall()
    [(maintained, results)] = rows
    assert (maintained, results) == (MESSAGES, list(range(1, MESSAGES + 1)))


@pytest.mark.slow
def test_single_and_bulk_posts_through_both_are_all_there_once(city: City) -> None:
    single, bulk = city.datastreams[:2]

    def post(host: Host) -> None:
        offset = city.hosts.index(host)
        for number in range(SINGLE_POSTS):
            value = 2 * number + offset
            body = {"phenomenonTime": moment(value), "result": value}
            observe(host, city, f"Datastreams({single})/Observations", body)
            if number % 10 == 0:
                values = range(value // 20 * 2 * ROWS + offset, (value // 20 + 1) * 2 * ROWS, 2)
                block = {
                    "Datastream": {"@iot.id": bulk},
                    "components": ["phenomenonTime", "result"],
                    "dataArray": [[moment(item), item] for item in values],
                }
                observe(host, city, "CreateObservations", [block])

    city.on_both(post)
    for host in city.hosts:
        assert stored(host, city, single) == (2 * SINGLE_POSTS, list(range(2 * SINGLE_POSTS)))
        rows = SINGLE_POSTS // 10 * 2 * ROWS
        assert stored(host, city, bulk) == (rows, list(range(rows)))


def sign_in(host: Host, email: str = EMAIL, password: str = PASSWORD) -> httpx.Response:
    host.client.cookies.clear()
    form = host.client.get("/konto/login/")
    return host.client.post(
        "/konto/login/", data={"login": email, "password": password, "csrfmiddlewaretoken": token_in(form)}
    )


def token_in(page: httpx.Response) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert found
    return found[1]


def is_signed_in(host: Host, cookies: dict[str, str]) -> bool:
    host.client.cookies.clear()
    return EMAIL in host.client.get("/konto/", headers={"Cookie": cookie_line(cookies)}).text


def cookie_line(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


@pytest.mark.slow
def test_who_signs_in_at_one_is_signed_in_at_the_other_and_signing_out_ends_both(city: City) -> None:
    first, second = city.hosts
    assert sign_in(first).status_code == 302
    cookies = dict(first.client.cookies)
    assert is_signed_in(first, cookies)
    assert is_signed_in(second, cookies)
    page = second.client.get("/konto/", headers={"Cookie": cookie_line(cookies)})
    left = second.client.post(
        "/konto/logout/",
        data={"csrfmiddlewaretoken": token_in(page)},
        headers={"Cookie": cookie_line(cookies)},
    )
    assert left.status_code == 302
    assert not is_signed_in(second, cookies)
    assert not is_signed_in(first, cookies)


@pytest.mark.slow
def test_a_token_that_is_revoked_at_one_is_dead_at_the_other_within_seconds(city: City) -> None:
    first, second = city.hosts
    assert sign_in(first).status_code == 302
    source = "/betrieb/quellen/kill/"
    page = first.client.get(source)
    made = first.client.post(
        f"{source}token/",
        data={
            "title": "Kurz",
            "expires_on": str(datetime.now(UTC).date() + timedelta(days=2)),
            "csrfmiddlewaretoken": token_in(page),
        },
    )
    secret = re.search(r"stadt_[\w-]{43}", made.text)
    assert secret
    headers = {"Authorization": f"Bearer {secret[0]}"}
    asked = [host.client.post("/ingest/tts/kill", json=uplink(900), headers=headers) for host in city.hosts]
    assert [answer.status_code for answer in asked] == [200, 200]
    page = first.client.get(source)
    newest = max(int(number) for number in re.findall(rf"{source}token/(\d+)/", page.text))
    address = re.search(rf'{source}token/{newest}/[^"]*', page.text)
    assert address
    revoked = first.client.post(address[0], data={"csrfmiddlewaretoken": token_in(page)})
    assert revoked.status_code == 302
    here = first.client.post("/ingest/tts/kill", json=uplink(901), headers=headers)
    time.sleep(CACHE_SECONDS)
    there = second.client.post("/ingest/tts/kill", json=uplink(902), headers=headers)
    assert (here.status_code, there.status_code) == (401, 401)


@pytest.mark.slow
def test_a_dataset_that_both_publish_at_once_is_published_once_and_downloaded_from_both(
    city: City, wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    city.on_both(lambda host: host.stadt("publish", PUBLISHED))
    described = city.hosts[0].client.get(f"/api/v1/datasets/{PUBLISHED}").json()
    numbers = [version["number"] for version in described["versions"]]
    assert numbers == sorted(set(numbers), reverse=True)
    assert len({version["content_hash"] for version in described["versions"]}) == len(numbers)
    files = city.lake / "files" / PUBLISHED / str(numbers[0])
    wait_until((files / f"{PUBLISHED}.csv").exists)  # the worker prepares it
    address = f"/files/{PUBLISHED}/{numbers[0]}/{PUBLISHED}.csv"
    downloads = city.on_both(lambda host: host.client.get(address))
    assert [answer.status_code for answer in downloads] == [200, 200]
    assert downloads[0].content == downloads[1].content
    assert downloads[0].content.count(b"\n") > 1
