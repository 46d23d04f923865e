"""The database itself keeps what was proposed, decided, checked and answered: rows change in their state only.

The arguments of a trigger are the columns that may change: a state with who and when, and the names of people, which go
when an account is erased. Examples of the demo may be removed, nothing else.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION steering_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.is_example THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'steering: % keeps its rows', TG_TABLE_NAME;
    END IF;
    IF to_jsonb(NEW) - TG_ARGV IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV THEN
        RAISE EXCEPTION 'steering: % keeps what was written', TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
"""
MAY_CHANGE = {
    "target": "'state', 'decided_at', 'decided_by_id', 'decision_reference', 'proposed_by_id', 'proposed_for'",
    "evaluationrule": "'set_by_id'",
    "influencecheck": "'checked_by_id'",
    "evaluation": "'state', 'decided_at', 'decided_by_id', 'decision_note', 'check_made_id', 'proposed_by_id', 'proposed_for'",
    "answer": "'answered_by_id'",
}
TRIGGER = """
CREATE TRIGGER steering_keep BEFORE UPDATE OR DELETE ON steering_{table}
FOR EACH ROW EXECUTE FUNCTION steering_keep({columns});
"""


class Migration(migrations.Migration):
    dependencies = [("steering", "0002_targets")]

    operations = [
        migrations.RunSQL(
            FUNCTION
            + "".join(TRIGGER.format(table=table, columns=names) for table, names in MAY_CHANGE.items()),
            "".join(f"DROP TRIGGER steering_keep ON steering_{table};" for table in MAY_CHANGE)
            + "DROP FUNCTION steering_keep();",
        )
    ]
