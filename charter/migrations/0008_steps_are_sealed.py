from django.db import migrations, models

# By default values, because the guards refuse an UPDATE: what is there already is sealed next, and salted as well.
FORWARDS = """
DO $$ BEGIN
    EXECUTE format('ALTER TABLE charter_reportstep ADD COLUMN history_seal bigint NOT NULL DEFAULT %s',
        (SELECT last_value FROM audit_count));
END $$;
ALTER TABLE charter_reportstep ALTER COLUMN history_seal DROP DEFAULT;
ALTER TABLE charter_reportstep ADD COLUMN history_salt bytea DEFAULT uuid_send(gen_random_uuid());
ALTER TABLE charter_reportstep ALTER COLUMN history_salt DROP DEFAULT;
ALTER TABLE charter_reportstep ADD COLUMN history_erased bytea;
CREATE INDEX charter_reportstep_history_seal ON charter_reportstep (history_seal);
"""
BACKWARDS = """
DROP TRIGGER IF EXISTS audit_stamp ON charter_reportstep;
ALTER TABLE charter_reportstep DROP COLUMN history_seal, DROP COLUMN history_salt, DROP COLUMN history_erased;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_events_bear_the_count'),
        ('charter', '0007_report_names_its_seal'),
    ]

    operations = [
        migrations.RunSQL(
            FORWARDS,
            BACKWARDS,
            state_operations=[
                migrations.AddField(
                    model_name='reportstep',
                    name='history_seal',
                    field=models.BigIntegerField(db_index=True, default=0, editable=False),
                ),
                migrations.AddField(
                    model_name='reportstep',
                    name='history_salt',
                    field=models.BinaryField(null=True),
                ),
                migrations.AddField(
                    model_name='reportstep',
                    name='history_erased',
                    field=models.BinaryField(null=True),
                ),
            ],
        ),
    ]
