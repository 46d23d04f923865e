#!/usr/bin/env bash
# Makes the roles and the database on a PostgreSQL server of your own (17 or newer); run once as its superuser, with the two
# passwords in OWNER_PASSWORD and APP_PASSWORD. The running city owns nothing: only `stadt migrate` takes the owner's role.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" "$@" <<'SQL'
CREATE ROLE stadt_owner LOGIN PASSWORD :'owner';
CREATE ROLE stadt_app LOGIN PASSWORD :'app';
CREATE DATABASE stadt OWNER stadt_owner;
REVOKE ALL ON DATABASE stadt FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE stadt TO stadt_app;
\connect stadt
ALTER SCHEMA public OWNER TO stadt_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO stadt_app;
SQL
