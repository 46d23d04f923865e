"""Published reports know the minute they came in and the moment they were closed, beside the days."""

from django.db import migrations, models

from stadt.core.database.grants import GrantRead

# Steps of histories get their moments by the nightly job; until then they count by their day.
FILL = """
UPDATE issues_publicissue AS p
SET received_at = coalesce((SELECT date_trunc('minute', c.received_at) FROM cases_case AS c WHERE c.id = p.case_id), p.received_on),
    closed_at = CASE WHEN p.is_closed THEN
        (SELECT date_trunc('second', c.closed_at) FROM cases_case AS c WHERE c.id = p.case_id) END
"""


class Migration(migrations.Migration):
    dependencies = [("issues", "0003_open_reports"), ("cases", "0005_orders")]

    operations = [
        migrations.AddField("publicissue", "received_at", models.DateTimeField(null=True)),
        migrations.AddField("publicissue", "closed_at", models.DateTimeField(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("publicissue", "received_at", models.DateTimeField()),
        GrantRead("issues_publicissue", columns=("received_at", "closed_at")),
    ]
