"""Which units a draft of a service may name: those of the day, and the one that it names already."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from samokov_portal.history import save_with_history
from services.checking import findings
from services.documents import document_of
from services.exchange.plans import Outcome, plan_documents, plan_table
from services.models import Service, ServiceDraft, Unit
from tests.services.drafts.saying import said
from tests.services.drafts.sending import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(service: Service) -> Service:
    service.unit = Unit.objects.get(code="mdt")
    save_with_history(service, by=None, why="звено")
    return service


@pytest.fixture
def today(clock: datetime) -> date:
    return clock.date()


def end(unit: Unit | None, day: date) -> Unit:
    assert unit is not None
    unit.valid_until = day
    save_with_history(unit, by=None, why="закрито")
    return unit


def another(service: Service) -> Unit:
    """A unit that the service does not name."""
    return Unit.objects.exclude(pk=service.unit_id).exclude(parent=None).order_by("pk")[0]


def offered(page: Any) -> set[str]:
    return {code for code, _name in page.context["form"].frame.fields["unit"].choices}


@pytest.mark.parametrize(("days", "is_offered"), [(0, False), (1, True)])
def test_a_unit_that_has_ended_is_not_offered(
    draft: ServiceDraft, service: Service, as_role: Any, today: date, days: int, is_offered: bool
) -> None:
    unit = end(another(service), today + timedelta(days=days))
    editor = as_role("editor")

    assert (unit.code in offered(editor.get(draft.get_absolute_url()))) is is_offered
    assert (unit.code in offered(editor.get(reverse("services:draft_new")))) is is_offered


def test_a_unit_that_has_ended_is_refused_from_an_old_page(
    draft: ServiceDraft, service: Service, as_role: Any, today: date
) -> None:
    editor, unit = as_role("editor"), another(service)
    page = editor.get(draft.get_absolute_url())
    end(unit, today)

    answer = editor.post(draft.get_absolute_url(), sent(page, unit=unit.code))

    assert answer.status_code == 422
    assert "unit" in answer.context["form"].frame.errors
    draft.refresh_from_db()
    assert draft.document["unit"] == document_of(service)["unit"]


def test_the_unit_that_a_draft_names_stays_though_it_has_ended(
    draft: ServiceDraft, service: Service, as_role: Any, today: date
) -> None:
    editor, unit = as_role("editor"), end(service.unit, today)
    page = editor.get(draft.get_absolute_url())

    answer = editor.post(draft.get_absolute_url(), sent(page, note="Друга бележка"))

    assert unit.code in offered(page)
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.document["unit"], draft.document["note"]) == (unit.code, "Друга бележка")


def test_a_draft_of_a_service_begins_with_its_unit_though_it_has_ended(
    service: Service, as_role: Any, today: date
) -> None:
    editor, unit = as_role("editor"), end(service.unit, today)
    begin = reverse("services:draft_begin", args=[service.slug])

    editor.post(begin, sent(editor.get(begin), name="Ново име", why="нова наредба"))

    assert ServiceDraft.objects.get(slug=service.slug).document["unit"] == unit.code


@pytest.mark.parametrize("days", [0, 1])
def test_a_draft_is_told_of_a_unit_that_there_is_not_on_its_day(
    draft: ServiceDraft, service: Service, today: date, days: int
) -> None:
    unit = end(service.unit, today + timedelta(days=days))
    told = f"Към 23.11.2026\xa0г. няма такова звено: {unit.name}."

    assert [finding.stops for finding in findings(draft, today) if finding.text == told] == ([] if days else [False])


def test_a_file_names_units_of_the_day_and_leaves_a_service_its_own(service: Service, today: date) -> None:
    own, other = end(service.unit, today), end(another(service), today)
    head = (1, ["номер в Регистъра на услугите", "звено"])

    kept = plan_documents([said(service, note="Друга бележка")], on=today).rows
    named = plan_documents([said(service, unit=other.code)], on=today).rows
    told = plan_table([head, (2, [service.number, other.code])], "файл", on=today).rows
    same = plan_table([head, (2, [service.number, own.code])], "файл", on=today).rows
    by_name = plan_table([head, (2, [service.number, own.name])], "файл", on=today).rows

    outcomes = [row.outcome for rows in (kept, named, told, same, by_name) for row in rows]
    assert outcomes == [Outcome.CHANGED, Outcome.WRONG, Outcome.WRONG, Outcome.UNCHANGED, Outcome.UNCHANGED]
