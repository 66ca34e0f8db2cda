from django.db import migrations

# The one way in which a row that is only added may change: its owner empties personal columns (the argument) and leaves
# the digest of what stood there. Before, no row could change at all.
REFUSE = """
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    personal text[];
    before jsonb;
    after jsonb;
BEGIN
    IF TG_OP = 'UPDATE' AND TG_LEVEL = 'ROW' AND TG_NARGS = 1 THEN
        personal := TG_ARGV[0]::text[] || '{history_erased,history_salt}'::text[];
        before := to_jsonb(OLD);
        after := to_jsonb(NEW);
        IF before ->> 'history_erased' IS NULL AND after ->> 'history_erased' IS NOT NULL
            AND after ->> 'history_salt' IS NULL AND before - personal = after - personal
            AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are only added: % is refused', TG_TABLE_NAME, lower(TG_OP)
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
        HINT = 'A mistake is mended by a new row that says so; personal data are erased by `retain` and `erase_person`.';
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added: % is refused', TG_TABLE_NAME, lower(TG_OP)
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
        HINT = 'A mistake is mended by a new row that says so.';
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_events_bear_the_count'),
    ]

    operations = [
        migrations.RunSQL(REFUSE, BEFORE),
    ]
