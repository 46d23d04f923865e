"""Django's cache in the database, so that a limit of five attempts is five however many web processes there are.

Django's own database cache counts all rows at each write and takes three statements for an `add`; this one takes one.
Values are JSON, never pickles: whoever can write into the database must not be able to run code in the web process.
"""

import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

LIVE = "(expires_at IS NULL OR expires_at > clock_timestamp())"
UNTIL = "clock_timestamp() + make_interval(secs => %s)"
WRITE = (
    f"INSERT INTO core_sharedvalue (key, value, expires_at) VALUES (%s, %s::jsonb, {UNTIL}) "  # noqa: S608 - constants
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at"
)


class SharedCache(BaseCache):
    """`CACHES["default"]`. A write made inside a transaction counts when that transaction commits."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or `default` when there is none or its time is over."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT value FROM core_sharedvalue WHERE key = %s AND {LIVE}",  # noqa: S608 - a constant
                [self.make_key(key, version)],
            )
            row = cursor.fetchone()
        return default if row is None else _read(row[0])

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value for `timeout` seconds; None keeps it until the database stops."""
        self._write(WRITE, key, value, timeout, version)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value unless there is one; of two that ask at once, one gets True."""
        return self._write(
            f"{WRITE} WHERE core_sharedvalue.expires_at <= clock_timestamp()", key, value, timeout, version
        )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a value a new time."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE core_sharedvalue SET expires_at = {UNTIL} WHERE key = %s AND {LIVE}",  # noqa: S608 - constants
                [self._seconds(timeout), self.make_key(key, version)],
            )
            return bool(cursor.rowcount)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Remove a value; False when there was none."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM core_sharedvalue WHERE key = %s RETURNING {LIVE}",  # noqa: S608 - a constant
                [self.make_key(key, version)],
            )
            row = cursor.fetchone()
        return bool(row and row[0])

    def clear(self) -> None:
        """Remove everything."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM core_sharedvalue")

    def _write(self, statement: str, key: str, value: Any, timeout: Any, version: int | None) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                statement, [self.make_key(key, version), json.dumps(value), self._seconds(timeout)]
            )
            return bool(cursor.rowcount)

    def _seconds(self, timeout: Any) -> float | None:
        chosen = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if chosen is None else max(float(chosen), 0.0)


def _read(value: Any) -> Any:
    """Django reads JSON columns as text."""
    return json.loads(value) if isinstance(value, str) else value
