from django.db import migrations

# The door for an erasure, narrower than before: each personal column afterwards is empty or says that it was erased, and
# the digest of what stood there is made here, over the columns that the row's own seal hides. Before, whoever came
# through could leave other words, and any digest in a row that was not sealed yet.
REFUSE = """
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO, YMD' SET bytea_output = 'hex' SET extra_float_digits = '1' AS $$
DECLARE
    marks constant text[] := '{history_erased,history_salt}';
    personal text[];
    before jsonb;
    after jsonb;
    seal jsonb;
    digested text;
BEGIN
    IF TG_OP = 'UPDATE' AND TG_LEVEL = 'ROW' AND TG_NARGS = 1 THEN
        personal := TG_ARGV[0]::text[];
        before := to_jsonb(OLD);
        after := to_jsonb(NEW);
        IF before ->> 'history_erased' IS NULL AND after ->> 'history_erased' IS NOT NULL
            AND before - (personal || marks) = after - (personal || marks)
            AND NOT EXISTS (
                SELECT FROM unnest(personal) AS name WHERE coalesce(after ->> name, '') NOT IN (
                    '', '(заличено)', '(заличено) ' || (before ->> 'id')))
            AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
        THEN
            -- What a column that joined the list later says is told openly by older seals, or not at all.
            EXECUTE format(
                'SELECT entry FROM (SELECT tables FROM %I.audit_seal WHERE until >= $1 ORDER BY until LIMIT 1) AS own,'
                ' jsonb_array_elements(own.tables) AS entry WHERE entry ->> ''table'' = $2', TG_TABLE_SCHEMA
            ) INTO seal USING (before ->> 'history_seal')::bigint, TG_TABLE_NAME;
            IF EXISTS (
                SELECT FROM unnest(personal) AS name
                WHERE seal -> 'columns' ? name AND before -> name IS DISTINCT FROM after -> name
            ) THEN
                RAISE EXCEPTION 'the seal over a row of % tells openly what should be erased', TG_TABLE_NAME
                    USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
                    HINT = 'The column became personal after the row was sealed.';
            END IF;
            SELECT string_agg(format('($1).%I', name), ', ' ORDER BY place) INTO digested
            FROM unnest(CASE WHEN seal IS NULL THEN personal
                        ELSE ARRAY(SELECT jsonb_array_elements_text(seal -> 'personal')) END)
                WITH ORDINALITY AS one(name, place);
            EXECUTE format(
                'SELECT sha256(coalesce(($1).history_salt, ''''::bytea) || convert_to(ROW(%s)::text, ''UTF8''))', digested
            ) INTO NEW.history_erased USING OLD;
            NEW.history_salt := NULL;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are only added: % is refused', TG_TABLE_NAME, lower(TG_OP)
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
        HINT = 'A mistake is mended by a new row that says so; personal data are erased by `retain` and `erase_person`.';
END $$;
"""
# Again as 0007 left it.
BEFORE = """
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


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0008_tombstones'),
    ]

    operations = [
        migrations.RunSQL(REFUSE, BEFORE),
    ]
