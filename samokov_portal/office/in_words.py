"""What a stored choice is called, looked up in a table that is made once for each field.

Django makes that table anew for every value, and to make it calls each translated word by its name in the language.
"""

from functools import cache
from typing import Any

from django.utils.encoding import force_str


class SaysChoices:
    """A model that says its choices in words; to stand before `models.Model` among the bases."""

    def _get_FIELD_display(self, field: Any) -> Any:  # noqa: N802 - Django calls it so
        value = getattr(self, field.attname)
        return force_str(_words_of(field).get(value, value), strings_only=True)


@cache
def _words_of(field: Any) -> dict[Any, Any]:
    """The words of each choice, translated when they are said."""
    return dict(field.flatchoices)
