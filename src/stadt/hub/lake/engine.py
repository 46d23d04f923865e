"""DuckDB with limits: one instance in a process, few queries at a time, none of them long, no file outside the lake."""

import asyncio
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from stadt.core.errors import ConfigurationError, Unavailable
from stadt.hub.lake.layout import layout

logger = logging.getLogger("stadt.lake")

MEMORY = "256MB"
SPILL = "4GB"
QUERIES_AT_A_TIME = 2
QUERY_SECONDS = 5.0
EXPORT_SECONDS = 600.0
WAIT_SECONDS = 10.0
EXTENSIONS = ("spatial", "excel")

Parameters = Sequence[Any]
Record = tuple[Any, ...]


class Engine:
    """A DuckDB instance that may touch the files of one folder and nothing else."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root = root
        self._open = threading.Lock()
        self._queries = threading.BoundedSemaphore(QUERIES_AT_A_TIME)
        self._exports = threading.BoundedSemaphore(1)
        self._instance = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": MEMORY,
                "threads": "1",
                "temp_directory": str(root / "work" / "spill"),
                "max_temp_directory_size": SPILL,
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        for name in EXTENSIONS:
            self._instance.execute(f"LOAD {literal(str(extension(name)))}")
        for statement in (
            "SET TimeZone = 'UTC'",
            "SET enable_progress_bar = false",
            "SET parquet_metadata_cache = true",
            f"SET allowed_directories = [{literal(str(root) + '/')}]",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            self._instance.execute(statement)

    def ask(
        self, sql: str, parameters: Parameters = (), *, view: str = "", seconds: float = QUERY_SECONDS
    ) -> list[Record]:
        """All rows of a query.

        Args:
            sql: our own SQL, never a visitor's.
            parameters: values for `?`; aware date-times are compared in UTC.
            view: a SELECT that the query sees as `data`.
            seconds: the query is interrupted after that time.

        Raises:
            Unavailable: when it took too long, needed too much memory, or too many others are running.
        """
        with self._turn(self._queries, WAIT_SECONDS), self._limited(seconds) as cursor:
            if view:
                cursor.execute(f"CREATE TEMP VIEW data AS {view}")
            rows = cursor.execute(sql, [_plain(value) for value in parameters]).fetchall()
        return [tuple(_aware(cell) for cell in row) for row in rows]

    def run(self, sql: str, *, seconds: float = EXPORT_SECONDS) -> None:
        """Execute a long statement that writes a file (COPY); one at a time in a process."""
        with self._turn(self._exports, seconds), self._limited(seconds) as cursor:
            cursor.execute(sql)

    @contextmanager
    def _turn(self, turns: threading.BoundedSemaphore, seconds: float) -> Iterator[None]:
        if not turns.acquire(timeout=seconds):
            raise Unavailable("Too many queries are running; ask again in a moment.")
        try:
            yield
        finally:
            turns.release()

    @contextmanager
    def _limited(self, seconds: float) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._open:
            cursor = self._instance.cursor()
        timer = threading.Timer(seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield cursor
        except duckdb.InterruptException:
            raise Unavailable("This query took too long and was interrupted.") from None
        except duckdb.OutOfMemoryException:
            raise Unavailable("This query needs too much memory and was stopped.") from None
        except duckdb.IOException as error:
            logger.exception("the lake could not be read or written")
            raise Unavailable("The files of this dataset cannot be read at the moment.") from error
        finally:
            timer.cancel()
            cursor.close()


_engines: dict[Path, Engine] = {}
_making = threading.Lock()


def engine() -> Engine:
    """The instance of this process for the installation's lake, made on first use."""
    root = layout().root
    with _making:
        if root not in _engines:
            _engines[root] = Engine(root)
        return _engines[root]


async def warm_up() -> None:
    """Open the instance before the first request, since loading the extensions takes a third of a second."""
    await asyncio.to_thread(engine)


async def cool_down() -> None:
    """Nothing is open between requests."""


def extension(name: str) -> Path:
    """An extension as its wheel brought it; nothing is downloaded or copied.

    Raises:
        ConfigurationError: when the wheel is missing or made for another DuckDB.
    """
    found = find_spec(f"duckdb_extension_{name}")
    folder = Path(str(found.origin)).parent if found else Path()
    path = folder / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not path.is_file():
        raise ConfigurationError(
            f"Die Erweiterung „{name}“ von DuckDB {duckdb.__version__} fehlt: installieren Sie "
            f"duckdb-extension-{name}=={duckdb.__version__}."
        )
    return path


def literal(text: str) -> str:
    """A string as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A naive date-time cannot be compared: its zone is unknown.")
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def _aware(cell: Any) -> Any:
    return cell.replace(tzinfo=UTC) if isinstance(cell, datetime) else cell
