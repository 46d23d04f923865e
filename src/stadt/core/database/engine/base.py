"""The backend's changes: a connection is refused at once while the database is known to be away; statements are traced.

Without it each page would wait for the pool's whole patience in a thread of its own, and fail then.
"""

from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper

from stadt.core import telemetry
from stadt.core.database.outage import refuse_if_away


class DatabaseWrapper(PostgresWrapper):
    """Named as Django asks of a backend."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if telemetry.is_on():
            self.execute_wrappers.append(telemetry.statement)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take a connection from the pool.

        Raises:
            OperationalError: the database is away, or gave no connection in time.
        """
        refuse_if_away()
        return super().get_new_connection(conn_params)
