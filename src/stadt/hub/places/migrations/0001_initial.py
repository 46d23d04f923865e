"""The table of places."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("city", "Stadt"),
                            ("district", "Stadtbezirk"),
                            ("quarter", "Stadtteil"),
                            ("address", "Adresse"),
                            ("site", "Standort"),
                            ("route", "Strecke"),
                        ],
                        max_length=16,
                    ),
                ),
                ("key", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("sort_key", models.TextField(editable=False)),
                ("code", models.CharField(blank=True, max_length=32)),
                ("geometry", models.BinaryField()),
                ("west", models.FloatField()),
                ("south", models.FloatField()),
                ("east", models.FloatField()),
                ("north", models.FloatField()),
                ("lon", models.FloatField()),
                ("lat", models.FloatField()),
                ("area_m2", models.FloatField(default=0)),
                ("simplified", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("licence", models.CharField(blank=True, max_length=300)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "sort_key"], name="places_kind_sort")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("code", ""), _negated=True),
                        fields=("kind", "code"),
                        name="places_code_once_per_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("west__lte", models.F("east")), ("south__lte", models.F("north"))
                        ),
                        name="places_bbox_in_order",
                    ),
                ],
            },
        ),
    ]
