"""The table of spots: addresses, streets, stops and sites, found by words and by nearness."""

import django.db.models.deletion
from django.db import migrations, models

# Trusted since PostgreSQL 13: who owns the database may create it, no superuser is needed.
EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
WORDS = "CREATE INDEX places_spot_words ON places_spot USING gin ((' ' || folded) gin_trgm_ops)"
# Misspelled words are looked for among streets, stops and sites only: there are few of them, and each address has its street.
NAMES = (
    "CREATE INDEX places_spot_names ON places_spot USING gin (folded gin_trgm_ops) WHERE kind <> 'address'"
)


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [
        migrations.RunSQL(EXTENSION, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Spot",
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
                            ("address", "Adresse"),
                            ("street", "Straße"),
                            ("stop", "Haltestelle"),
                            ("site", "Standort"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("street", models.CharField(blank=True, max_length=120)),
                ("house_number", models.CharField(blank=True, max_length=20)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("town", models.CharField(blank=True, max_length=120)),
                ("folded", models.TextField(db_collation="C", editable=False)),
                ("lon", models.FloatField()),
                ("lat", models.FloatField()),
                ("source", models.CharField(max_length=200)),
                ("licence", models.CharField(blank=True, max_length=200)),
                ("external_id", models.CharField(max_length=200)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "district",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "quarter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["folded"], name="places_spot_folded"),
                    models.Index(fields=["lat", "lon"], name="places_spot_point"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "external_id"), name="places_spot_once_per_source"
                    )
                ],
            },
        ),
        migrations.RunSQL(WORDS, "DROP INDEX places_spot_words"),
        migrations.RunSQL(NAMES, "DROP INDEX places_spot_names"),
    ]
