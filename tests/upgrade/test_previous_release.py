"""The database that release 0.1.0 left comes up to this version: rows kept, indexes and rights as in a new one.

`release-0.1.0.dump` is a demo city of that release at its first commit, thinned out to three of its 320 datastreams.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from stadt.core.database.cluster import Cluster
from stadt.core.database.layout import layout, programs
from stadt.core.database.roles import DATABASE, superuser

DUMP = Path(__file__).with_name("release-0.1.0.dump")
KEPT = {
    "core_user": 1,
    "observations_observation": 2160,
    "observations_datastream": 320,
    "observations_datastreamday": 93,
    "ingest_rawframe": 20,
    "ingest_device": 80,
    "datasets_snapshot": 4,
    "datasets_part": 29,
    "django_session": 1,
}
# Months come and go with the calendar; all else is the same in every city.
INDEXES = """
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename !~ '_\\d{4}_\\d\\d$' ORDER BY 1
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text !~ '_\\d{4}_\\d\\d$' ORDER BY 1, 2
"""
RIGHTS = """
SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S')
AND relname !~ '_\\d{4}_\\d\\d$' ORDER BY 1
"""


@contextmanager
def connected(home: Path) -> Iterator[psycopg.Connection[Any]]:
    """The embedded database of a home, as its superuser."""
    cluster = Cluster(layout(home), durable=False)
    cluster.start()
    try:
        with superuser(cluster.place, DATABASE) as connection:
            yield connection
    finally:
        cluster.stop()


def test_the_database_of_release_0_1_0_migrates(new_home: Path, migrated_home: Path, run_stadt: Any) -> None:
    with connected(new_home):
        place = layout(new_home)
        command = [
            programs(place.account) / "pg_restore",
            "-h",
            place.socket,
            "-U",
            "postgres",
            "-d",
            DATABASE,
        ]
        subprocess.run([str(word) for word in (*command, "--exit-on-error", DUMP)], check=True)
    migrated = run_stadt(new_home, "migrate")
    assert migrated.returncode == 0, migrated.stderr
    with connected(new_home) as old:
        for table, count in KEPT.items():
            assert old.execute(f"SELECT count(*) FROM {table}").fetchone() == (count,), table
        # None of the protocol is lost; what every city has from the beginning adds its own lines.
        assert old.execute("SELECT count(*) >= 96 FROM core_auditentry").fetchone() == (True,)
        found = [old.execute(query).fetchall() for query in (INDEXES, CONSTRAINTS, RIGHTS)]
    with connected(migrated_home) as new:
        wanted = [new.execute(query).fetchall() for query in (INDEXES, CONSTRAINTS, RIGHTS)]
    assert found == wanted
