"""Additions made at once leave the same tables and the same classes as one by one, and the same way back."""

from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

from samokov_portal.migrating import Together, together

TABLES = [
    migrations.CreateModel("Street", [("id", models.AutoField(primary_key=True))]),
    migrations.CreateModel("House", [("id", models.AutoField(primary_key=True))]),
]
POSITIVE = models.CheckConstraint(condition=models.Q(number__gt=0), name="adding_house_has_a_number")
ADDITIONS = [
    migrations.AddField("House", "number", models.IntegerField(default=1), preserve_default=False),
    migrations.AddField("House", "street", models.ForeignKey("adding.Street", models.CASCADE, related_name="houses")),
    migrations.AddConstraint("House", POSITIVE),
    migrations.AddField("Street", "name", models.CharField(max_length=9, default="")),
    migrations.AddIndex("Street", models.Index(fields=["name"], name="adding_street_by_name")),
]


def migration(operations: list[Any]) -> Migration:
    made = Migration("0001", "adding")
    made.operations = operations
    return made


def applied(operations: list[Any], state: ProjectState) -> ProjectState:
    with connection.schema_editor() as editor:
        return migration(operations).apply(state, editor)


def columns() -> list[Any]:
    """The columns, the constraints and the indexes of both tables, with how each is defined."""
    asked = """
        SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, atthasdef
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relname IN ('adding_street', 'adding_house') AND attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT conname, pg_get_constraintdef(oid), '', FALSE, FALSE FROM pg_constraint
        WHERE conrelid IN (SELECT oid FROM pg_class WHERE relname IN ('adding_street', 'adding_house'))
        UNION ALL
        SELECT indexname, indexdef, '', FALSE, FALSE FROM pg_indexes
        WHERE tablename IN ('adding_street', 'adding_house')
        ORDER BY 1, 2
    """
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return cursor.fetchall()


def test_only_additions_that_follow_one_another_are_made_one() -> None:
    filled = migrations.RunSQL("SELECT 1")

    joined = together([*TABLES, *ADDITIONS, filled, ADDITIONS[0]])

    assert joined == [*TABLES, joined[2], filled, ADDITIONS[0]]
    assert isinstance(joined[2], Together)
    assert list(joined[2].additions) == ADDITIONS
    assert joined[2].describe().startswith("Add field number to House; Add field street to House; Create constraint")


@pytest.mark.django_db(transaction=True)
def test_they_leave_what_they_leave_one_by_one_and_take_it_back() -> None:
    begun = applied(TABLES, ProjectState())
    begun.apps  # noqa: B018 -- as `migrate` renders it before the first migration
    bare = columns()
    try:
        singly = applied(ADDITIONS, begun.clone())
        expected = columns()
        with connection.schema_editor() as editor:
            migration(ADDITIONS).unapply(begun.clone(), editor)
        assert columns() == bare

        at_once = applied(together(ADDITIONS), begun.clone())

        assert columns() == expected
        assert at_once == singly
        house, street = (at_once.apps.get_model("adding", name) for name in ("House", "Street"))
        assert house._meta.get_field("street").related_model is street
        assert house.objects.create(number=2, street=street.objects.create(name="Цар")).street.houses.count() == 1
        with connection.schema_editor() as editor:
            migration(together(ADDITIONS)).unapply(begun.clone(), editor)
        assert columns() == bare
    finally:
        with connection.schema_editor() as editor:
            migration(TABLES).unapply(ProjectState(), editor)
