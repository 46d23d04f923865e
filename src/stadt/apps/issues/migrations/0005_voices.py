"""Voices of today by digests of a secret that goes with the day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issues", "0004_moments")]

    operations = [
        migrations.CreateModel(
            name="DaySecret",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("secret", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="VoiceOfDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("line", models.BinaryField(max_length=32)),
                ("voice", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("day", "line", "voice"), name="issues_voice_once_a_day")
                ],
            },
        ),
    ]
