"""What was seen on the spot is recorded once, never changed, and withdrawn only with a reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from charter.models import Observation, Standard
from samokov_portal.history import save_with_history

pytestmark = pytest.mark.django_db
PAGE = "/desk/observations/"


def filled(**changes: Any) -> dict[str, Any]:
    standard = Standard.objects.get(code="document-handover")
    return {
        "standard": standard.pk,
        "on": "02.03.2026",
        "method": "mystery",
        "is_kept": "",
        "minutes": 9,
        **changes,
    }


def test_an_observation_is_recorded_with_its_history_and_only_once(as_role: Any, staff: Any) -> None:
    for _press in range(2):
        assert as_role("secretary").post(PAGE, filled()).status_code == 302

    row = Observation.objects.get()
    assert (row.on, row.is_kept, row.minutes, row.recorded_by) == (date(2026, 3, 2), True, 9, staff["secretary"])
    assert row.history.get().history_user == staff["secretary"]
    assert "02.03.2026" in as_role("secretary").get(PAGE).content.decode()


TOMORROW = f"{timezone.localdate() + timedelta(days=1):%d.%m.%Y}"  # noqa: TID251


@pytest.mark.parametrize(
    "changes",
    [
        {"on": TOMORROW},
        {"on": ""},
        {"on": "31.02.2026"},
        {"standard": ""},
        {"standard": "999999"},
        {"method": "guess"},
        {"is_kept": "False"},  # nine minutes are within the fifteen
        {"is_kept": "True", "minutes": "45"},
        {"minutes": ""},
        {"minutes": "-1"},
        {"minutes": "99999"},
        {"note": "а" * 2001},
    ],
)
def test_nonsense_is_refused(as_role: Any, changes: dict[str, Any]) -> None:
    assert as_role("secretary").post(PAGE, filled(**changes)).status_code == 422
    assert not Observation.objects.exists()


@pytest.mark.parametrize(("minutes", "is_kept"), [(15, True), (16, False)])
def test_of_a_promise_in_minutes_the_minutes_say_whether_it_was_kept(as_role: Any, minutes: int, is_kept: bool) -> None:
    as_role("secretary").post(PAGE, filled(minutes=minutes))

    assert Observation.objects.get().is_kept is is_kept


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"is_kept": "False"}, 302), ({"is_kept": ""}, 422), ({"is_kept": "True", "minutes": 9}, 422)],
)
def test_of_another_promise_whoever_saw_it_says_so(as_role: Any, changes: dict[str, Any], status: int) -> None:
    other = Standard.objects.filter(measured_from="observation").exclude(limit_unit="minutes")[0].pk

    response = as_role("secretary").post(PAGE, filled(**{"standard": other, "minutes": "", **changes}))

    assert response.status_code == status


def test_observations_come_fifty_a_page(as_role: Any, staff: Any) -> None:
    standard = Standard.objects.get(code="document-handover")
    for _serial in range(51):
        facts = {"method": "mystery", "is_kept": True, "minutes": 9, "recorded_by": staff["secretary"]}
        row = Observation(standard=standard, on=date(2026, 3, 2), recorded_at=timezone.now(), **facts)  # noqa: TID251
        save_with_history(row, by=None, why="проба")

    assert len(as_role("secretary").get(PAGE).context["observations"]) == 50
    assert len(as_role("secretary").get(PAGE, {"page": 2}).context["observations"]) == 1


def test_nothing_to_choose_is_said_in_words(as_role: Any) -> None:
    page = as_role("editor").get(PAGE).content.decode()

    assert "---" not in page
    assert page.count(">изберете</option>") == 2  # the promise and the way; the unit may be left out


def test_a_standard_counted_from_records_is_not_observed(as_role: Any) -> None:
    counted = Standard.objects.get(code="signal-decision").pk

    assert as_role("secretary").post(PAGE, filled(standard=counted)).status_code == 422


@pytest.mark.parametrize(
    ("role", "status"),
    [("secretary", 200), ("editor", 200), ("clerk", 403), ("expert", 403), ("mayor", 403), ("auditor", 403)],
)
def test_who_records_observations(as_role: Any, role: str, status: int) -> None:
    assert as_role(role).get(PAGE).status_code == status


def test_a_mistaken_observation_is_withdrawn_with_a_reason(as_role: Any) -> None:
    as_role("secretary").post(PAGE, filled())
    row = Observation.objects.get()
    withdraw = f"{PAGE}{row.pk}/withdraw/"

    assert as_role("secretary").post(withdraw, {"reason": " \0"}).status_code == 422
    assert as_role("secretary").post(withdraw, {"reason": "Друга\0 дата."}).status_code == 302
    as_role("secretary").post(withdraw, {"reason": "Пак."})

    row.refresh_from_db()
    assert (row.withdrawal_reason, row.withdrawn_at is not None) == ("Друга дата.", True)
    assert as_role("secretary").post(f"{PAGE}999999/withdraw/", {"reason": "?"}).status_code == 404


def test_the_database_keeps_no_withdrawal_without_a_reason(as_role: Any) -> None:
    as_role("secretary").post(PAGE, filled())

    with pytest.raises(IntegrityError, match="withdrawn_with_a_reason"), transaction.atomic():
        Observation.objects.update(withdrawn_at=timezone.now())  # noqa: TID251
