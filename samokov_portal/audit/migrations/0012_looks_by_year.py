from typing import Any

from django.db import migrations

TABLE, PARTED = "audit_look", "audit_look_parted"
FIRST_YEAR, ZONE = 2026, "Europe/Sofia"


def part(apps: Any, schema_editor: Any) -> None:
    """Put another table in the place of the looks, parted by year, with the same rows under the same keys."""
    look = apps.get_model("audit", "Look")
    with schema_editor.connection.cursor() as cursor:
        # Identity columns of parted tables came with PostgreSQL 17; a sequence does the same everywhere.
        cursor.execute(f"CREATE TABLE {PARTED} (LIKE {TABLE} INCLUDING DEFAULTS) PARTITION BY RANGE (at)")
        cursor.execute(
            f"SELECT extract(year FROM greatest(now(), max(at)) AT TIME ZONE '{ZONE}')::int,"
            f" coalesce(max(id), 0) + 1 FROM {TABLE}"
        )
        last_year, next_key = cursor.fetchone()
        for year in range(FIRST_YEAR, last_year + 1):
            begins = "MINVALUE" if year == FIRST_YEAR else f"'{year}-01-01 00:00 {ZONE}'"
            cursor.execute(
                f"CREATE TABLE {TABLE}_y{year} PARTITION OF {PARTED}"
                f" FOR VALUES FROM ({begins}) TO ('{year + 1}-01-01 00:00 {ZONE}')"
            )
        cursor.execute(f"INSERT INTO {PARTED} SELECT * FROM {TABLE}")
        cursor.execute(f"DROP TABLE {TABLE}")
        cursor.execute(f"ALTER TABLE {PARTED} RENAME TO {TABLE}")
        cursor.execute(f"CREATE SEQUENCE {TABLE}_id_seq OWNED BY {TABLE}.id")
        cursor.execute("SELECT setval(%s, %s, false)", [f"{TABLE}_id_seq", next_key])
        cursor.execute(f"ALTER TABLE {TABLE} ALTER id SET DEFAULT nextval('{TABLE}_id_seq')")
        # What it is parted by is part of each key; the sequence gives no number twice.
        cursor.execute(f"ALTER TABLE {TABLE} ADD PRIMARY KEY (id, at)")
        cursor.execute(
            f"ALTER TABLE {TABLE} ADD CONSTRAINT {TABLE}_by_id_fk FOREIGN KEY (by_id)"
            " REFERENCES staff_staffuser (id) DEFERRABLE INITIALLY DEFERRED"
        )
    for index in look._meta.indexes:
        schema_editor.add_index(look, index)


def join(apps: Any, schema_editor: Any) -> None:
    """The same rows in one table again."""
    look = apps.get_model("audit", "Look")
    columns = ", ".join(schema_editor.quote_name(field.column) for field in look._meta.local_fields)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} RENAME TO {PARTED}")
        cursor.execute(f"ALTER SEQUENCE {TABLE}_id_seq RENAME TO {PARTED}_id_seq")
        for index in look._meta.indexes:
            cursor.execute(f"DROP INDEX {index.name}")
    schema_editor.create_model(look)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} ({columns}) SELECT {columns} FROM {PARTED}")
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{TABLE}', 'id'), coalesce(max(id), 0) + 1, false) FROM {TABLE}"
        )
        cursor.execute(f"DROP TABLE {PARTED}")


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0011_what_is_told_is_told_now'),
    ]

    operations = [
        migrations.RunPython(part, join),
    ]
