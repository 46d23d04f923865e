"""What the superuser sets up so that the city may read which statements cost most: an extension and one function."""

LIBRARY = "pg_stat_statements"
MAINTENANCE = "postgres"

# Made by the superuser at every start. Everything is named with its schema: whoever calls sets no search path here.
INSTALL = """
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
CREATE OR REPLACE FUNCTION public.stadt_statements(database name)
RETURNS TABLE (text text, calls bigint, total_ms double precision, mean_ms double precision, rows bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.query, sum(s.calls)::bigint, sum(s.total_exec_time), sum(s.total_exec_time) / sum(s.calls), sum(s.rows)::bigint
    FROM public.pg_stat_statements s
    JOIN pg_catalog.pg_database d ON d.oid = s.dbid
    WHERE d.datname = $1 AND pg_catalog.has_database_privilege(session_user, d.oid, 'CONNECT') AND s.calls > 0
    GROUP BY s.query
$$;
REVOKE ALL ON FUNCTION public.stadt_statements(name) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.stadt_statements(name) TO stadt_app, stadt_owner;
"""
