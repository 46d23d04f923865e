"""The partitioned store of observations with its counters, revisions and idempotency keys."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

# Ids stay below 2^53, so that they survive JavaScript. `num_nonnulls`: a result is either a number or JSON.
OBSERVATION = """
CREATE SEQUENCE observations_observation_id_seq AS bigint MAXVALUE 9007199254740991;
CREATE TABLE observations_observation (
    id bigint NOT NULL DEFAULT nextval('observations_observation_id_seq'),
    datastream_id bigint NOT NULL,
    phenomenon_time timestamptz NOT NULL,
    phenomenon_time_end timestamptz,
    result_time timestamptz,
    result_number double precision,
    received_at timestamptz NOT NULL,
    feature_of_interest_id bigint,
    valid_time_start timestamptz,
    valid_time_end timestamptz,
    revision integer NOT NULL DEFAULT 1,
    is_simulated boolean NOT NULL DEFAULT false,
    result_json jsonb,
    result_quality jsonb,
    parameters jsonb,
    CONSTRAINT observations_one_result CHECK (num_nonnulls(result_number, result_json) = 1),
    PRIMARY KEY (datastream_id, phenomenon_time, id)
) PARTITION BY RANGE (phenomenon_time);
ALTER SEQUENCE observations_observation_id_seq OWNED BY observations_observation.id;
CREATE INDEX observations_observation_id ON observations_observation (id);
CREATE TABLE observations_observation_before_2000 PARTITION OF observations_observation
    FOR VALUES FROM (MINVALUE) TO ('2000-01-01 00:00:00+00');
"""
DROP_OBSERVATION = "DROP TABLE observations_observation"

# Counters are updated in place all the time: room on each page keeps the updates heap-only.
SETTINGS = """
ALTER TABLE observations_datastreamstate SET (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.5);
ALTER TABLE observations_datastreamday SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.2);
"""

# The city's role may write rows and make no tables: this function runs as the owner. LIKE and ATTACH take no lock on the
# parent that stops readers or writers. The advisory lock lets one of several sessions make a month; the others find
# it by a fresh look into the catalogue, which to_regclass, reading a cache, is not.
ENSURE_MONTHS = """
CREATE FUNCTION observations_ensure_months(months date[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month date;
    name text;
    made integer := 0;
BEGIN
    FOR month IN SELECT DISTINCT date_trunc('month', m)::date FROM unnest(months) AS m ORDER BY 1 LOOP
        CONTINUE WHEN month < '2000-01-01';
        name := 'observations_observation_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        IF month > date_trunc('month', now() AT TIME ZONE 'UTC') + interval '24 months' THEN
            RAISE EXCEPTION 'no observations later than 24 months from now: %', month USING ERRCODE = '22008';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended('observations_ensure_months', 0));
        CONTINUE WHEN EXISTS (SELECT FROM pg_class WHERE relname = name AND relnamespace = 'public'::regnamespace);
        EXECUTE format('CREATE TABLE %I (LIKE observations_observation INCLUDING ALL EXCLUDING INDEXES)', name);
        EXECUTE format(
            'ALTER TABLE observations_observation ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            name,
            to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
            to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00'
        );
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION observations_ensure_months(date[]) FROM PUBLIC;
"""
FIRST_MONTHS = "SELECT observations_ensure_months(ARRAY[now()::date, (now() + interval '1 month')::date])"
DROP_ENSURE_MONTHS = "DROP FUNCTION observations_ensure_months(date[])"


class Migration(migrations.Migration):
    dependencies = [("observations", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="IngestKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.TextField()),
                ("key", models.TextField()),
                ("observation_id", models.BigIntegerField()),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="DatastreamState",
            fields=[
                (
                    "datastream",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="state",
                        serialize=False,
                        to="observations.datastream",
                    ),
                ),
                ("count", models.BigIntegerField(db_default=0, default=0)),
                ("first_time", models.DateTimeField(null=True)),
                ("last_time", models.DateTimeField(null=True)),
                ("end_time", models.DateTimeField(null=True)),
                ("first_result_time", models.DateTimeField(null=True)),
                ("last_result_time", models.DateTimeField(null=True)),
                ("last_id", models.BigIntegerField(null=True)),
                ("last_number", models.FloatField(null=True)),
                ("last_json", models.JSONField(null=True)),
                ("last_quality", models.JSONField(null=True)),
                ("last_simulated", models.BooleanField(db_default=False, default=False)),
                ("updated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="DatastreamDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "datastream_id", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("datastream_id", models.BigIntegerField()),
                ("day", models.DateField()),
                ("count", models.BigIntegerField()),
                ("max_id", models.BigIntegerField(null=True)),
                ("changed", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["changed"], name="observations_day_changed", pages_per_range=8
                    )
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(OBSERVATION, DROP_OBSERVATION)],
            state_operations=[
                migrations.CreateModel(
                    name="Observation",
                    fields=[
                        ("id", models.BigIntegerField()),
                        ("datastream_id", models.BigIntegerField()),
                        ("phenomenon_time", models.DateTimeField()),
                        ("phenomenon_time_end", models.DateTimeField(null=True)),
                        ("result_time", models.DateTimeField(null=True)),
                        ("result_number", models.FloatField(null=True)),
                        ("result_json", models.JSONField(null=True)),
                        ("result_quality", models.JSONField(null=True)),
                        ("valid_time_start", models.DateTimeField(null=True)),
                        ("valid_time_end", models.DateTimeField(null=True)),
                        ("parameters", models.JSONField(null=True)),
                        ("feature_of_interest_id", models.BigIntegerField(null=True)),
                        ("is_simulated", models.BooleanField(default=False)),
                        ("received_at", models.DateTimeField()),
                        ("revision", models.IntegerField(default=1)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "datastream_id",
                                "phenomenon_time",
                                "id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["id"], name="observations_observation_id")],
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="ObservationRevision",
            fields=[
                ("id", models.BigIntegerField()),
                ("datastream_id", models.BigIntegerField()),
                ("phenomenon_time", models.DateTimeField()),
                ("phenomenon_time_end", models.DateTimeField(null=True)),
                ("result_time", models.DateTimeField(null=True)),
                ("result_number", models.FloatField(null=True)),
                ("result_json", models.JSONField(null=True)),
                ("result_quality", models.JSONField(null=True)),
                ("valid_time_start", models.DateTimeField(null=True)),
                ("valid_time_end", models.DateTimeField(null=True)),
                ("parameters", models.JSONField(null=True)),
                ("feature_of_interest_id", models.BigIntegerField(null=True)),
                ("is_simulated", models.BooleanField(default=False)),
                ("received_at", models.DateTimeField()),
                ("revision", models.IntegerField(default=1)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "id", "revision", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("superseded_at", models.DateTimeField()),
                ("is_tombstone", models.BooleanField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["datastream_id", "phenomenon_time"], name="observations_revision_when"
                    )
                ],
            },
        ),
        migrations.RunSQL(SETTINGS, migrations.RunSQL.noop),
        migrations.RunSQL(ENSURE_MONTHS, DROP_ENSURE_MONTHS),
        migrations.RunSQL(FIRST_MONTHS, migrations.RunSQL.noop),
    ]
