"""`stadt backup` and `stadt restore`, each as a process of its own: what comes back is what there was."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pyrage
import pytest

from stadt.core.database.cluster import Cluster
from stadt.core.database.layout import layout, programs
from stadt.core.database.roles import DATABASE, superuser

RIGHTS = (
    "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
)
PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits ORDER BY 1"
FUNCTIONS = (
    "SELECT proname, proacl::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1, 2"
)
READINGS = """
SELECT observations_ensure_months(array_agg(d::date)) FROM generate_series('2025-11-01', '2026-04-01', interval '1 month') d;
INSERT INTO observations_observation (datastream_id, phenomenon_time, result_number, result_json, received_at)
SELECT n % 7, '2025-11-20'::timestamptz + n * interval '3 hours',
    CASE WHEN n % 5 > 0 THEN CASE n WHEN 6 THEN 'NaN' ELSE n / 3.0 END END,
    CASE WHEN n % 5 = 0 THEN '{"ü": [1, null, "\\"„“"]}'::jsonb END, now()
FROM generate_series(1, 1000) n;
INSERT INTO core_auditentry (at, actor_kind, actor_id, origin, verb, subject, changes)
SELECT now(), 'system', 'test', '', 'count', 'thing:' || n, '{}' FROM generate_series(1, 20) n;
INSERT INTO civic_files_storedfile (id, key, kind, media_type, name, bytes, sha256, scan, owner, subject, role, is_published, revision)
VALUES (1, 'k', 'photo', 'image/jpeg', 'foto.jpg', 25600, '22c27b021752596140145a93194d9cdf33b0b1b454f50fd1b430491eb3eb3cb9', 'unscanned', '', 'case:1', 'before', false, 0);
INSERT INTO civic_files_storedcopy (file_id, size, path, sha256, bytes) SELECT id, 'full', 'ab/photo', sha256, bytes FROM civic_files_storedfile;
"""


@contextmanager
def open_home() -> Iterator[Path]:
    """A short, empty folder that the database's account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="stadt-back-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def empty() -> Iterator[Path]:
    """A second home."""
    with open_home() as folder:
        yield folder


@pytest.fixture(scope="module")
def filled_home(migrated_home: Path, run_stadt: Any) -> Iterator[Path]:
    """A city with readings in several months, an account, published parts, and sealed audit rows; standing still."""
    with open_home() as home:
        subprocess.run(["cp", "-a", f"{migrated_home}/.", str(home)], check=True)
        made = run_stadt(home, "admin", "--email", "amt@stadt.example", given="ein langes Passwort 27\n")
        assert made.returncode == 0, made.stderr
        ask(home, READINGS)
        (home / "files" / "ab").mkdir(parents=True)
        (home / "files" / "ab" / "photo").write_bytes(bytes(range(256)) * 100)
        published = run_stadt(home, "publish")
        assert published.returncode == 0, published.stderr
        (home / "identity.toml").write_text("# no provider yet\n")
        yield home


@pytest.fixture(scope="module")
def backup_file(filled_home: Path, run_stadt: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    file = tmp_path_factory.mktemp("backups") / "city.tar"
    done = run_stadt(filled_home, "backup", str(file))
    assert done.returncode == 0, done.stderr
    return file


def ask(home: Path, *statements: str) -> list[list[tuple[Any, ...]]]:
    """What the embedded database of a home that stands still answers to each."""
    cluster = Cluster(layout(home), durable=False)
    cluster.start()
    try:
        with superuser(cluster.place, DATABASE) as connection:
            cursors = [connection.execute(statement) for statement in statements]
            return [cursor.fetchall() if cursor.description else [] for cursor in cursors]
    finally:
        cluster.stop()


def assert_refused(done: subprocess.CompletedProcess[str], words: str) -> None:
    """One sentence on standard error, and nothing else went wrong."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert words in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def parts_of(home: Path) -> dict[str, bytes]:
    """Every published part, and every photo that people sent."""
    found = [*(home / "lake" / "parts").rglob("*.parquet"), *(home / "files").rglob("photo")]
    return {str(path.relative_to(home)): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def restored(backup_file: Path, run_stadt: Any) -> Iterator[tuple[Path, str]]:
    """The home it came back into, and what the command said."""
    with open_home() as home:
        done = run_stadt(home, "restore", str(backup_file))
        assert done.returncode == 0, done.stdout + done.stderr
        yield home, done.stdout


def test_what_comes_back_is_what_there_was(filled_home: Path, restored: tuple[Path, str]) -> None:
    home, said = restored
    assert "✓ observations_observation: 1000 Zeilen, gleich" in said
    assert "✓ Kette der Protokollzeilen" in said
    assert parts_of(home) == parts_of(filled_home) != {}
    assert "files/ab/photo" in parts_of(home)
    for name in ("secrets/django", "secrets/database-app", "identity.toml"):
        assert (home / name).read_bytes() == (filled_home / name).read_bytes()
        assert (home / name).stat().st_mode & 0o777 == 0o600
    # The backup itself leaves a row that it cannot hold.
    audit = "SELECT * FROM core_auditentry WHERE verb NOT IN ('make_backup', 'thin_out') ORDER BY id"
    queries = (RIGHTS, PARTITIONS, FUNCTIONS, "SELECT * FROM core_user", audit)
    assert ask(home, *queries) == ask(filled_home, *queries)


def test_the_doctor_is_content_and_numbers_go_on_where_they_were(
    restored: tuple[Path, str], run_stadt: Any
) -> None:
    home, _ = restored
    doctor = run_stadt(home, "doctor").stdout
    assert "✓ Tabellen\n" in doctor
    assert "✓ Kette der Protokollzeilen\n" in doctor
    query = "SELECT nextval('observations_observation_id_seq') > max(id) FROM observations_observation"
    assert ask(home, query) == [[(True,)]]


def test_a_backup_of_the_restored_city_has_the_same_hashes(
    backup_file: Path, restored: tuple[Path, str], run_stadt: Any, tmp_path: Path
) -> None:
    home, again = restored[0], tmp_path / "again.tar"
    assert run_stadt(home, "backup", str(again)).returncode == 0
    first, second = (run_stadt(home, "backup", "--list", str(file)).stdout for file in (backup_file, again))
    tables = [line for line in first.splitlines() if line.startswith(("observations_", "core_", "datasets_"))]
    assert len(tables) > 15
    assert [line for line in tables if line not in second] == []


@dataclass
class Encrypted:
    """A backup for a recipient of a city with a folder of its own, and where it came back."""

    file: Path
    key: Path
    home: Path
    said: str


@pytest.fixture(scope="module")
def encrypted(
    filled_home: Path, run_stadt: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Encrypted]:
    """Restored with `--end-sessions`."""
    work = tmp_path_factory.mktemp("encrypted")
    key, file, city = work / "key", work / "backup.age", work / "unsere-stadt"
    identity = pyrage.x25519.Identity.generate()
    key.write_text(f"# created: today\n{identity}\n")
    shutil.copytree(Path(__file__).parents[1] / "city" / "probstadt", city)
    ask(filled_home, "INSERT INTO django_session VALUES ('a', 'b', now() + interval '1 day')")
    made = run_stadt(
        filled_home, "backup", str(file), "--to", str(identity.to_public()), STADT_CITY=str(city)
    )
    assert made.returncode == 0, made.stderr
    shutil.rmtree(city)
    with open_home() as home:
        done = run_stadt(home, "restore", str(file), "--identity", str(key), "--end-sessions")
        assert done.returncode == 0, done.stdout + done.stderr
        yield Encrypted(file, key, home, done.stdout)


def test_an_encrypted_backup_tells_nothing_without_its_key(encrypted: Encrypted, run_stadt: Any) -> None:
    assert b"observations" not in encrypted.file.read_bytes()
    assert_refused(run_stadt(encrypted.home, "backup", "--verify", str(encrypted.file)), "verschlüsselt")
    checked = run_stadt(
        encrypted.home, "backup", "--verify", str(encrypted.file), "--identity", str(encrypted.key)
    )
    assert checked.returncode == 0, checked.stderr
    assert "jede Prüfsumme stimmt" in checked.stdout


def test_a_city_folder_of_ones_own_comes_along(encrypted: Encrypted) -> None:
    assert f"STADT_CITY={encrypted.home}/city" in encrypted.said
    assert (encrypted.home / "city" / "city.toml").is_file()


def test_sessions_are_ended_where_that_is_asked_for(encrypted: Encrypted) -> None:
    assert "Beendete Anmeldungen: 1" in encrypted.said
    assert ask(encrypted.home, "SELECT count(*) FROM django_session") == [[(0,)]]


def test_a_passphrase_from_a_file_opens_what_it_locked(
    filled_home: Path, run_stadt: Any, tmp_path: Path
) -> None:
    key, file = tmp_path / "words", tmp_path / "backup.tar"
    key.write_text("vier Wörter und ein Komma\n")
    made = run_stadt(filled_home, "backup", str(file), "--passphrase-file", str(key))
    assert made.returncode == 0, made.stderr
    assert_refused(run_stadt(filled_home, "backup", "--verify", str(file)), "--passphrase-file")
    checked = run_stadt(filled_home, "backup", "--verify", str(file), "--passphrase-file", str(key))
    assert checked.returncode == 0, checked.stderr


def test_a_home_that_is_not_empty_is_refused(backup_file: Path, empty: Path, run_stadt: Any) -> None:
    (empty / "letter.txt").write_text("important")
    assert_refused(run_stadt(empty, "restore", str(backup_file)), "ist nicht leer (letter.txt)")
    assert sorted(path.name for path in empty.iterdir()) == ["letter.txt", "lock"]


def test_a_damaged_backup_is_refused_before_anything_is_written(
    backup_file: Path, empty: Path, run_stadt: Any, tmp_path: Path
) -> None:
    data = bytearray(backup_file.read_bytes())
    data[data.index(b"PAR1")] ^= 1
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(data)
    assert_refused(run_stadt(empty, "restore", str(damaged)), "lake/parts/")
    assert sorted(path.name for path in empty.iterdir()) == ["lock"]


def test_a_backup_of_a_newer_version_is_refused(
    empty: Path, run_stadt: Any, tmp_path: Path, filled_home: Path
) -> None:
    file = tmp_path / "newer.tar"
    ask(
        filled_home, "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_later', now())"
    )
    try:
        assert run_stadt(filled_home, "backup", str(file)).returncode == 0
    finally:
        ask(filled_home, "DELETE FROM django_migrations WHERE name = '9999_later'")
    assert_refused(run_stadt(empty, "restore", str(file)), "core.9999_later")


def test_a_part_that_is_missing_from_the_lake_is_named_and_the_rest_is_kept(
    filled_home: Path, run_stadt: Any, tmp_path: Path
) -> None:
    file = tmp_path / "gap.tar"
    part = next((filled_home / "lake" / "parts").rglob("*.parquet"))
    aside = part.with_suffix(".aside")
    part.rename(aside)
    try:
        done = run_stadt(filled_home, "backup", str(file))
    finally:
        aside.rename(part)
    assert done.returncode == 1
    assert f"fehlt oder beschädigt: {part.parent.name}/{part.name}" in done.stdout
    assert run_stadt(filled_home, "backup", "--verify", str(file)).returncode == 1


def test_an_interrupted_restore_is_recognised_and_the_second_try_works(
    backup_file: Path, empty: Path, run_stadt: Any, wait_until: Any, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "stadt.config.cli", "restore", str(backup_file)],
        env={**os.environ, "STADT_HOME": str(empty), "LANG": "de_DE.UTF-8"},
        stdout=subprocess.DEVNULL,
    )
    wait_until(lambda: (empty / "database" / "18" / "PG_VERSION").exists() or process.poll() is not None)
    left = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    assert_refused(run_stadt(empty, "migrate"), "wurde eine Wiederherstellung nicht beendet")
    done = run_stadt(empty, "restore", str(backup_file))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ observations_observation: 1000 Zeilen, gleich" in done.stdout
    assert not (empty / "restore-unfinished").exists()
    psutil.wait_procs(left, timeout=10)


@pytest.fixture
def server(empty: Path) -> Iterator[dict[str, str]]:
    """A server that is not ours, with an empty database whose owner and user have names of their own."""
    cluster = Cluster(layout(empty), durable=False)
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


def test_a_backup_comes_back_into_a_server_of_ones_own_and_from_there(
    server: dict[str, str], backup_file: Path, run_stadt: Any, tmp_path: Path
) -> None:
    home, again = tmp_path / "home", tmp_path / "again.tar"
    done = run_stadt(home, "restore", str(backup_file), **server)
    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(server["DATABASE_URL"]) as clerk:
        assert clerk.execute("SELECT count(*) FROM observations_observation").fetchone() == (1000,)
        clerk.execute("SELECT observations_ensure_months(ARRAY[current_date])")
        clerk.commit()
        for statement in ("DROP TABLE core_user", "DELETE FROM core_auditentry"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                clerk.execute(statement)
            clerk.rollback()
    assert run_stadt(home, "backup", str(again), **server).returncode == 0
    assert_refused(run_stadt(tmp_path / "third", "restore", str(again), **server), "Datenbank ist nicht leer")
    with open_home() as third:
        back = run_stadt(third, "restore", str(again))
        assert back.returncode == 0, back.stdout + back.stderr
        app = "SELECT has_table_privilege('stadt_app', 'core_auditentry', 'INSERT, DELETE'), "
        app += "has_table_privilege('stadt_app', 'core_auditentry', 'DELETE')"
        assert ask(third, app) == [[(True, False)]]


def test_the_city_keeps_backups_in_its_folder_and_remembers_them(
    filled_home: Path, run_stadt: Any, tmp_path: Path
) -> None:
    identity = pyrage.x25519.Identity.generate()
    recipients = filled_home / "backup-recipients"
    recipients.write_text(f"# archive\n{identity.to_public()}\n")
    old = tmp_path / "stadt-gelsenkirchen-20200101T010000Z.tar.age"
    old.write_text("never proved")
    try:
        done = run_stadt(filled_home, "backup", STADT_BACKUP=str(tmp_path))
        assert done.returncode == 0, done.stdout + done.stderr
        doctor = run_stadt(filled_home, "doctor", STADT_BACKUP=str(tmp_path)).stdout
    finally:
        recipients.unlink()
    (file,) = tmp_path.glob("stadt-gelsenkirchen-*.tar.age")
    assert file != old
    assert "✓ Letzte Sicherung" in doctor
    checked = run_stadt(filled_home, "backup", "--verify", str(file))
    assert checked.returncode == 0
    assert "Die Prüfsumme der ganzen Datei stimmt" in checked.stdout
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert_refused(run_stadt(filled_home, "backup", "--verify", str(file)), "wurde verändert")


def test_a_changed_part_of_the_lake_is_named(filled_home: Path, run_stadt: Any) -> None:
    good = run_stadt(filled_home, "check-lake")
    assert good.returncode == 0, good.stdout + good.stderr
    part = next((filled_home / "lake" / "parts").rglob("*.parquet"))
    content = part.read_bytes()
    part.write_bytes(content[:-5] + b"?" + content[-4:])
    try:
        done = run_stadt(filled_home, "check-lake")
    finally:
        part.write_bytes(content)
    assert done.returncode == 1
    assert f"✗ {part.parent.name}/{part.name} wurde verändert" in done.stdout


OLDER = """#!/bin/sh
[ "$1" = --version ] && echo "postgres (PostgreSQL) 17.6" && exit
exec {program} "$@"
"""


def test_the_database_of_an_older_postgresql_is_taken_over(
    filled_home: Path, empty: Path, run_stadt: Any
) -> None:
    subprocess.run(["cp", "-a", f"{filled_home}/.", str(empty)], check=True)
    if (empty / "database").is_symlink():
        (empty / "database").unlink()
        shutil.copytree(filled_home / "database", empty / "database")
    place = layout(empty)
    place.data.rename(place.base / "17")
    assert_refused(run_stadt(empty, "migrate"), "stadt upgrade-database")
    assert_refused(run_stadt(empty, "backup", str(empty / "x.tar")), "stadt upgrade-database")
    assert_refused(run_stadt(empty, "upgrade-database"), "Programme von PostgreSQL 17")
    assert not place.data.exists()
    wrapper = empty / "old" / "postgres"
    wrapper.parent.mkdir(mode=0o755)
    wrapper.write_text(OLDER.format(program=programs(place.account) / "postgres"))
    wrapper.chmod(0o755)
    done = run_stadt(empty, "upgrade-database", "--programs", str(wrapper.parent))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "jede mit gleicher Anzahl und Prüfsumme" in done.stdout
    assert (place.base / "17" / "PG_VERSION").exists()
    queries = (RIGHTS, PARTITIONS, FUNCTIONS, "SELECT * FROM core_user")
    assert ask(empty, *queries) == ask(filled_home, *queries)
    assert run_stadt(empty, "upgrade-database").stdout == "Hier ist nichts zu übernehmen.\n"
