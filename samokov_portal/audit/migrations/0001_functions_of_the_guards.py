from django.db import migrations

# Columns that a history row has beside those of the row it tells of.
OWN = "'{history_id,history_date,history_change_reason,history_type,history_user_id,history_origin," \
      "history_xid,history_recorded_at,history_salt,history_erased}'::text[]"

# At commit: an inserted, changed or deleted row has a history row of the same transaction that says the same.
# Arguments: the history table, and the columns that history does not keep.
REQUIRE = f"""
CREATE FUNCTION audit_require_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    untracked constant text[] := TG_ARGV[1];
    is_gone constant boolean := TG_OP = 'DELETE';
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - untracked END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - untracked END;
    is_told boolean;
BEGIN
    IF old_row = new_row THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'UPDATE' OR old_row -> 'id' = new_row -> 'id' THEN
        EXECUTE format(
            'SELECT EXISTS (SELECT FROM %s past WHERE past.id = $1 AND past.history_xid = $2'
            ' AND past.history_recorded_at >= transaction_timestamp()'
            ' AND (past.history_type = ''-'') = $3 AND to_jsonb(past) - $4 = $5)', TG_ARGV[0]::regclass)
            INTO is_told
            USING (coalesce(new_row, old_row) ->> 'id')::bigint, pg_current_xact_id()::text::bigint, is_gone,
                {OWN}, coalesce(new_row, old_row);
    END IF;
    IF is_told IS NOT TRUE THEN
        RAISE EXCEPTION '% %: % without a history row of the same transaction', TG_TABLE_NAME,
            coalesce(old_row, new_row) ->> 'id', lower(TG_OP)
            USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME,
            HINT = 'Save the row with save_with_history(), or many with the bulk helpers of django-simple-history;'
                ' .update(), bulk_create() and plain SQL leave no history.';
    END IF;
    RETURN NULL;
END $$;
"""

# A history row gets the transaction, the moment and a salt from the database, whatever was given. It says what the
# row is at that moment, and is dated now; only the owner of the table (who migrates and makes sample data) may tell
# of another time. Arguments: the table it tells of, and the columns that history does not keep.
STAMP = f"""
CREATE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told jsonb;
    stands jsonb;
    leeway constant interval := '5 minutes';
BEGIN
    NEW.history_xid := pg_current_xact_id()::text::bigint;
    NEW.history_recorded_at := clock_timestamp();
    NEW.history_salt := uuid_send(gen_random_uuid());
    NEW.history_erased := NULL;
    IF coalesce(NEW.history_origin, '') = '' THEN
        NEW.history_origin := left(format('sql %s %s', session_user, current_setting('application_name')), 200);
    END IF;
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN NEW;
    END IF;
    told := to_jsonb(NEW) - {OWN};
    EXECUTE format('SELECT to_jsonb(row) - $1 FROM %s row WHERE id = $2', TG_ARGV[0]::regclass)
        INTO stands USING TG_ARGV[1]::text[], NEW.id;
    IF (CASE WHEN NEW.history_type = '-' THEN stands IS NOT NULL ELSE stands IS DISTINCT FROM told END)
        OR NEW.history_date < transaction_timestamp() - leeway OR NEW.history_date > clock_timestamp() + leeway THEN
        RAISE EXCEPTION '% %: this history row does not tell what happened', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME,
            HINT = 'History is written by the portal when a row is saved; nobody writes it by hand.';
    END IF;
    RETURN NEW;
END $$;
"""

# Rows of history and of events are only added.
REFUSE = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added: % is refused', TG_TABLE_NAME, lower(TG_OP)
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
        HINT = 'A mistake is mended by a new row that says so.';
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(REQUIRE, "DROP FUNCTION audit_require_history"),
        migrations.RunSQL(STAMP, "DROP FUNCTION audit_stamp"),
        migrations.RunSQL(REFUSE, "DROP FUNCTION audit_refuse_change"),
    ]
