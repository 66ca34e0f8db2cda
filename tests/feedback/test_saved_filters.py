"""Questions to the work list under names: of one person, not without end."""

from datetime import date
from typing import Any

import pytest

from feedback.actions.exports import MOST_SAVED
from feedback.models import SavedFilter
from tests.factories import CaseFactory
from tests.feedback.desk_forms import DESK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]  # Monday 23.11.2026
SAVE = "/desk/filters/save/"


def test_a_question_is_saved_under_a_name_and_asked_again_by_it(as_role: Any) -> None:
    CaseFactory(first_due_on=date(2026, 11, 10), subject="Дупка на пътя")
    client = as_role("clerk")

    answer = client.post(SAVE, {"name": "Моите дупки", "query": "tab=overdue&text=дупка&kind=x"}, follow=True)

    saved = SavedFilter.objects.get()
    assert saved.query == "tab=overdue&text=%D0%B4%D1%83%D0%BF%D0%BA%D0%B0"  # without what makes no sense
    assert [line.row.subject for line in answer.context["lines"]] != []
    assert answer.context["tab"] == "overdue"
    assert f'<a href="/desk/?{saved.query}">Моите дупки</a>'.replace("&", "&amp;") in answer.content.decode()


def test_the_same_name_takes_the_new_question(as_role: Any) -> None:
    client = as_role("clerk")
    for tab in ("overdue", "today"):
        client.post(SAVE, {"name": "Сутрин", "query": f"tab={tab}"})

    assert [saved.query for saved in SavedFilter.objects.all()] == ["tab=today"]


def test_a_saved_filter_is_of_one_person_alone(as_role: Any) -> None:
    as_role("clerk").post(SAVE, {"name": "Сутрин", "query": "tab=today"})
    saved = SavedFilter.objects.get()
    other = as_role("secretary")

    assert list(other.get(DESK).context["saved"]) == []
    assert other.post(f"/desk/filters/{saved.pk}/remove/").status_code == 404
    assert as_role("clerk").post(f"/desk/filters/{saved.pk}/remove/").status_code == 302
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("sent", [{"name": ""}, {"name": " "}, {"name": "x" * 61}, {"name": "\x00"}, {}])
def test_a_filter_needs_a_name(as_role: Any, sent: dict[str, str]) -> None:
    assert as_role("clerk").post(SAVE, {"query": "tab=today", **sent}).status_code == 302
    assert not SavedFilter.objects.exists()


def test_nobody_saves_without_end(as_role: Any, staff: Any) -> None:
    SavedFilter.objects.bulk_create(SavedFilter(user=staff["clerk"], name=str(n)) for n in range(MOST_SAVED))

    response = as_role("clerk").post(SAVE, {"name": "още", "query": ""}, follow=True)

    assert "Премахнете някой" in response.content.decode()
    assert SavedFilter.objects.count() == MOST_SAVED
