"""Spots that only the demo knows are marked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0002_spot")]

    operations = [migrations.AddField("spot", "is_simulated", models.BooleanField(default=False))]
