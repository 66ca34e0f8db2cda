"""A choice among rows that change seldom: read once in each process, until the database says that one changed."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from samokov_portal.office.rendering import KeptSelect
from samokov_portal.pagestore import remembered

Options = tuple[tuple[str, str], ...]


class KeptIterator(ModelChoiceIterator):
    """The options as they are remembered."""

    field: "KeptChoiceField | KeptMultipleField"

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.field.kept()


class KeptChoiceField(forms.ModelChoiceField):
    """A choice of one of the rows of `queryset`; `kept` gives them as options, by `kept_options`.

    What is chosen is looked up as ever, so a row that has just gone is refused.
    """

    widget = KeptSelect
    iterator = KeptIterator

    def __init__(self, queryset: Any, *, kept: Callable[[], Options], **kwargs: Any) -> None:
        self.kept = kept
        super().__init__(queryset, **kwargs)


class KeptMultipleField(forms.ModelMultipleChoiceField):
    """The same of any number of the rows."""

    iterator = KeptIterator

    def __init__(self, queryset: Any, *, kept: Callable[[], Options], **kwargs: Any) -> None:
        self.kept = kept
        super().__init__(queryset, **kwargs)


def kept_options(rows: Callable[[], Any], *labels: str, by: str = "pk") -> Callable[[], Options]:
    """The options that `rows` make, each under its field `by`; read from the watched tables of the models `labels`."""

    @remembered(*labels)
    def options() -> Options:
        return tuple((str(getattr(row, by)), str(row)) for row in rows())

    return options
