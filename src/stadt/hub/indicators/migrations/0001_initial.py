"""The table of values."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="IndicatorValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=101)),
                (
                    "period",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month"), ("year", "year")], max_length=8
                    ),
                ),
                ("period_start", models.DateTimeField()),
                ("period_end", models.DateTimeField()),
                ("as_of", models.DateTimeField()),
                ("value", models.FloatField(null=True)),
                ("numerator", models.FloatField(null=True)),
                ("denominator", models.FloatField(null=True)),
                (
                    "quality",
                    models.CharField(
                        choices=[
                            ("final", "final"),
                            ("provisional", "provisional"),
                            ("incomplete", "incomplete"),
                        ],
                        max_length=12,
                    ),
                ),
                ("simulated", models.BooleanField()),
                ("reason", models.TextField(blank=True)),
                ("reason_values", models.JSONField(default=dict)),
                ("inputs", models.JSONField(default=list)),
                ("sample", models.JSONField(default=list)),
                ("version", models.PositiveIntegerField()),
                ("release", models.CharField(max_length=40)),
                ("computed_at", models.DateTimeField()),
                (
                    "place",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["key", "-period_start"], name="value_of_key")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "period", "period_start", "place"),
                        name="value_once_per_period",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value__isnull", False), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="value_or_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period_start__lt", models.F("period_end")),
                            ("as_of__lte", models.F("period_end")),
                        ),
                        name="period_in_order",
                    ),
                ],
            },
        ),
    ]
