"""Functions in SQL that the compiler builds on: each gives null where another would be an error.

An error would tell about rows that the viewer may not see.
"""

from django.db import migrations

# Seconds from 0001-01-01 to 9999-12-31, the calendar of the standard's `mindatetime` and `maxdatetime`.
SHIFT = """
CREATE FUNCTION sta_shift(moment timestamptz, seconds numeric) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN extract(epoch FROM moment) + seconds BETWEEN -62135596800 AND 253402300799
    THEN moment + trunc(least(greatest(seconds, -4e11), 4e11))::float8 * interval '1 second'
        + mod(seconds, 1)::float8 * interval '1 second'
    END
"""
# A text of the form that a time has in the standard. PostgreSQL would also read 'tomorrow'.
MOMENT = r"""
CREATE FUNCTION sta_moment(value text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE RETURN
    CASE WHEN value ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.]\d+)?)?(Z|[+-]\d\d:?\d\d)$'
    AND pg_input_is_valid(value, 'timestamptz') THEN value::timestamptz END
"""
# The box around all coordinates of a GeoJSON object; null where there are none. Positions outside the Earth are left
# out, so that every number can be cast.
BOX = """
CREATE FUNCTION sta_box(shape jsonb) RETURNS box
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.box(
        pg_catalog.point(min((p ->> 0)::float8), min((p ->> 1)::float8)),
        pg_catalog.point(max((p ->> 0)::float8), max((p ->> 1)::float8))
    ) FROM pg_catalog.jsonb_path_query(
        shape, 'strict $.**?(@.type() == "array" && @[0] >= -720 && @[0] <= 720 && @[1] >= -720 && @[1] <= 720)'
    ) p
$$
"""
INDEXES = {
    "sta_location_box": ("observations_location", "location"),
    "sta_feature_box": ("observations_featureofinterest", "feature"),
    "sta_observed_area_box": ("observations_datastream", "observed_area"),
}


class Migration(migrations.Migration):
    initial = True
    dependencies = [("observations", "0002_store")]
    operations = [
        migrations.RunSQL(SHIFT, "DROP FUNCTION sta_shift(timestamptz, numeric)"),
        migrations.RunSQL(MOMENT, "DROP FUNCTION sta_moment(text)"),
        migrations.RunSQL(BOX, "DROP FUNCTION sta_box(jsonb)"),
        *(
            migrations.RunSQL(
                f"CREATE INDEX {name} ON {table} USING gist (sta_box({column}))", f"DROP INDEX {name}"
            )
            for name, (table, column) in INDEXES.items()
        ),
    ]
