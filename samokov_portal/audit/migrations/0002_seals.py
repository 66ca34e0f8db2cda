
from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


# The guards of 0001, which now know the count: a history row bears the one of its time, and holds a lock together with
# all who write, so that a seal can wait until nobody writes rows with a count that it closes.
functions = import_module("samokov_portal.audit.migrations.0001_functions_of_the_guards")
LOCK = "PERFORM pg_advisory_xact_lock_shared(5101026); NEW.history_seal := (SELECT last_value FROM audit_count);"


def with_count(function: str) -> str:
    """The function as it is from now on."""
    counted = function.replace("history_salt,history_erased}", "history_salt,history_erased,history_seal}")
    counted = counted.replace("    NEW.history_xid :=", f"    {LOCK}\n    NEW.history_xid :=")
    return counted.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def as_before(function: str) -> str:
    """The function as it was."""
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_functions_of_the_guards'),
    ]

    operations = [
        # From 1: what was there before the seals has the count 0. The value read is the count of the rows to come.
        migrations.RunSQL(
            "CREATE SEQUENCE audit_count; SELECT nextval('audit_count')", "DROP SEQUENCE audit_count"
        ),
        migrations.RunSQL(with_count(functions.REQUIRE), as_before(functions.REQUIRE)),
        migrations.RunSQL(with_count(functions.STAMP), as_before(functions.STAMP)),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='номер')),
                ('until', models.BigIntegerField(unique=True)),
                ('at', models.DateTimeField(verbose_name='кога')),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('tables', models.JSONField()),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='отпечатък')),
                ('signature', models.BinaryField()),
                ('key_id', models.CharField(max_length=16)),
            ],
            options={
                'verbose_name': 'печат',
                'verbose_name_plural': 'печати',
            },
        ),
        migrations.CreateModel(
            name='SealedRows',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=63)),
                ('block', models.PositiveIntegerField()),
                ('keys', models.BinaryField()),
                ('digests', models.BinaryField()),
                ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='audit.seal')),
            ],
            options={
                'verbose_name': 'запечатани редове',
                'verbose_name_plural': 'запечатани редове',
                'constraints': [models.UniqueConstraint(fields=('seal', 'table', 'block'), name='audit_sealedrows_once')],
            },
        ),
    ]
