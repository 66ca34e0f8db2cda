"""A row that is read without calling its model is the row that Django makes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import signals

from feedback.models import Case, CaseEvent, Letter
from samokov_portal.audit.models import Look
from samokov_portal.reading import PlainRead
from services.models import Application
from tests.factories import ApplicationFactory
from tests.feedback.test_register import register

pytestmark = pytest.mark.django_db
MODELS = [model for model in apps.get_models() if issubclass(model, PlainRead)]


@pytest.fixture
def rows() -> None:
    register(datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC))
    ApplicationFactory()


def made_by_django(model: Any, names: list[str], values: list[Any]) -> Any:
    return models.Model.from_db.__func__(model, "default", names, values)  # type: ignore[attr-defined]


def of(row: Any) -> dict[str, Any]:
    state = {name: value for name, value in vars(row._state).items() if name != "fields_cache"}
    return {**vars(row), "_state": state}


def test_what_stands_many_times_on_a_page_is_read_so() -> None:
    assert {Case, CaseEvent, Letter, Application, Look, Case.history.model} <= set(MODELS)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.usefixtures("rows")
def test_an_object_has_what_django_gives_it(model: Any) -> None:
    names = [field.attname for field in model._meta.concrete_fields]
    values = list(model._base_manager.values_list(*names).first() or [None] * len(names))

    made = model.from_db("default", names, values)

    assert of(made) == of(made_by_django(model, names, values))


@pytest.mark.usefixtures("rows")
def test_a_column_that_was_not_asked_for_is_asked_for_when_it_is_needed(django_assert_num_queries: Any) -> None:
    said = Case.objects.values_list("subject", flat=True).get()
    case = Case.objects.only("number").get()

    assert "subject" in case.get_deferred_fields()
    with django_assert_num_queries(1):
        assert case.subject == said


@pytest.mark.parametrize("model", MODELS)
def test_nobody_listens_to_what_is_not_sent(model: Any) -> None:
    assert not signals.pre_init.has_listeners(model)
    assert not signals.post_init.has_listeners(model)
    assert model.__init__ is models.Model.__init__
