"""DuckDB over one file that somebody brought: an instance of its own, with its own limits, for a process of its own."""
# ruff: noqa: S608 - names go through quoted(), paths and words through literal()

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from stadt.hub.lake.engine import extension, literal

MEMORY = "256MB"
MEMORY_WIDE = "1GB"
"""For tables of hundreds of columns: each takes a third of a megabyte, however few rows there are."""
SPILL = "8GB"
MAX_LINE_BYTES = 2 * 1024 * 1024


class ReadingFailed(Exception):
    """DuckDB could not read the file; the message is its own and not for people."""


class Reader:
    """A connection that may touch the files of given folders and nothing else."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def run(self, sql: str) -> None:
        """Execute a statement, usually a COPY."""
        self._ask(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a small result."""
        return self._ask(sql).fetchall()

    def name(self, table: str, stream: object) -> None:
        """Let SQL see an Arrow stream as a table, once."""
        self._connection.register(table, stream)

    def _ask(self, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(sql)
        except duckdb.OutOfMemoryException as error:
            raise MemoryError(str(error)) from error
        except duckdb.Error as error:
            raise ReadingFailed(str(error)) from error


@contextmanager
def reader(
    folders: Sequence[Path], *, spatial: bool = False, threads: int = 1, memory: str = MEMORY
) -> Iterator[Reader]:
    """A connection that sees the files of these folders; spilling goes into the last of them.

    Args:
        folders: where files are read and written.
        spatial: whether geometry functions are needed, whose loading takes a tenth of a second.
        memory: how much it may use before it spills.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory,
            "threads": str(threads),
            "temp_directory": str(folders[-1] / "spill") if folders else "",
            "max_temp_directory_size": SPILL,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    try:
        if spatial:
            connection.execute(f"LOAD {literal(str(extension('spatial')))}")
        allowed = ", ".join(literal(str(folder) + "/") for folder in folders)
        for statement in (
            "SET TimeZone = 'UTC'",
            # After two seconds DuckDB draws a bar on standard output, where the answer is to stand.
            "SET enable_progress_bar = false",
            f"SET allowed_directories = [{allowed}]",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            connection.execute(statement)
        yield Reader(connection)
    finally:
        connection.close()


def text_table(path: Path, width: int, delimiter: str, quote: str) -> str:
    """A SELECT over a CSV file in UTF-8 as columns `c0`, `c1`, … of text and `row`, each row's number from 1.

    Rows that are too short end in missing values. Rows that are too long are left out and told by `reject_errors`.
    """
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(width))
    mark = literal(quote)
    return (
        f"SELECT row_number() OVER () AS row, * FROM read_csv({literal(str(path))}, auto_detect = false, "
        f"delim = {literal(delimiter)}, quote = {mark}, escape = {mark}, header = false, skip = 0, "
        f"null_padding = true, parallel = false, strict_mode = true, store_rejects = true, "
        f"max_line_size = {MAX_LINE_BYTES}, columns = {{{columns}}})"
    )


def rejects(reader: Reader) -> list[tuple[int, str]]:
    """Line and kind of error of the rows that `text_table` left out (DuckDB keeps at most some of them)."""
    try:
        return [
            (int(line), str(kind))
            for line, kind in reader.rows(
                "SELECT DISTINCT line, error_type::VARCHAR FROM reject_errors ORDER BY line LIMIT 100000"
            )
        ]
    except ReadingFailed:
        return []
