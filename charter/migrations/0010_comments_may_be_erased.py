from django.db import migrations

# What somebody said of a draft stays as it was said, unless it is erased: then the owner of the tables, and nobody else,
# puts the word for that in its place.
KEEP = """
CREATE OR REPLACE FUNCTION charter_refuse_announced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := CASE TG_TABLE_NAME
        WHEN 'charter_consultation' THEN '{{announced_at,answered_at}}'::text[]
        WHEN 'charter_comment'
            THEN '{{response,answer,answered_by_id,answered_at,hidden_at,hidden_reason}}'::text[]
        ELSE '{{}}'::text[] END;
    announced timestamptz;
BEGIN
    IF TG_TABLE_NAME = 'charter_consultation' THEN
        announced := OLD.announced_at;
    ELSIF TG_TABLE_NAME = 'charter_comment' THEN
        announced := now();  -- there is no comment on what was not announced{erasure}
    ELSE
        SELECT announced_at INTO announced FROM charter_consultation
            WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END).consultation_id;
    END IF;
    IF announced IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % of an announced consultation do not change', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
ERASURE = """
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) ->> 'words' = '(заличено)'
            AND to_jsonb(NEW) ->> 'name' IN ('', '(заличено)')
            AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
            may_change := may_change || '{words,name}'::text[];
        END IF;"""


class Migration(migrations.Migration):

    dependencies = [
        ('charter', '0009_figures_of_the_running_quarter'),
    ]

    operations = [
        migrations.RunSQL(KEEP.format(erasure=ERASURE), KEEP.format(erasure='')),
    ]
