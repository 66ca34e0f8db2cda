"""How a citizen's name and contact are shown to staff whose work does not need them.

What is masked stays told apart from what is not there: letters and refusals depend on whether somebody can be
reached. A masked row is a copy to be shown; changes read the row again by its key.
"""

from copy import copy
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

Row = TypeVar("Row", bound=models.Model)


def initials(name: str) -> str:
    """Мария Стоянова -> М. С."""
    return " ".join(f"{word[0]}." for word in name.split() if word[0].isalnum()) or _("скрито")


def hidden(text: str) -> str:
    """That there is something, and not what."""
    return _("скрито")


def masked(row: Row, **how: Any) -> Row:
    """A copy of `row` with the named attributes masked by the given functions; what is empty stays empty."""
    shown = copy(row)
    for name, mask in how.items():
        value = getattr(row, name)
        if value:
            setattr(shown, name, mask(value))
    return shown
