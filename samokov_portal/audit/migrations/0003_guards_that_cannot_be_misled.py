from importlib import import_module

from django.db import migrations

# The guards look tables up in the schema of the table that changes and everything else in the catalogue. Before, they
# looked along the session's path, where a temporary table or type of the same name comes first.
functions = import_module("samokov_portal.audit.migrations.0001_functions_of_the_guards")
seals = import_module("samokov_portal.audit.migrations.0002_seals")

NAMED_BY_PATH = "TG_ARGV[0]::regclass"
NAMED_IN_FULL = "format('%I.%I', TG_TABLE_SCHEMA, TG_ARGV[0])::regclass"


def with_own_path(function: str) -> str:
    """The function as it is from now on."""
    named = seals.with_count(function).replace(NAMED_BY_PATH, NAMED_IN_FULL)
    named = named.replace(
        "(SELECT last_value FROM audit_count)",
        "pg_sequence_last_value(format('%I.audit_count', TG_TABLE_SCHEMA)::regclass)",
    )
    return named.replace("LANGUAGE plpgsql AS", "LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS")


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_seals'),
    ]

    operations = [
        migrations.RunSQL(with_own_path(functions.REQUIRE), seals.with_count(functions.REQUIRE)),
        migrations.RunSQL(with_own_path(functions.STAMP), seals.with_count(functions.STAMP)),
    ]
