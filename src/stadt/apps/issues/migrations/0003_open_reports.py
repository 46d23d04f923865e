"""An index of the open reports, few of all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issues", "0002_public_issue")]

    operations = [
        migrations.AddIndex(
            model_name="publicissue",
            index=models.Index(
                condition=models.Q(("is_closed", False)), fields=["-received_on"], name="issues_public_open"
            ),
        ),
    ]
