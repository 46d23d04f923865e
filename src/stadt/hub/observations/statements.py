"""The SQL that writes observations and keeps counters, days and keys in step: one statement, hence one transaction.

Locks are taken in one order everywhere: idempotency keys sorted, states sorted by datastream, days sorted. Counts come
from RETURNING, so that a duplicate is never counted.
"""

PREPARE = """
SELECT observations_ensure_months(%b::date[]),
       ARRAY(SELECT id FROM observations_datastream WHERE id = ANY(%b)),
       ARRAY(SELECT id FROM observations_datastream WHERE id = ANY(%b) AND is_simulated)
"""

_INPUT = """
WITH input AS MATERIALIZED (
    SELECT nextval('observations_observation_id_seq') AS id, i.*
    FROM unnest(
        %b::bigint[], %b::timestamptz[], %b::float8[], %b::timestamptz[], %b::timestamptz[], %b::timestamptz[],
        %b::timestamptz[], %b::text[], %b::text[], %b::text[], %b::bigint[], %b::boolean[], %b::text[], %b::text[]
    ) WITH ORDINALITY AS i (
        datastream_id, phenomenon_time, result_number, phenomenon_time_end, result_time, valid_time_start,
        valid_time_end, result_json, result_quality, parameters, feature_of_interest_id, is_simulated, source, key,
        position
    )
)"""

_KEYS = """,
known AS (
    INSERT INTO observations_ingestkey (source, key, observation_id, received_at)
    SELECT DISTINCT ON (source, key) source, key, id, now()
    FROM input WHERE key IS NOT NULL ORDER BY source, key, position
    ON CONFLICT DO NOTHING
    RETURNING observation_id
),
fresh AS MATERIALIZED (
    SELECT * FROM input WHERE key IS NULL OR id IN (SELECT observation_id FROM known)
)"""

_INSERT = """,
inserted AS (
    INSERT INTO observations_observation (
        id, datastream_id, phenomenon_time, phenomenon_time_end, result_time, result_number, received_at,
        feature_of_interest_id, valid_time_start, valid_time_end, is_simulated, result_json, result_quality, parameters
    )
    SELECT id, datastream_id, phenomenon_time, phenomenon_time_end, result_time, result_number, now(),
           feature_of_interest_id, valid_time_start, valid_time_end, coalesce(is_simulated, false), result_json::jsonb,
           result_quality::jsonb, parameters::jsonb
    FROM {rows}
    RETURNING id, datastream_id, phenomenon_time, phenomenon_time_end, result_time, result_number, result_json,
              result_quality, is_simulated
)"""

# `states` upserts what `extent` and `newest` say. `days` reads from `states`, so that its locks come later.
_MAINTAIN = """,
extent AS (
    SELECT datastream_id, count(*) AS count, min(phenomenon_time) AS first_time, max(phenomenon_time) AS last_time,
           max(phenomenon_time_end) AS end_time, min(result_time) AS first_result_time,
           max(result_time) AS last_result_time
    FROM inserted GROUP BY datastream_id
),
newest AS (
    SELECT DISTINCT ON (i.datastream_id) i.*
    FROM inserted AS i
    JOIN extent AS e ON e.datastream_id = i.datastream_id AND e.last_time = i.phenomenon_time
    ORDER BY i.datastream_id, i.id DESC
),
states AS (
    INSERT INTO observations_datastreamstate AS s (
        datastream_id, count, first_time, last_time, end_time, first_result_time, last_result_time,
        last_id, last_number, last_json, last_quality, last_simulated, updated_at
    )
    SELECT e.datastream_id, e.count, e.first_time, e.last_time, e.end_time, e.first_result_time, e.last_result_time,
           n.id, n.result_number, n.result_json, n.result_quality, n.is_simulated, now()
    FROM extent AS e JOIN newest AS n USING (datastream_id)
    ORDER BY e.datastream_id
    ON CONFLICT (datastream_id) DO UPDATE SET
        count = s.count + excluded.count,
        first_time = least(s.first_time, excluded.first_time),
        last_time = greatest(s.last_time, excluded.last_time),
        end_time = greatest(s.end_time, excluded.end_time),
        first_result_time = least(s.first_result_time, excluded.first_result_time),
        last_result_time = greatest(s.last_result_time, excluded.last_result_time),
        (last_id, last_number, last_json, last_quality, last_simulated) = (
            SELECT CASE WHEN newer THEN excluded.last_id ELSE s.last_id END,
                   CASE WHEN newer THEN excluded.last_number ELSE s.last_number END,
                   CASE WHEN newer THEN excluded.last_json ELSE s.last_json END,
                   CASE WHEN newer THEN excluded.last_quality ELSE s.last_quality END,
                   CASE WHEN newer THEN excluded.last_simulated ELSE s.last_simulated END
            FROM (SELECT s.last_id IS NULL
                      OR (excluded.last_time, excluded.last_id) > (s.last_time, s.last_id) AS newer) AS compared
        ),
        updated_at = excluded.updated_at
    RETURNING datastream_id
),
days AS (
    INSERT INTO observations_datastreamday AS d (datastream_id, day, count, max_id, changed)
    SELECT datastream_id, (phenomenon_time AT TIME ZONE 'UTC')::date AS day, count(*), max(id),
           pg_current_xact_id()::text::bigint
    FROM inserted WHERE (SELECT count(*) FROM states) >= 0
    GROUP BY datastream_id, day ORDER BY datastream_id, day
    ON CONFLICT (datastream_id, day) DO UPDATE SET
        count = d.count + excluded.count,
        max_id = greatest(d.max_id, excluded.max_id),
        changed = excluded.changed,
        version = d.version + 1
)"""

# One row of the feed for each thousand observations (`feed.py`): readers take what they can hold.
_NOTE = """,
noted AS (
    INSERT INTO observations_change (entity, is_new, ids, datastream_ids, first_time, last_time, size)
    SELECT 'Observation', true, array_agg(id), array_agg(datastream_id), min(phenomenon_time), max(phenomenon_time),
           count(*)
    FROM (SELECT i.*, (row_number() OVER () - 1) / 1000 AS part FROM inserted AS i) AS i GROUP BY part
)"""

APPEND = (
    _INPUT
    + _INSERT.format(rows="input")
    + _MAINTAIN
    + _NOTE
    + "\nSELECT array_agg(id ORDER BY position) FROM input"
)
APPEND_WITH_KEYS = (
    _INPUT
    + _KEYS
    + _INSERT.format(rows="fresh")
    + _MAINTAIN
    + _NOTE
    + "\nSELECT array_agg(f.id ORDER BY i.position) FROM input AS i LEFT JOIN fresh AS f USING (id)"
)

IDS_OF_KEYS = """
SELECT k.observation_id
FROM unnest(%b::text[], %b::text[]) WITH ORDINALITY AS i (source, key, position)
JOIN observations_ingestkey AS k USING (source, key)
ORDER BY i.position
"""

# -- corrections and deletions: states are locked first, sorted, as everywhere -------------------------------------

LOCK_STATES = """
SELECT count(*) FROM (
    SELECT 1 FROM observations_datastreamstate WHERE datastream_id = ANY(%b) ORDER BY datastream_id FOR UPDATE
) AS locked
"""

_WANTED = """
WITH wanted AS (
    SELECT * FROM unnest(%b::bigint[], %b::timestamptz[], %b::bigint[]) AS w (datastream_id, phenomenon_time, id)
)"""
_THE_WANTED = "o.datastream_id = w.datastream_id AND o.phenomenon_time = w.phenomenon_time AND o.id = w.id"

LOCK = f"""{_WANTED}
SELECT o.* FROM observations_observation AS o JOIN wanted AS w ON {_THE_WANTED}
ORDER BY o.datastream_id, o.phenomenon_time, o.id FOR UPDATE OF o
"""  # noqa: S608 - fixed fragments only

_COLUMNS = """id, datastream_id, phenomenon_time, phenomenon_time_end, result_time, result_number, received_at,
    feature_of_interest_id, valid_time_start, valid_time_end, revision, is_simulated, result_json, result_quality,
    parameters"""

KEEP_REVISIONS = f"""{_WANTED}
INSERT INTO observations_observationrevision ({_COLUMNS}, superseded_at, is_tombstone)
SELECT o.*, now(), %b
FROM (SELECT {_COLUMNS} FROM observations_observation) AS o JOIN wanted AS w ON {_THE_WANTED}
"""  # noqa: S608 - fixed fragments only

CORRECT = """
UPDATE observations_observation AS o SET
    phenomenon_time = n.phenomenon_time,
    result_number = n.result_number,
    phenomenon_time_end = n.phenomenon_time_end,
    result_time = n.result_time,
    valid_time_start = n.valid_time_start,
    valid_time_end = n.valid_time_end,
    result_json = n.result_json::jsonb,
    result_quality = n.result_quality::jsonb,
    parameters = n.parameters::jsonb,
    feature_of_interest_id = n.feature_of_interest_id,
    revision = o.revision + 1
FROM unnest(
    %b::bigint[], %b::timestamptz[], %b::bigint[],
    %b::bigint[], %b::timestamptz[], %b::float8[], %b::timestamptz[], %b::timestamptz[], %b::timestamptz[],
    %b::timestamptz[], %b::text[], %b::text[], %b::text[], %b::bigint[], %b::boolean[], %b::text[], %b::text[]
) AS n (
    old_datastream_id, old_time, id, datastream_id, phenomenon_time, result_number, phenomenon_time_end, result_time,
    valid_time_start, valid_time_end, result_json, result_quality, parameters, feature_of_interest_id, is_simulated,
    source, key
)
WHERE o.datastream_id = n.old_datastream_id AND o.phenomenon_time = n.old_time AND o.id = n.id
"""

NOTE_CORRECTED = """
INSERT INTO observations_change (entity, is_new, names, ids, datastream_ids, first_time, last_time, size)
SELECT 'Observation', false, %b::text[], array_agg(id), array_agg(datastream_id), min(time), max(time), count(*)
FROM (
    SELECT c.*, (row_number() OVER () - 1) / 1000 AS part
    FROM unnest(%b::bigint[], %b::timestamptz[], %b::bigint[]) AS c (datastream_id, time, id)
) AS c GROUP BY part
"""

DELETE = f"""{_WANTED}
DELETE FROM observations_observation AS o USING wanted AS w WHERE {_THE_WANTED}
"""  # noqa: S608 - fixed fragments only

REFRESH_DAYS = """
INSERT INTO observations_datastreamday AS d (datastream_id, day, count, max_id, changed)
SELECT t.datastream_id, t.day, found.count, found.max_id, pg_current_xact_id()::text::bigint
FROM (
    SELECT DISTINCT datastream_id, (time AT TIME ZONE 'UTC')::date AS day
    FROM unnest(%b::bigint[], %b::timestamptz[]) AS i (datastream_id, time)
) AS t
CROSS JOIN LATERAL (
    SELECT count(*) AS count, max(o.id) AS max_id FROM observations_observation AS o
    WHERE o.datastream_id = t.datastream_id
      AND o.phenomenon_time >= t.day::timestamp AT TIME ZONE 'UTC'
      AND o.phenomenon_time < (t.day + 1)::timestamp AT TIME ZONE 'UTC'
) AS found
ORDER BY t.datastream_id, t.day
ON CONFLICT (datastream_id, day) DO UPDATE SET
    count = excluded.count, max_id = excluded.max_id, changed = excluded.changed, version = d.version + 1
"""

# The rare columns (ends, result times) are only searched for where there are any.
REFRESH_STATES = """
UPDATE observations_datastreamstate AS s SET
    count = (SELECT coalesce(sum(count), 0) FROM observations_datastreamday AS d WHERE d.datastream_id = s.datastream_id),
    first_time = (
        SELECT o.phenomenon_time FROM observations_observation AS o WHERE o.datastream_id = s.datastream_id
        ORDER BY o.phenomenon_time, o.id LIMIT 1
    ),
    (last_time, last_id, last_number, last_json, last_quality, last_simulated) = (
        SELECT newest.phenomenon_time, newest.id, newest.result_number, newest.result_json, newest.result_quality,
               coalesce(newest.is_simulated, false)
        FROM (SELECT 1) AS always LEFT JOIN LATERAL (
            SELECT o.* FROM observations_observation AS o WHERE o.datastream_id = s.datastream_id
            ORDER BY o.phenomenon_time DESC, o.id DESC LIMIT 1
        ) AS newest ON true
    ),
    (end_time, first_result_time, last_result_time) = (
        SELECT max(o.phenomenon_time_end), min(o.result_time), max(o.result_time)
        FROM observations_observation AS o
        WHERE o.datastream_id = s.datastream_id AND (%b OR num_nonnulls(s.end_time, s.first_result_time) > 0)
    ),
    updated_at = now()
WHERE s.datastream_id = ANY(%b)
"""
