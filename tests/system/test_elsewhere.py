"""The same code on a PostgreSQL server that is not ours, with an owner and an ordinary role."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from stadt.core.database.cluster import Cluster
from stadt.core.database.layout import layout
from stadt.core.database.roles import superuser


@pytest.fixture
def server(new_home: Path) -> Iterator[dict[str, str]]:
    """A server with a database `elsewhere`, and the variables that lead there."""
    cluster = Cluster(layout(new_home), durable=False)
    cluster.start()
    try:
        with superuser(cluster.place) as connection:
            connection.execute("CREATE ROLE keeper LOGIN PASSWORD 'keeps'")
            connection.execute("CREATE ROLE clerk LOGIN PASSWORD 'writes'")
            connection.execute("CREATE DATABASE elsewhere OWNER keeper TEMPLATE template0")
        where = f"/elsewhere?host={cluster.place.socket}"
        yield {
            "DATABASE_URL": f"postgresql://clerk:writes@{where}",
            "DATABASE_OWNER_URL": f"postgresql://keeper:keeps@{where}",
        }
    finally:
        cluster.stop()


def test_the_owner_migrates_and_the_city_runs_as_an_ordinary_role(
    server: dict[str, str], tmp_path: Path, run_stadt: Any
) -> None:
    migrated = run_stadt(tmp_path, "migrate", **server)
    assert migrated.returncode == 0, migrated.stderr
    made = run_stadt(
        tmp_path, "admin", "--email", "amt@stadt.example", given="ein langes Passwort 27\n", **server
    )
    assert made.returncode == 0, made.stderr
    marks = run_stadt(tmp_path, "doctor", **server).stdout
    assert "✓ Tabellen" in marks
    assert "✓ Rechte in der Datenbank" in marks
    assert not (tmp_path / "database").exists()
    with psycopg.connect(server["DATABASE_URL"]) as clerk:
        assert clerk.execute("SELECT count(*) FROM core_user").fetchone() == (1,)
        clerk.execute("SELECT observations_ensure_months(ARRAY[current_date])")
        clerk.commit()
        for statement in ("DROP TABLE core_user", "DELETE FROM core_auditentry"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                clerk.execute(statement)
            clerk.rollback()
