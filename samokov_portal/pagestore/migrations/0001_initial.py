from django.db import migrations, models

# Whoever changes a watched table notes it, once in a transaction.
NOTE_CHANGE = """
CREATE FUNCTION pagestore_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted text := coalesce(current_setting('pagestore.noted', true), '');
    mark text := ' ' || TG_TABLE_NAME || ' ';
BEGIN
    IF position(mark IN noted) > 0 THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('pagestore.noted', noted || mark, true);
    INSERT INTO pagestore_stamp AS stamp (id, numbers) VALUES (1, jsonb_build_object(TG_TABLE_NAME, 1))
    ON CONFLICT (id) DO UPDATE SET numbers = stamp.numbers || jsonb_build_object(
        TG_TABLE_NAME, coalesce((stamp.numbers ->> TG_TABLE_NAME)::bigint, 0) + 1
    );
    RETURN NULL;
END
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("numbers", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "белег за промяна",
                "verbose_name_plural": "белези за промяна",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="pagestore_stamp_is_one")],
            },
        ),
        migrations.RunSQL(
            # The owner may make functions; who serves the portal may not.
            NOTE_CHANGE,
            # With the triggers that call it, or what is left could not be changed any more.
            "DROP FUNCTION pagestore_note_change() CASCADE",
        ),
    ]
