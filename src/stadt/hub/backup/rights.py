"""Who may do what in the database: read from one server and given again on another, where the logins may have other names."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

from stadt.core.database import Role, conninfo
from stadt.core.environment import Environment

EVERYBODY = "public"
# Rights beyond the owner's on tables, their columns, sequences and functions of the city, not on those of extensions.
RIGHTS = """
WITH own AS (
    SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    EXCEPT SELECT objid FROM pg_depend WHERE deptype = 'e'
), given AS (
    SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.oid::regclass::text AS name, '' AS part,
        relowner AS owner, a.grantee, a.privilege_type
    FROM pg_class c JOIN own USING (oid), aclexplode(c.relacl) a
    UNION ALL
    SELECT 'TABLE', c.oid::regclass::text, attname, relowner, a.grantee, a.privilege_type
    FROM pg_class c JOIN own USING (oid) JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
    UNION ALL
    SELECT 'FUNCTION', p.oid::regprocedure::text, '', proowner, a.grantee, a.privilege_type
    FROM pg_proc p JOIN own USING (oid), aclexplode(coalesce(proacl, acldefault('f', proowner))) a
)
SELECT kind, name, part, coalesce(r.rolname, 'public'), privilege_type FROM given LEFT JOIN pg_roles r ON r.oid = grantee
WHERE grantee <> owner ORDER BY 1, 2, 3, 4, 5
"""
OBJECTS = """
SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass::text FROM pg_class c
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT 'FUNCTION', oid::regprocedure::text FROM pg_proc p
WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""

# [kind of object, its name, column or "", login, right]
Right = list[str]


def logins(environment: Environment) -> dict[str, str]:
    """The login that each role of the house is on this installation's server: `owner`, `app`, `read`."""
    found = {"read": str(Role.READ)}
    for key, role in (("owner", Role.OWNER), ("app", Role.APP)):
        with psycopg.connect(conninfo(environment, role)) as connection:
            found[key] = connection.info.user
    return found


def read_rights(connection: psycopg.Connection[Any]) -> list[Right]:
    """Every right but the owner's, in a fixed order."""
    return [list(row) for row in connection.execute(RIGHTS)]


def translate(rights: list[Right], there: Mapping[str, str], here: Mapping[str, str]) -> list[Right]:
    """The rights of another server with the logins of this one; the owner's own are left out."""
    names = {there[key]: here[key] for key in ("read", "app", "owner")}
    found = [[kind, name, part, names.get(login, login), right] for kind, name, part, login, right in rights]
    return sorted(right for right in found if right[3] != here["owner"])


def give_rights(connection: psycopg.Connection[Any], rights: list[Right]) -> list[str]:
    """As the owner: take what default rights gave, and give exactly these. Returns logins that do not exist here."""
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    wanted = {right[3] for right in rights}
    holders = {login for login in wanted if login in known} | {
        login
        for (login,) in connection.execute(
            "SELECT DISTINCT grantee FROM information_schema.role_table_grants"
            " WHERE table_schema = 'public' AND grantee <> current_user"
        )
    }
    holders.discard("PUBLIC")
    for kind, name in connection.execute(OBJECTS).fetchall():
        for login in [EVERYBODY, *sorted(holders)]:
            connection.execute(_statement("REVOKE ALL ON", kind, name, "FROM", login))
    for kind, name, part, login, right in rights:
        if login == EVERYBODY or login in known:
            words = right + (f" ({sql.Identifier(part).as_string(connection)})" if part else "")
            connection.execute(_statement(f"GRANT {words} ON", kind, name, "TO", login))
    return sorted(wanted - known - {EVERYBODY})


def _statement(start: str, kind: str, name: str, word: str, login: str) -> sql.Composed:
    """`name` comes from the server, already quoted as a statement needs it."""
    who = sql.SQL("PUBLIC") if login == EVERYBODY else sql.Identifier(login)
    return sql.SQL(" ").join([sql.SQL(start), sql.SQL(kind), sql.SQL(name), sql.SQL(word), who])
