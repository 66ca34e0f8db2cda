"""A choice is said in the words that Django would say it in."""

from typing import Any

import pytest
from django.db import models
from django.utils.translation import override

from feedback.models import Attachment, Case, CaseEvent, Letter
from samokov_portal.office.in_words import SaysChoices

FIELDS = [
    (model, field)
    for model in (Case, CaseEvent, Letter, Attachment)
    for field in model._meta.concrete_fields
    if field.choices
]


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize(("model", "field"), FIELDS, ids=str)
def test_a_choice_is_said_as_django_says_it(model: Any, field: Any, language: str) -> None:
    values = [*(value for value, _words in field.flatchoices), "", "no such choice"]

    with override(language):
        for value in values:
            row = model(**{field.attname: value})

            assert issubclass(model, SaysChoices)
            assert getattr(row, f"get_{field.name}_display")() == models.Model._get_FIELD_display(row, field)


def test_one_table_serves_both_languages() -> None:
    row = Case(status="decided")

    with override("bg"):
        bulgarian = row.get_status_display()
    with override("en"):
        english = row.get_status_display()

    assert bulgarian != english
