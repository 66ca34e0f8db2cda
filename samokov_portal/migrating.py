"""Columns, constraints and indexes that one migration adds one after another, added at once.

After each single operation Django builds the classes of the changed model and of all related to it anew, and between
two columns nobody asks for them. That was nine tenths of what `migrate` takes on an empty database.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# None of them needs the classes of the state between it and the one before.
ADDITIONS = (migrations.AddField, migrations.AddConstraint, migrations.AddIndex)


class Together(Operation):
    """The same additions in the same order, with the classes built once, after the last of them."""

    def __init__(self, additions: Sequence[Any]) -> None:
        self.additions = additions

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # A state without classes only notes what is added.
        apps = state.__dict__.pop("apps", None)
        for addition in self.additions:
            addition.state_forwards(app_label, state)
        if apps is not None:
            state.__dict__["apps"] = apps
            changed = list({(app_label, addition.model_name_lower) for addition in self.additions})
            fields = [addition.field for addition in self.additions if isinstance(addition, migrations.AddField)]
            state.reload_models(changed, delay=not any(field.is_relation for field in fields))

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for addition in self.additions:
            addition.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for addition in reversed(self.additions):
            addition.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(addition.describe() for addition in self.additions)


def together(operations: Sequence[Operation]) -> list[Operation]:
    """The operations, with additions that follow one another made one."""
    joined: list[Operation] = []
    for adds, group in groupby(operations, key=lambda operation: isinstance(operation, ADDITIONS)):
        few = list(group)
        joined += [Together(few)] if adds and len(few) > 1 else few
    return joined
