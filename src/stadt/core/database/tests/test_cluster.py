"""The embedded server starts, keeps what was committed, and comes back after every kind of death."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stadt.core.database import Role, parameters
from stadt.core.database.cluster import Cluster
from stadt.core.database.layout import layout
from stadt.core.environment import load


@pytest.fixture
def cluster(own_home: Path) -> Iterator[Cluster]:
    """A running cluster of the test's own."""
    found = Cluster(layout(own_home), durable=False)
    found.start()
    yield found
    found.stop()


def connect(cluster: Cluster, role: Role = Role.OWNER) -> psycopg.Connection:
    environment = load({"STADT_HOME": str(cluster.place.home)})
    return psycopg.connect(**parameters(environment, role), autocommit=True)


def write_row(cluster: Cluster) -> None:
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def rows(cluster: Cluster) -> list[tuple[int]]:
    with connect(cluster) as connection:
        return connection.execute("SELECT id FROM kept").fetchall()


def test_data_is_there_again_after_a_stop(cluster: Cluster) -> None:
    write_row(cluster)
    cluster.stop()
    assert not cluster.is_alive
    cluster.start()
    assert rows(cluster) == [(1,)]


def test_committed_data_is_there_again_after_the_server_was_killed(own_home: Path) -> None:
    durable = Cluster(layout(own_home))
    try:
        durable.start()
        write_row(durable)
        assert durable.process
        durable.process.kill()
        durable.process.wait()
        durable.start()
        assert rows(durable) == [(1,)]
    finally:
        durable.stop()


def test_a_server_left_over_by_a_killed_supervisor_is_stopped_and_replaced(cluster: Cluster) -> None:
    write_row(cluster)
    assert cluster.process
    second = Cluster(cluster.place, durable=False)
    try:
        second.start()
        assert cluster.process.wait(10) == 0
        assert rows(second) == [(1,)]
    finally:
        second.stop()


def test_a_zombie_in_the_lock_file_is_not_taken_for_a_server(cluster: Cluster) -> None:
    cluster.stop()
    zombie = subprocess.Popen(["true"])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    record_pid(cluster, zombie.pid)
    cluster.start()
    assert cluster.is_alive
    zombie.wait()


def test_a_number_that_another_process_got_meanwhile_is_not_taken_for_a_server(cluster: Cluster) -> None:
    cluster.stop()
    other = subprocess.Popen(["sleep", "60"])
    record_pid(cluster, other.pid)
    cluster.start()
    assert cluster.is_alive
    assert other.poll() is None
    other.send_signal(signal.SIGKILL)
    other.wait()


def test_it_listens_on_the_socket_only(cluster: Cluster) -> None:
    with connect(cluster) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert cluster.place.socket.stat().st_mode & 0o077 == 0


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    environment = load({"STADT_HOME": str(cluster.place.home)})
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**parameters(environment) | {"password": "guessed"})


def test_secrets_are_for_their_owner_only(cluster: Cluster) -> None:
    secrets = list((cluster.place.home / "secrets").iterdir())
    assert len(secrets) == 3
    assert all(file.stat().st_mode & 0o077 == 0 for file in secrets)


def test_texts_are_compared_by_code_point_and_known_as_unicode(cluster: Cluster) -> None:
    with connect(cluster) as connection:
        row = connection.execute(
            "SELECT datlocprovider::text, datlocale, pg_encoding_to_char(encoding), upper('ü') FROM pg_database"
            " WHERE datname = 'stadt'"
        ).fetchone()
    assert row == ("b", "C.UTF-8", "UTF8", "Ü")


def test_a_lost_password_is_set_anew_at_the_next_start(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.place.home / "secrets" / "database-app").unlink()
    cluster.start()
    with connect(cluster, Role.APP) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("stadt_app",)


def test_a_home_with_a_long_name_gets_its_socket_elsewhere(own_home: Path) -> None:
    home = own_home / ("long-" * 20)
    home.mkdir(mode=0o711)
    cluster = Cluster(layout(home), durable=False)
    assert own_home not in cluster.place.socket.parents
    try:
        cluster.start()
        with connect(cluster) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        cluster.stop()
        cluster.place.socket.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")
def test_a_home_that_the_servers_account_cannot_enter_stays_closed(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = own_home / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr("stadt.core.database.layout.SHARED_STATE", own_home / "shared")
    cluster = Cluster(layout(closed / "home"), durable=False)
    (closed / "home").mkdir()
    try:
        cluster.start()
        with connect(cluster) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert (closed / "home" / "database").readlink().parent == own_home / "shared"
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        cluster.stop()
        cluster.place.socket.rmdir()


def record_pid(cluster: Cluster, pid: int) -> None:
    """Leave a lock file as a killed server would, with this process number."""
    data = cluster.place.data
    text = f"{pid}\n{data}\n1700000000\n5432\n{cluster.place.socket}\n\n\nready\n"
    cluster.place.account.write(data / "postmaster.pid", text)
