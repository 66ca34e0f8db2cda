import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whoever can write an identifier to somebody's account can sign in as them: each change has an event of staff.
GUARD = """
CREATE FUNCTION staff_require_identity_event() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person constant bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
    is_told boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.staff_staffevent WHERE user_id = $1 AND xid = $2'
        ' AND kind IN (''eauth_on'', ''eauth_off''))', TG_TABLE_SCHEMA)
        INTO is_told USING person, pg_current_xact_id()::text::bigint;
    IF NOT is_told OR (TG_OP = 'UPDATE' AND OLD.user_id <> NEW.user_id) THEN
        RAISE EXCEPTION 'the identity of % changed without an event of the same transaction', person
            USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER staff_require_identity_event AFTER INSERT OR UPDATE OR DELETE ON staff_staffidentity
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION staff_require_identity_event();
"""
UNGUARD = "DROP FUNCTION staff_require_identity_event() CASCADE;"


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0006_devices_of_staff'),
    ]

    operations = [
        migrations.AlterField(
            model_name='staffevent',
            name='kind',
            field=models.CharField(choices=[('roles', 'променени роли'), ('password', 'сменена парола'), ('app_on', 'добавено приложение за кодове'), ('app_off', 'премахнато приложение за кодове'), ('key_on', 'добавен ключ за сигурност'), ('key_off', 'премахнат ключ за сигурност'), ('device', 'вход от ново устройство'), ('codes', 'нови резервни кодове'), ('eauth_on', 'записан вход с електронна идентификация'), ('eauth_off', 'премахнат вход с електронна идентификация'), ('reset', 'премахнати всички втори фактори')], max_length=10, verbose_name='какво'),
        ),
        migrations.CreateModel(
            name='StaffIdentity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='служител')),
            ],
            options={
                'verbose_name': 'електронна идентификация',
                'verbose_name_plural': 'електронни идентификации',
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
