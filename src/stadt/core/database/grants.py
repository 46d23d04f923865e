"""Migration operation that opens a table or view to the read-only role."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from stadt.core.database.roles import Role


class GrantRead(Operation):
    """`GrantRead("hub_table", columns=("id", "title"))`: let `stadt_read` see a public projection, or some columns.

    On a server that has no such role (`DATABASE_URL`) nothing happens: there reading is the same login.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, columns: tuple[str, ...] = ()) -> None:
        self.table = table
        self.columns = columns

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Grants change no model."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Grant."""
        self._run(schema_editor, "GRANT SELECT{columns} ON {table} TO {role}")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Revoke."""
        self._run(schema_editor, "REVOKE SELECT{columns} ON {table} FROM {role}")

    def describe(self) -> str:
        """One line for the migration's log."""
        return f"Let {Role.READ} read {self.table}"

    def _run(self, schema_editor: BaseDatabaseSchemaEditor, statement: str) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [Role.READ])
            if cursor.fetchone() is None:
                return
        quote = schema_editor.quote_name
        columns = f" ({', '.join(quote(name) for name in self.columns)})" if self.columns else ""
        schema_editor.execute(
            statement.format(columns=columns, table=quote(self.table), role=quote(str(Role.READ)))
        )
