"""Features of interest made from the Location of a Thing (18-088, 10.2.1): one for each thing and place."""

from typing import Any

from psycopg import AsyncConnection, AsyncRawCursor, RawCursor

# Two requests that need the same feature make it once. The weaker lock lets datastreams be added meanwhile.
LOCK = """
SELECT t.id FROM observations_thing t
WHERE t.id IN (SELECT d.thing_id FROM observations_datastream d WHERE d.id = ANY($1) AND d.feature_id IS NULL)
ORDER BY t.id FOR NO KEY UPDATE
"""

# Another datastream of the thing may have the feature already. Of several locations the one in GeoJSON is taken.
GENERATE = """
WITH lacking AS (
    SELECT d.id, d.thing_id FROM observations_datastream d WHERE d.id = ANY($1) AND d.feature_id IS NULL
), sibling AS (
    SELECT s.thing_id, min(s.feature_id) AS feature_id FROM observations_datastream s
    WHERE s.thing_id IN (SELECT thing_id FROM lacking) AND s.feature_id IS NOT NULL GROUP BY s.thing_id
), place AS (
    SELECT DISTINCT ON (j.thing_id) j.thing_id, p.name, p.description, p.encoding_type, p.location, p.organisation_id
    FROM observations_thing_locations j JOIN observations_location p ON p.id = j.location_id
    WHERE j.thing_id IN (SELECT thing_id FROM lacking EXCEPT SELECT thing_id FROM sibling)
    ORDER BY j.thing_id, p.encoding_type LIKE '%geo+json%' DESC, p.id
), numbered AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('observations_featureofinterest', 'id')) AS feature_id, place.* FROM place
), made AS (
    INSERT INTO observations_featureofinterest
        (id, name, description, properties, encoding_type, feature, organisation_id)
    SELECT feature_id, name, description, '{}', encoding_type, location, organisation_id FROM numbered
), assigned AS (
    SELECT thing_id, feature_id FROM sibling UNION ALL SELECT thing_id, feature_id FROM numbered
), linked AS (
    INSERT INTO observations_featureofinterest_datastreams (featureofinterest_id, datastream_id)
    SELECT a.feature_id, l.id FROM lacking l JOIN assigned a USING (thing_id) ON CONFLICT DO NOTHING
)
UPDATE observations_datastream d SET feature_id = a.feature_id
FROM lacking l JOIN assigned a USING (thing_id) WHERE d.id = l.id
"""

# Read once the lock is held, so that what another request has made meanwhile counts too.
HAVING = "SELECT id, feature_id FROM observations_datastream WHERE id = ANY($1) AND feature_id IS NOT NULL"

LACKING = """
SELECT d.id FROM observations_datastream d WHERE d.feature_id IS NULL
AND EXISTS (SELECT FROM observations_thing_locations j WHERE j.thing_id = d.thing_id) ORDER BY d.id LIMIT 10000
"""

# What observes from a new place observes something else from then on; what was observed keeps its feature.
FORGET = "UPDATE observations_datastream SET feature_id = NULL WHERE thing_id = $1 AND feature_id IS NOT NULL"


def generate_features(cursor: RawCursor[Any], datastream_ids: list[int]) -> dict[int, int]:
    """Give datastreams without a feature the one of their thing's place; in the cursor's transaction.

    Returns:
        The feature of each datastream that has one by now; a thing without location has none.
    """
    for statement in (LOCK, GENERATE, HAVING):
        cursor.execute(statement, (datastream_ids,))
    return dict(cursor.fetchall())


async def generate_features_async(
    connection: AsyncConnection[Any], datastream_ids: list[int]
) -> dict[int, int]:
    """As `generate_features`, in a transaction of its own on an asynchronous connection."""
    async with connection.transaction():
        cursor = AsyncRawCursor(connection)
        for statement in (LOCK, GENERATE, HAVING):
            await cursor.execute(statement, (datastream_ids,))
        return dict(await cursor.fetchall())
