"""The tables of snapshots and access counts."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PublicationState",
            fields=[
                ("dataset", models.CharField(max_length=101, primary_key=True, serialize=False)),
                ("checked_at", models.DateTimeField(null=True)),
                ("mark", models.CharField(blank=True, max_length=64)),
                ("error", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="AccessCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dataset", models.CharField(max_length=101)),
                ("format", models.CharField(max_length=16)),
                ("day", models.DateField()),
                ("count", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["day"], name="access_count_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("dataset", "format", "day"), name="access_count_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dataset", models.CharField(max_length=101)),
                ("name", models.CharField(max_length=10)),
                ("path", models.CharField(max_length=200, unique=True)),
                ("sha256", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("mark", models.CharField(blank=True, max_length=200)),
                ("row_count", models.BigIntegerField()),
                ("simulated_count", models.BigIntegerField()),
                ("size_bytes", models.BigIntegerField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["dataset"], name="part_dataset")],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dataset", models.CharField(max_length=101)),
                ("number", models.PositiveIntegerField()),
                ("published_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("content_hash", models.CharField(max_length=64)),
                ("schema_hash", models.CharField(max_length=64)),
                ("row_count", models.BigIntegerField()),
                ("simulated_count", models.BigIntegerField()),
                ("columns", models.JSONField()),
                ("profile", models.JSONField(default=dict)),
                ("purged_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("dataset", "number"), name="snapshot_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("simulated_count__lte", models.F("row_count"))),
                        name="snapshot_simulated_of_rows",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(db_index=True, max_length=100)),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="datasets.snapshot",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("snapshot", "holder"), name="hold_once")],
            },
        ),
        migrations.CreateModel(
            name="SnapshotPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="datasets.part",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="datasets.snapshot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "position"), name="snapshot_part_position")
                ],
            },
        ),
    ]
