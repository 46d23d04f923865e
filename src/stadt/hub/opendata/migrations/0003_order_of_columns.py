"""What counts read stands first in a row. Entries are derived: the next start makes them anew."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("opendata", "0002_index"),
    ]

    operations = [
        migrations.DeleteModel(name="CatalogueEntry"),
        migrations.CreateModel(
            name="CatalogueEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "combination",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="opendata.cataloguecombination",
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                ("is_published", models.BooleanField()),
                ("key", models.CharField(max_length=101, unique=True)),
                ("name", models.CharField(max_length=101, unique=True)),
                ("kind", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=500)),
                ("sort_title", models.TextField()),
                ("snapshot", models.BigIntegerField(null=True)),
                ("number", models.PositiveIntegerField(null=True)),
                ("row_count", models.BigIntegerField()),
                ("simulated_count", models.BigIntegerField()),
                ("issued_at", models.DateTimeField(null=True)),
                ("mark", models.CharField(max_length=64)),
                ("description", models.TextField()),
                ("translations", models.JSONField(default=dict)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("package", models.TextField()),
                ("plain", models.TextField()),
                ("search", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search"], name="entry_search"
                    ),
                    models.Index(fields=["sort_title", "key"], name="entry_title"),
                    models.Index(fields=["-changed_at", "key"], name="entry_changed"),
                    models.Index(fields=["combination", "changed_at"], name="entry_combination"),
                ],
            },
        ),
        # What lists are filtered and sorted by stays narrow; texts, words and packages move aside.
        migrations.RunSQL(
            "ALTER TABLE opendata_catalogueentry SET (toast_tuple_target = 256);"
            " ALTER TABLE opendata_catalogueentry ALTER COLUMN title SET STORAGE MAIN,"
            " ALTER COLUMN sort_title SET STORAGE MAIN",
            migrations.RunSQL.noop,
        ),
    ]
