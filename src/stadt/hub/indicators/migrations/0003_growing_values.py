"""Values grow: states, intervals, quality, series and revisions; and the figures people enter."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0002_kept_indicators"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("period_start", models.DateTimeField()),
                ("period_end", models.DateTimeField()),
                ("series", models.CharField(blank=True, max_length=60)),
                ("dimension", models.CharField(blank=True, max_length=200)),
                ("value", models.FloatField(null=True)),
                ("numerator", models.FloatField(null=True)),
                ("denominator", models.FloatField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("value", "Wert"),
                            ("not_collected", "nicht erhoben"),
                            ("not_available", "nicht verfügbar"),
                            ("not_applicable", "trifft nicht zu"),
                            ("suppressed", "geheim gehalten"),
                        ],
                        default="value",
                        max_length=20,
                    ),
                ),
                (
                    "quality_class",
                    models.CharField(
                        choices=[
                            ("measured", "genau gemessen oder gezählt"),
                            ("survey", "aus einer Stichprobe hochgerechnet"),
                            ("higher_level", "aus Zahlen einer größeren Einheit abgeleitet"),
                            ("estimated", "geschätzt nach einem Verfahren"),
                            ("personal", "persönliche Schätzung"),
                            ("unknown", "nicht nachvollziehbar"),
                        ],
                        default="measured",
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField()),
                ("deviation", models.FloatField(null=True)),
                ("cited", models.JSONField(default=dict)),
                ("findings", models.JSONField(default=list)),
                ("reason", models.TextField(blank=True)),
                ("simulated", models.BooleanField(default=False)),
                (
                    "decision",
                    models.CharField(
                        choices=[("entered", "Entered"), ("confirmed", "Confirmed"), ("refused", "Refused")],
                        default="entered",
                        max_length=10,
                    ),
                ),
                ("entered_by", models.CharField(max_length=100)),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_by", models.CharField(blank=True, max_length=100)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.TextField(blank=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="indicatorvalue",
            name="value_once_per_period",
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="dimension",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="interval_high",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="interval_level",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="interval_low",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="interval_method",
            field=models.CharField(
                blank=True,
                choices=[("", ""), ("wilson", "wilson"), ("poisson", "poisson"), ("mean", "mean")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="note",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="origin",
            field=models.CharField(
                choices=[
                    ("platform", "von der Plattform berechnet"),
                    ("entry", "von Hand eingetragen"),
                    ("file", "aus einer Datei übernommen"),
                    ("derived", "aus gespeicherten Werten berechnet"),
                ],
                default="platform",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="quality_class",
            field=models.CharField(
                choices=[
                    ("measured", "genau gemessen oder gezählt"),
                    ("survey", "aus einer Stichprobe hochgerechnet"),
                    ("higher_level", "aus Zahlen einer größeren Einheit abgeleitet"),
                    ("estimated", "geschätzt nach einem Verfahren"),
                    ("personal", "persönliche Schätzung"),
                    ("unknown", "nicht nachvollziehbar"),
                ],
                default="measured",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="revises",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.indicatorvalue",
            ),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="revision",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="revision_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="series",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="state",
            field=models.CharField(
                choices=[
                    ("value", "Wert"),
                    ("not_collected", "nicht erhoben"),
                    ("not_available", "nicht verfügbar"),
                    ("not_applicable", "trifft nicht zu"),
                    ("suppressed", "geheim gehalten"),
                ],
                default="value",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="superseded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="indicatorvalue",
            name="period",
            field=models.CharField(
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
        migrations.AddField(
            model_name="entry",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="indicators.figurefile",
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="kept",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="indicators.keptindicator",
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="place",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.place"
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="revises",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.indicatorvalue",
            ),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="entry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="values",
                to="indicators.entry",
            ),
        ),
        migrations.RunSQL(
            "UPDATE indicators_indicatorvalue SET state = 'not_available' WHERE value IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="indicatorvalue",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at", None)),
                fields=("key", "period", "period_start", "place", "series", "dimension"),
                name="value_once_per_period",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="indicatorvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "value"), ("value__isnull", False)),
                    models.Q(models.Q(("state", "value"), _negated=True), ("value__isnull", True)),
                    _connector="OR",
                ),
                name="value_has_its_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicatorvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("interval_low", None), ("interval_low__lte", models.F("interval_high")), _connector="OR"
                ),
                name="interval_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", "entered")),
                fields=("kept", "period", "period_start", "place", "series", "dimension"),
                name="entry_waits_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "confirmed"), _negated=True),
                    models.Q(("decided_by", models.F("entered_by")), _negated=True),
                    ("decided_by", "erased"),
                    _connector="OR",
                ),
                name="entry_needs_four_eyes",
            ),
        ),
    ]
