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

    def __init__(self, field: Any) -> None:
        # Without the rows, which the base class would have asked of the field at once.
        self.field = field

    @property
    def queryset(self) -> Any:  # type: ignore[override]  # nobody sets it
        return self.field.queryset

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.field.kept()


class AskedWhenNeeded:
    """A field of rows whose `queryset` is given as a function: asked when something was chosen, where Django copies a
    question with each form."""

    widget: Any
    choices: Any

    @property
    def queryset(self) -> Any:
        return self._rows()

    @queryset.setter
    def queryset(self, rows: Callable[[], Any]) -> None:
        assert callable(rows), "a function that gives the rows, not the rows"
        self._rows = rows
        self.widget.choices = self.choices

    def __deepcopy__(self, memo: Any) -> Any:
        # Past the choice fields of Django, which would ask for the rows in order to copy the question.
        copied: Any = forms.Field.__deepcopy__(self, memo)  # type: ignore[type-var]
        # Its options are its own, as Django has it.
        copied.widget.choices = copied.choices
        return copied


class KeptChoiceField(AskedWhenNeeded, forms.ModelChoiceField):
    """A choice of one of the rows of `queryset`; `kept` gives them as options, by `kept_options`.

    What is chosen is looked up as ever, so a row that has just gone is refused.
    """

    widget = KeptSelect
    iterator = KeptIterator

    def __init__(self, queryset: Callable[[], Any], *, kept: Callable[[], Options], **kwargs: Any) -> None:
        self.kept = kept
        super().__init__(queryset, **kwargs)  # type: ignore[arg-type]  # see AskedWhenNeeded


class KeptMultipleField(AskedWhenNeeded, forms.ModelMultipleChoiceField):
    """The same of any number of the rows."""

    iterator = KeptIterator

    def __init__(self, queryset: Callable[[], Any], *, kept: Callable[[], Options], **kwargs: Any) -> None:
        self.kept = kept
        super().__init__(queryset, **kwargs)  # type: ignore[arg-type]  # see AskedWhenNeeded


def kept_options(rows: Callable[[], Any], *labels: str, by: str = "pk") -> Callable[[], Options]:
    """The options that `rows` make, each under its field `by`; read from the watched tables of the models `labels`."""

    @remembered(*labels)
    def options() -> Options:
        return tuple((str(getattr(row, by)), str(row)) for row in rows())

    return options
