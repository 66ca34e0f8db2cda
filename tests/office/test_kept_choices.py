"""A choice whose rows are asked for when something was chosen."""

from typing import Any

import pytest
from django import forms

from samokov_portal.office.kept_choices import KeptChoiceField
from services.models import Unit

pytestmark = pytest.mark.django_db


class Form(forms.Form):
    unit = KeptChoiceField(Unit.objects.in_order, kept=lambda: (("1", "Първо"),), required=False, empty_label="всички")


def options(form: forms.Form) -> list[str]:
    return [str(label) for _key, label in form.fields["unit"].widget.choices]  # type: ignore[attr-defined]


def test_two_forms_offer_each_what_it_was_given() -> None:
    first, second = Form(), Form()
    changed: Any = first.fields["unit"]
    changed.kept = lambda: (("2", "Второ"),)

    assert (options(first), options(second)) == (["всички", "Второ"], ["всички", "Първо"])


def test_the_rows_are_asked_for_when_one_was_chosen(django_assert_num_queries: Any) -> None:
    unit = Unit.objects.in_order()[0]
    with django_assert_num_queries(0):
        empty = Form({})
        assert empty.is_valid()
        str(empty)

    with django_assert_num_queries(1):
        chosen = Form({"unit": str(unit.pk)})
        assert chosen.is_valid()
    assert chosen.cleaned_data["unit"] == unit
    assert not Form({"unit": "0"}).is_valid()


def test_rows_in_place_of_a_function_are_refused_at_once() -> None:
    field: Any = Form().fields["unit"]

    with pytest.raises(AssertionError):
        field.queryset = Unit.objects.in_order()
