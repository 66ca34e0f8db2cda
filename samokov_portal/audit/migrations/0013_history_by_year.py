from importlib import import_module
from typing import Any

from django.db import migrations

TABLES = (
    "feedback_historicalcase",
    "feedback_historicalletter",
    "services_historicalapplication",
    "services_historicalvisit",
)
FIRST_YEAR, ZONE = 2026, "Europe/Sofia"

# Each year has a key of its own, so across the years only the sequence keeps keys apart. Whoever is not the owner gets
# the number from it here, whatever was given, and nobody but the owner can set it back.
before = import_module("samokov_portal.audit.migrations.0011_what_is_told_is_told_now")
BEGINNING, TOLD = "DECLARE\n    told jsonb;", "    told := to_jsonb(NEW)"
OWN_NUMBER = """
    IF parted IS NOT NULL THEN
        NEW.history_id := nextval(pg_get_serial_sequence(parted::text, 'history_id'));
    END IF;
"""
STAMP = before.STAMP.replace(
    BEGINNING, BEGINNING.replace("DECLARE", "DECLARE\n    parted constant regclass := pg_partition_root(TG_RELID);")
).replace(TOLD, OWN_NUMBER.lstrip("\n") + TOLD)

# A trigger of rows is told the partition, and seals name the table. By the other name no seal of the row was found, and
# the digest of what was erased would not be the one that the seal covers.
erasure = import_module("samokov_portal.audit.migrations.0009_erasure_says_nothing_else")
SEALED = "USING (before ->> 'history_seal')::bigint, TG_TABLE_NAME;"
REFUSE = erasure.REFUSE.replace(
    SEALED,
    SEALED.replace(
        "TG_TABLE_NAME", "(SELECT relname FROM pg_class WHERE oid = coalesce(pg_partition_root(TG_RELID), TG_RELID))"
    ),
)

# Of history that is parted, the row is looked for in the present year first, so that for the others nothing is planned:
# that takes half a millisecond. Only what the owner tells is of other years. The bounds are those of the year, because
# closer ones are dearer to estimate. History in one table is asked without, as ever.
guards = import_module("samokov_portal.audit.migrations.0003_guards_that_cannot_be_misled")
functions = import_module("samokov_portal.audit.migrations.0001_functions_of_the_guards")
REQUIRE_BEFORE = guards.with_own_path(functions.REQUIRE)
ASKED = REQUIRE_BEFORE[REQUIRE_BEFORE.index("        EXECUTE format(") : REQUIRE_BEFORE.index("    END IF;\n    IF is_told")]
ASKED_BY_TIME = f"""
        history := {guards.NAMED_IN_FULL};
        FOREACH of_this_year IN ARRAY CASE WHEN pg_partition_root(history) IS NULL THEN ARRAY['']
            ELSE ARRAY[' AND past.history_date >= $6 AND past.history_date < $7', ''] END
        LOOP
            EXECUTE format(
                'SELECT EXISTS (SELECT FROM %s past WHERE past.id = $1 AND past.history_xid = $2'
                ' AND past.history_recorded_at >= transaction_timestamp()%s'
                ' AND (past.history_type = ''-'') = $3 AND to_jsonb(past) - $4 = $5)', history, of_this_year)
                INTO is_told
                USING (coalesce(new_row, old_row) ->> 'id')::bigint, pg_current_xact_id()::text::bigint, is_gone,
                    {guards.seals.with_count(functions.OWN)}, coalesce(new_row, old_row),
                    date_trunc('year', transaction_timestamp() - leeway, '{ZONE}'),
                    date_trunc('year', clock_timestamp() + leeway, '{ZONE}') + interval '1 year';
            EXIT WHEN is_told;
        END LOOP;
"""
REQUIRE = REQUIRE_BEFORE.replace(ASKED, ASKED_BY_TIME.lstrip("\n")).replace(
    "    is_told boolean;",
    "    is_told boolean;\n    history regclass;\n    of_this_year text;\n    leeway constant interval := '5 minutes';",
)


def told(cursor: Any, statement: str, table: str) -> list[Any]:
    cursor.execute(statement, [table])
    return list(cursor.fetchall())


INDEXES = """
    SELECT relname, pg_get_indexdef(indexrelid), indisprimary FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = %s::regclass ORDER BY 1
"""
REFERENCES = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY 1
"""
ROW_TRIGGERS = """
    SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger
    WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgtype & 1 = 1 ORDER BY 1
"""


def part(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        with schema_editor.connection.cursor() as cursor:
            part_table(cursor, table)


def part_table(cursor: Any, table: str) -> None:
    """Make the table the first partition of one that takes its name: no row and no index of it is written anew."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(
        f"SELECT extract(year FROM greatest(now(), max(history_date)) AT TIME ZONE '{ZONE}')::int FROM {table}"
    )
    year = max(FIRST_YEAR, cursor.fetchone()[0])
    first = f"{table}_y{year}"
    cursor.execute("SELECT last_value, is_called FROM " + sequence_of(cursor, table))
    numbers = cursor.fetchone()
    indexes, references, triggers = (told(cursor, asked, table) for asked in (INDEXES, REFERENCES, ROW_TRIGGERS))
    for name, _definition in triggers:
        cursor.execute(f"DROP TRIGGER {name} ON {table}")
    # Identity columns of parted tables came with PostgreSQL 17; a sequence does the same everywhere.
    cursor.execute(f"ALTER TABLE {table} ALTER history_id DROP IDENTITY")
    for name, _definition, _is_key in indexes:
        cursor.execute(f'ALTER INDEX "{name}" RENAME TO "{name[:57]}_y{year}"')
    cursor.execute(f"ALTER TABLE {table} RENAME TO {first}")
    cursor.execute(f"CREATE TABLE {table} (LIKE {first} INCLUDING CONSTRAINTS) PARTITION BY RANGE (history_date)")
    for name, definition in references:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for _name, definition, is_key in indexes:
        # A key of the table would have to hold the moment; each partition has the one it always had.
        if not is_key:
            cursor.execute(definition)
    cursor.execute(
        f"ALTER TABLE {table} ATTACH PARTITION {first} FOR VALUES FROM (MINVALUE) TO ('{year + 1}-01-01 00:00 {ZONE}')"
    )
    number_by_sequence(cursor, table, numbers)
    cursor.execute(f"ALTER TABLE {table} ALTER history_id SET DEFAULT nextval('{table}_history_id_seq')")
    for _name, definition in triggers:
        cursor.execute(definition)
    # By itself the server counts what lies in each year only.
    cursor.execute(f"ANALYZE {table}")


def sequence_of(cursor: Any, table: str) -> str:
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'history_id')", [table])
    return str(cursor.fetchone()[0])


def number_by_sequence(cursor: Any, table: str, numbers: tuple[int, bool]) -> None:
    cursor.execute(f"CREATE SEQUENCE {table}_history_id_seq AS integer OWNED BY {table}.history_id")
    cursor.execute("SELECT setval(%s, %s, %s)", [f"{table}_history_id_seq", *numbers])


YEARS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass ORDER BY 1"
INDEXES_OF_A_YEAR = """
    SELECT own.relname, of_table.relname FROM pg_index JOIN pg_class AS own ON own.oid = indexrelid
    LEFT JOIN pg_inherits ON inhrelid = indexrelid LEFT JOIN pg_class AS of_table ON of_table.oid = inhparent
    WHERE indrelid = %s::regclass
"""


def join(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        with schema_editor.connection.cursor() as cursor:
            join_table(cursor, table)


def join_table(cursor: Any, table: str) -> None:
    """Put the rows of the later years into the first one, and that in the place of the table again."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    first, *later = (name for (name,) in told(cursor, YEARS, table))
    cursor.execute("SELECT last_value, is_called FROM " + sequence_of(cursor, table))
    numbers = cursor.fetchone()
    triggers, indexes = told(cursor, ROW_TRIGGERS, table), told(cursor, INDEXES_OF_A_YEAR, first)
    for name, _definition in triggers:
        cursor.execute(f"DROP TRIGGER {name} ON {table}")
    cursor.execute(f"ALTER TABLE {table} DETACH PARTITION {first}")
    cursor.execute(f"ALTER TABLE {first} ALTER history_id DROP DEFAULT")
    for year in later:
        cursor.execute(f"INSERT INTO {first} SELECT * FROM {year}")
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(f"DROP TABLE {table}")
    cursor.execute(f"ALTER TABLE {first} RENAME TO {table}")
    for name, of_table in indexes:
        cursor.execute(f'ALTER INDEX "{name}" RENAME TO "{of_table or f"{table}_pkey"}"')
    cursor.execute(f"ALTER TABLE {table} ALTER history_id ADD GENERATED BY DEFAULT AS IDENTITY")
    cursor.execute("SELECT setval(%s, %s, %s)", [sequence_of(cursor, table), *numbers])
    for _name, definition in triggers:
        cursor.execute(definition)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0012_looks_by_year'),
        ('feedback', '0019_cases_about_the_same'),
        ('services', '0018_files_of_the_catalogue'),
        ('staff', '0008_overseers_of_staff'),
    ]

    operations = [
        migrations.RunSQL(REQUIRE, REQUIRE_BEFORE),
        migrations.RunSQL(STAMP, before.STAMP),
        migrations.RunSQL(REFUSE, erasure.REFUSE),
        migrations.RunPython(part, join),
    ]
