"""Migration operations on rights: open a table to the read-only role, close one to changes."""

from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from stadt.core.database.connection import parameters
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
        if not _has_role(schema_editor, Role.READ):
            return
        quote = schema_editor.quote_name
        columns = f" ({', '.join(quote(name) for name in self.columns)})" if self.columns else ""
        schema_editor.execute(
            statement.format(columns=columns, table=quote(self.table), role=quote(str(Role.READ)))
        )


class AppendOnly(Operation):
    """`AppendOnly("core_auditentry")`: the city itself may add rows and read them, never change or remove them.

    Where one login both owns and runs (`DATABASE_URL` alone) nothing happens: an owner cannot be kept out.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Grants change no model."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Revoke."""
        self._run(schema_editor, "REVOKE UPDATE, DELETE ON {table} FROM {role}")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Grant again."""
        self._run(schema_editor, "GRANT UPDATE, DELETE ON {table} TO {role}")

    def describe(self) -> str:
        """One line for the migration's log."""
        return f"Let {Role.APP} only add to {self.table}"

    def _run(self, schema_editor: BaseDatabaseSchemaEditor, statement: str) -> None:
        app = str(parameters(settings.STADT, Role.APP).get("user") or "")
        if app == schema_editor.connection.settings_dict["USER"] or not _has_role(schema_editor, app):
            return
        quote = schema_editor.quote_name
        schema_editor.execute(statement.format(table=quote(self.table), role=quote(app)))


def renew_grants(connection: BaseDatabaseWrapper) -> None:
    """Take and give again what the applied migrations say, for tables that default rights opened to the city."""
    applied = MigrationRecorder(connection).applied_migrations()
    loader = MigrationLoader(connection)
    state = ProjectState()
    with connection.schema_editor() as editor:
        for key in sorted(applied):
            migration = loader.disk_migrations.get(key)
            for operation in migration.operations if migration else ():
                if isinstance(operation, GrantRead | AppendOnly):
                    operation.database_forwards(key[0], editor, state, state)


def _has_role(schema_editor: BaseDatabaseSchemaEditor, role: str) -> bool:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        return cursor.fetchone() is not None
