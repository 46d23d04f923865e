"""MultiDatastreams: rows of the datastreams' table with ids of their own range, and the properties they observe."""

import django.db.models.deletion
from django.db import migrations, models

SEQUENCE = """
CREATE SEQUENCE observations_multidatastream_id_seq AS bigint
MINVALUE 1000000000000 START 1000000000000 MAXVALUE 9007199254740991
"""
DROP_SEQUENCE = "DROP SEQUENCE observations_multidatastream_id_seq"

# The id says the kind, and each kind has its columns and no others (18-088, table 12-1).
KINDS = """
ALTER TABLE observations_datastream ADD CONSTRAINT observations_datastream_kind CHECK (
    CASE WHEN id < 1000000000000
    THEN observed_property_id IS NOT NULL AND num_nonnulls(unit_of_measurements, multi_observation_data_types) = 0
    ELSE observed_property_id IS NULL AND coalesce(
        jsonb_array_length(unit_of_measurements) = jsonb_array_length(multi_observation_data_types)
        AND jsonb_array_length(unit_of_measurements) > 0, false)
    END
)
"""
DROP_KINDS = "ALTER TABLE observations_datastream DROP CONSTRAINT observations_datastream_kind"


class Migration(migrations.Migration):
    dependencies = [("observations", "0002_store")]
    operations = [
        migrations.AlterField(
            model_name="datastream",
            name="observed_property",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="datastreams",
                to="observations.observedproperty",
            ),
        ),
        migrations.AddField("datastream", "unit_of_measurements", models.JSONField(null=True)),
        migrations.AddField("datastream", "multi_observation_data_types", models.JSONField(null=True)),
        migrations.CreateModel(
            name="MultiObservedProperty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.BigIntegerField()),
                (
                    "datastream",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="multi_properties",
                        to="observations.datastream",
                    ),
                ),
                (
                    "observed_property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="multi_datastreams",
                        to="observations.observedproperty",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("datastream", "position"), name="observations_multi_position"
                    )
                ],
            },
        ),
        migrations.RunSQL(SEQUENCE, DROP_SEQUENCE),
        migrations.RunSQL(KINDS, DROP_KINDS),
    ]
