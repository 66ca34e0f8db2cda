from django.db import migrations

# Events are sealed as well: each bears the count of its time and a salt, and holds the lock of whoever writes. Instead
# of `audit_hold`, which goes with the triggers that call it; the guards are put again after each migration.
STAMP_EVENT = """
CREATE FUNCTION audit_stamp_event() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(5101026);
    NEW.history_seal := pg_sequence_last_value(format('%I.audit_count', TG_TABLE_SCHEMA)::regclass);
    NEW.history_salt := uuid_send(gen_random_uuid());
    NEW.history_erased := NULL;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0005_who_looked'),
    ]

    operations = [
        migrations.RunSQL(STAMP_EVENT, "DROP FUNCTION audit_stamp_event() CASCADE"),
    ]
