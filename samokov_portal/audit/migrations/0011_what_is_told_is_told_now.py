from importlib import import_module

from django.db import migrations

# Besides history, also events and looks of the application's role are of now: before, whoever had its password could
# date them back. „Now“ is what the transaction began with, but a transaction that is held open is no way back either.
history = import_module("samokov_portal.audit.migrations.0003_guards_that_cannot_be_misled")
functions = import_module("samokov_portal.audit.migrations.0001_functions_of_the_guards")
events = import_module("samokov_portal.audit.migrations.0006_events_bear_the_count")

EARLIEST = "greatest(transaction_timestamp() - leeway, clock_timestamp() - interval '1 hour')"
OF_NOW = f"""
        IF (NEW.at BETWEEN {EARLIEST} AND clock_timestamp() + leeway) IS NOT TRUE
            AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
            RAISE EXCEPTION '% tells of another time than now: %', TG_TABLE_NAME, NEW.at
                USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME,
                HINT = 'The portal writes it when it happens; nobody writes it by hand.';
        END IF;
"""
# Of the events that say when they happened (the argument) that is checked.
STAMP_EVENT = f"""
CREATE OR REPLACE FUNCTION audit_stamp_event() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    leeway constant interval := '5 minutes';
BEGIN
    PERFORM pg_advisory_xact_lock_shared(5101026);
    NEW.history_seal := pg_sequence_last_value(format('%I.audit_count', TG_TABLE_SCHEMA)::regclass);
    NEW.history_salt := uuid_send(gen_random_uuid());
    NEW.history_erased := NULL;
    IF TG_NARGS = 1 THEN
        {OF_NOW}
    END IF;
    RETURN NEW;
END $$;
"""
STAMP_LOOK = f"""
CREATE FUNCTION audit_of_now() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    leeway constant interval := '5 minutes';
BEGIN
    {OF_NOW}
    RETURN NEW;
END $$;
"""
STAMP_BEFORE = history.with_own_path(functions.STAMP)
STAMP = STAMP_BEFORE.replace("transaction_timestamp() - leeway", EARLIEST)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0010_tombstones_are_sealed'),
    ]

    operations = [
        migrations.RunSQL(STAMP, STAMP_BEFORE),
        migrations.RunSQL(STAMP_EVENT, events.STAMP_EVENT.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(STAMP_LOOK, "DROP FUNCTION audit_of_now() CASCADE"),
    ]
