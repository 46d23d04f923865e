"""`stadt up` from outside: an empty city starts, answers, survives its processes' deaths and leaves nothing behind."""

import signal
import socket
from pathlib import Path
from typing import Any

import psutil

from stadt.config.data import has_administrator
from stadt.core.environment import load

PATIENCE = 90.0


def are_gone(processes: list[psutil.Process]) -> bool:
    def is_gone(one: psutil.Process) -> bool:
        try:
            return one.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    return all(is_gone(one) for one in processes)


def test_a_new_city_starts_answers_and_leaves_nothing_behind(new_home: Path, start_city: Any) -> None:
    with start_city(new_home) as city:
        assert "Tabellen" in city.printed
        assert city.status("/health/live") == 200
        assert city.status("/health/ready") == 200
        assert city.status("/") == 200
        assert city.printed.count(f"{city.url}\n") == 1
        everybody = city.descendants()
        assert len(everybody) >= 4
        city.process.send_signal(signal.SIGINT)
        assert city.process.wait(PATIENCE) == 0
        assert are_gone(everybody)
        assert not (new_home / "database" / "18" / "postmaster.pid").exists()


def test_another_start_changes_no_table(city_home: Path, start_city: Any) -> None:
    with start_city(city_home) as city:
        assert "Tabellen" not in city.printed
        assert city.status("/") == 200


def test_the_link_for_the_first_administrator_is_printed_until_there_is_one(
    city_home: Path, start_city: Any, wait_until: Any
) -> None:
    environment = load({"STADT_HOME": str(city_home)})
    with start_city(city_home) as city:
        wait_until(lambda: "/einrichten/" in city.printed)
        [link] = [word for word in city.printed.split() if "/einrichten/" in word]
        path = link.removeprefix(city.url)
        assert city.status(path) == 302
        assert city.status("/einrichten/xyz/") == 404
        assert not has_administrator(environment)
        made = city.stadt("admin", "--email", "frieda@example.org", given="kohle-und-stahl-1928\n")
        assert made.returncode == 0, made.stderr
        assert has_administrator(environment)
        assert city.status(path) == 404
        reset = city.stadt("admin", "--reset-second-factor", "frieda@example.org")
        assert "keinen zweiten Faktor" in reset.stdout
        assert city.stadt("admin", "--reset-second-factor", "otto@example.org").returncode == 1


def test_killed_processes_come_back(city_home: Path, start_city: Any, wait_until: Any) -> None:
    with start_city(city_home) as city:
        wait_until(lambda: has_worker(city))
        for find in (
            lambda: city.child("web"),
            lambda: city.child("web").children()[0],  # the process that answers, inside the server
            lambda: city.child("worker"),
            city.database,
        ):
            wait_until(lambda: has_children(city))
            victim = find()
            victim.kill()
            wait_until(lambda gone=victim: are_gone([gone]))
            wait_until(lambda: city.status("/health/ready") == 200)
        wait_until(lambda: has_worker(city))
        assert city.process.poll() is None


def test_nothing_outlives_a_killed_supervisor_and_the_city_starts_again(
    city_home: Path, start_city: Any, wait_until: Any
) -> None:
    with start_city(city_home) as city:
        everybody = city.descendants()
        city.process.kill()
        city.process.wait()
        wait_until(lambda: are_gone(everybody))
    with start_city(city_home) as city:
        assert city.status("/health/ready") == 200


def test_the_first_administrator_is_made_while_the_city_stands_still(city_home: Path, run_stadt: Any) -> None:
    weak = run_stadt(city_home, "admin", "--email", "amt@stadt.example", given="kurz\n")
    assert weak.returncode == 1
    assert "password" in weak.stderr
    made = run_stadt(city_home, "admin", "--email", "amt@stadt.example", given="ein langes gutes Passwort\n")
    assert made.returncode == 0, made.stderr
    twice = run_stadt(city_home, "admin", "--email", "amt@stadt.example", given="ein langes gutes Passwort\n")
    assert twice.returncode == 1
    assert twice.stderr.count("\n") == 1


def has_children(city: Any) -> bool:
    """Web, the process that answers, worker and database: an address may answer before the killed one's heir is seen."""
    try:
        return bool(city.child("web").children() and city.child("worker") and city.database())
    except (StopIteration, psutil.NoSuchProcess):
        return False


def has_worker(city: Any) -> bool:
    return any("worker" in found.cmdline() for found in city.descendants())


def test_the_citys_own_broker_serves_comes_back_and_gives_way_to_another_city(
    city_home: Path, start_city: Any, wait_until: Any, pick_port: Any
) -> None:
    port = pick_port()
    with start_city(city_home, STADT_MQTT_PORT=str(port)) as city:
        wait_until(lambda: mqtt_answer(port) == ACCEPTED)
        [broker] = [one for one in city.descendants() if "broker" in one.cmdline()]
        broker.kill()
        wait_until(lambda: are_gone([broker]))
        wait_until(lambda: mqtt_answer(port) == ACCEPTED)
        assert "MQTT: SIGKILL" in city.printed
        status, _, landing = city.get("/sta/v1.1")
        assert status == 200
        assert f"mqtt://127.0.0.1:{port}" in landing


def test_a_city_whose_mqtt_port_is_taken_runs_without(
    city_home: Path, start_city: Any, wait_until: Any
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with start_city(city_home, STADT_MQTT_PORT=str(port)) as city:
            wait_until(lambda: "mqtt broker: port" in city.printed)
            assert "MQTT:" not in city.printed
            assert city.status("/health/ready") == 200
            assert "mqtt://" not in city.get("/sta/v1.1")[2]


ACCEPTED = b"\x20\x02\x00\x00"


def mqtt_answer(port: int) -> bytes:
    """What a client without a name is answered; nothing while nobody listens."""
    try:
        with socket.create_connection(("127.0.0.1", port), 30) as client:
            client.sendall(b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00")
            return client.recv(4)
    except OSError:
        return b""
