"""The indicators that people keep: definitions, files and the threshold of small cells."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_people_in_a_tree"),
        ("indicators", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SmallCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("threshold", models.PositiveIntegerField()),
                ("reason", models.TextField(blank=True)),
                ("set_by", models.CharField(max_length=100)),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="KeptIndicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=101, unique=True)),
                ("code", models.CharField(blank=True, db_index=True, max_length=40)),
                ("is_example", models.BooleanField(default=False)),
                ("mapping", models.JSONField(default=dict)),
                ("created_by", models.CharField(max_length=100)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FigureFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("filename", models.CharField(max_length=200)),
                ("path", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size_bytes", models.BigIntegerField()),
                ("source", models.CharField(blank=True, max_length=300)),
                ("mapping", models.JSONField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("proposed", "Proposed"),
                            ("confirmed", "Confirmed"),
                            ("refused", "Refused"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("received_by", models.CharField(max_length=100)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_by", models.CharField(blank=True, max_length=100)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.TextField(blank=True)),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="indicators.keptindicator",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kept", "number"), name="file_once")],
            },
        ),
        migrations.CreateModel(
            name="DefinitionVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("valid_from", models.DateField()),
                ("title", models.CharField(max_length=200)),
                ("unit", models.CharField(max_length=40)),
                ("description", models.TextField()),
                ("formula", models.TextField()),
                ("numerator", models.CharField(blank=True, max_length=300)),
                ("denominator", models.CharField(blank=True, max_length=300)),
                ("source", models.CharField(max_length=300)),
                ("method", models.CharField(blank=True, max_length=300)),
                (
                    "period",
                    models.CharField(
                        choices=[
                            ("day", "day"),
                            ("week", "week"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("half_year", "half_year"),
                            ("year", "year"),
                            ("two_years", "two_years"),
                            ("three_years", "three_years"),
                            ("five_years", "five_years"),
                        ],
                        max_length=12,
                    ),
                ),
                ("digits", models.PositiveSmallIntegerField(null=True)),
                ("series", models.JSONField(default=list)),
                ("dimensions", models.JSONField(default=dict)),
                (
                    "interval",
                    models.CharField(
                        blank=True,
                        choices=[("", ""), ("wilson", "wilson"), ("poisson", "poisson"), ("mean", "mean")],
                        max_length=10,
                    ),
                ),
                ("per", models.FloatField(default=1)),
                (
                    "mean_of",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("day", "day"),
                            ("week", "week"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("half_year", "half_year"),
                            ("year", "year"),
                            ("two_years", "two_years"),
                            ("three_years", "three_years"),
                            ("five_years", "five_years"),
                        ],
                        max_length=12,
                    ),
                ),
                ("protects_people", models.BooleanField(default=False)),
                ("additive", models.BooleanField(default=False)),
                ("valid_low", models.FloatField(null=True)),
                ("valid_high", models.FloatField(null=True)),
                ("is_break", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True)),
                ("defined_by", models.CharField(max_length=100)),
                ("defined_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="indicators.keptindicator",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kept", "number"), name="version_once"),
                    models.UniqueConstraint(fields=("kept", "valid_from"), name="version_begins_once"),
                    models.CheckConstraint(condition=models.Q(("per__gt", 0)), name="version_per_above_zero"),
                ],
            },
        ),
    ]
