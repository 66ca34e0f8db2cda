from django.db import migrations, models

# By default values, because the guards refuse an UPDATE: what is there already is sealed next, and salted as well.
FORWARDS = """
DO $$ BEGIN
    EXECUTE format('ALTER TABLE audit_tombstone ADD COLUMN history_seal bigint NOT NULL DEFAULT %s',
        (SELECT last_value FROM audit_count));
END $$;
ALTER TABLE audit_tombstone ALTER COLUMN history_seal DROP DEFAULT;
ALTER TABLE audit_tombstone ADD COLUMN history_salt bytea DEFAULT uuid_send(gen_random_uuid());
ALTER TABLE audit_tombstone ALTER COLUMN history_salt DROP DEFAULT;
ALTER TABLE audit_tombstone ADD COLUMN history_erased bytea;
CREATE INDEX audit_tombstone_history_seal ON audit_tombstone (history_seal);
"""
BACKWARDS = """
DROP TRIGGER IF EXISTS audit_stamp ON audit_tombstone;
ALTER TABLE audit_tombstone DROP COLUMN history_seal, DROP COLUMN history_salt, DROP COLUMN history_erased;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0009_erasure_says_nothing_else'),
    ]

    operations = [
        migrations.RunSQL(
            FORWARDS,
            BACKWARDS,
            state_operations=[
                migrations.AddField(
                    model_name='tombstone',
                    name='history_seal',
                    field=models.BigIntegerField(db_index=True, default=0, editable=False),
                ),
                migrations.AddField(
                    model_name='tombstone',
                    name='history_salt',
                    field=models.BinaryField(null=True),
                ),
                migrations.AddField(
                    model_name='tombstone',
                    name='history_erased',
                    field=models.BinaryField(null=True),
                ),
            ],
        ),
    ]
