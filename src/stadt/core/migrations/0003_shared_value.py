from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit_seal")]

    operations = [
        migrations.CreateModel(
            name="SharedValue",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("value", models.JSONField()),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["expires_at"], name="shared_value_expiry")]},
        ),
        # Written at each attempt to sign in and good for minutes: no need for the log, nor to survive a crash.
        migrations.RunSQL(
            "ALTER TABLE core_sharedvalue SET UNLOGGED", "ALTER TABLE core_sharedvalue SET LOGGED"
        ),
    ]
