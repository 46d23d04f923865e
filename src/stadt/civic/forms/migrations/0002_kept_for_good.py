"""The database itself keeps versions of forms and what was sent.

A submission may lose its account; and once its answers, prefilled names and salt, together with when and why. Its digest,
form and time never change. Only examples of the demo may be removed.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION civic_forms_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'civic_forms: versions of forms never change';
END
$$;
CREATE TRIGGER civic_forms_keep BEFORE UPDATE OR DELETE ON civic_forms_formversion
FOR EACH ROW EXECUTE FUNCTION civic_forms_keep_version();

CREATE FUNCTION civic_forms_keep_submission() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    content text[] := ARRAY['answers', 'prefilled', 'salt', 'erased_at', 'erased_reason'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.is_example THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'civic_forms: what was sent is kept';
    END IF;
    IF NEW.user_id IS DISTINCT FROM OLD.user_id AND NEW.user_id IS NOT NULL THEN
        RAISE EXCEPTION 'civic_forms: what was sent belongs to whoever sent it';
    END IF;
    IF to_jsonb(NEW) - content - 'user_id' IS DISTINCT FROM to_jsonb(OLD) - content - 'user_id' THEN
        RAISE EXCEPTION 'civic_forms: what was sent never changes';
    END IF;
    IF (NEW.answers, NEW.prefilled, NEW.salt, NEW.erased_at, NEW.erased_reason)
        IS NOT DISTINCT FROM (OLD.answers, OLD.prefilled, OLD.salt, OLD.erased_at, OLD.erased_reason) THEN
        RETURN NEW;
    END IF;
    IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.erased_reason <> ''
        AND NEW.answers = '{}'::jsonb AND NEW.prefilled = '[]'::jsonb AND length(NEW.salt) = 0 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'civic_forms: answers can only be erased as a whole, once';
END
$$;
CREATE TRIGGER civic_forms_keep BEFORE UPDATE OR DELETE ON civic_forms_submission
FOR EACH ROW EXECUTE FUNCTION civic_forms_keep_submission();
"""
BACK = """
DROP TRIGGER civic_forms_keep ON civic_forms_submission;
DROP TRIGGER civic_forms_keep ON civic_forms_formversion;
DROP FUNCTION civic_forms_keep_submission();
DROP FUNCTION civic_forms_keep_version();
"""


class Migration(migrations.Migration):
    dependencies = [("civic_forms", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
