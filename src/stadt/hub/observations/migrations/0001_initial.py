"""The entities of SensorThings."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("core", "__first__")]
    operations = [
        migrations.CreateModel(
            name="Datastream",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("description", models.TextField(blank=True)),
                ("properties", models.JSONField(blank=True, default=dict)),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                ("unit_of_measurement", models.JSONField(default=dict)),
                (
                    "observation_type",
                    models.TextField(
                        default="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
                    ),
                ),
                ("observed_area", models.JSONField(null=True)),
                ("is_public", models.BooleanField(default=False)),
                ("is_simulated", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DatastreamTombstone",
            fields=[
                ("datastream_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, null=True)),
                ("count", models.BigIntegerField()),
                ("first_time", models.DateTimeField(null=True)),
                ("last_time", models.DateTimeField(null=True)),
                ("deleted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("purged_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FeatureOfInterest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("description", models.TextField(blank=True)),
                ("properties", models.JSONField(blank=True, default=dict)),
                ("encoding_type", models.TextField(default="application/geo+json")),
                ("feature", models.JSONField()),
                (
                    "datastreams",
                    models.ManyToManyField(related_name="features", to="observations.datastream"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="datastream",
            name="feature",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="observations.featureofinterest",
            ),
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("description", models.TextField(blank=True)),
                ("properties", models.JSONField(blank=True, default=dict)),
                ("encoding_type", models.TextField(default="application/geo+json")),
                ("location", models.JSONField()),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ObservedProperty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("description", models.TextField(blank=True)),
                ("properties", models.JSONField(blank=True, default=dict)),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                ("definition", models.TextField()),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="datastream",
            name="observed_property",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="datastreams",
                to="observations.observedproperty",
            ),
        ),
        migrations.CreateModel(
            name="Sensor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("description", models.TextField(blank=True)),
                ("properties", models.JSONField(blank=True, default=dict)),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                ("encoding_type", models.TextField(default="text/html")),
                ("metadata", models.JSONField(default=str)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="datastream",
            name="sensor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="datastreams",
                to="observations.sensor",
            ),
        ),
        migrations.CreateModel(
            name="Thing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("description", models.TextField(blank=True)),
                ("properties", models.JSONField(blank=True, default=dict)),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                ("locations", models.ManyToManyField(related_name="things", to="observations.location")),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HistoricalLocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("time", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "locations",
                    models.ManyToManyField(related_name="historical_locations", to="observations.location"),
                ),
                (
                    "thing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="historical_locations",
                        to="observations.thing",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="datastream",
            name="thing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="datastreams",
                to="observations.thing",
            ),
        ),
        migrations.AddIndex(
            model_name="location",
            index=models.Index(fields=["lon", "lat"], name="observations_location_point"),
        ),
        migrations.AddIndex(
            model_name="historicallocation",
            index=models.Index(fields=["thing", "-time"], name="observations_where_when"),
        ),
        migrations.AddIndex(
            model_name="datastream",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["properties"], name="observations_datastream_props", opclasses=("jsonb_path_ops",)
            ),
        ),
    ]
