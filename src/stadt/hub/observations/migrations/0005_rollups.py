"""Rollups by hour and day; the versions that say whether they are right. What is stored already is rolled up by the job."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("observations", "0004_changes")]
    operations = [
        migrations.AddField("datastreamday", "version", models.BigIntegerField(default=1, db_default=1)),
        migrations.AddField("datastreamday", "rolled", models.BigIntegerField(default=0, db_default=0)),
        migrations.CreateModel(
            name="Rollup",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "datastream_id",
                        "width",
                        "start",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("datastream_id", models.BigIntegerField()),
                ("width", models.SmallIntegerField()),
                ("start", models.DateTimeField()),
                ("count", models.BigIntegerField()),
                ("total", models.FloatField(null=True)),
                ("minimum", models.FloatField()),
                ("maximum", models.FloatField()),
                ("p50", models.FloatField(null=True)),
                ("p95", models.FloatField(null=True)),
                ("is_simulated", models.BooleanField()),
            ],
        ),
    ]
