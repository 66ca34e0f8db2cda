"""One decision about many cases, each with its own event and its own row of history."""

from datetime import date, timedelta
from typing import Any

import pytest

from feedback.actions.bulk import assign_cases
from feedback.actions.refusals import ChangedMeanwhile, NeedsReason, NotPossible, UnitIsNoMore
from feedback.models import Case
from samokov_portal.audit.models import Look
from samokov_portal.history import save_with_history
from services.models import Unit
from tests.factories import CaseFactory
from tests.feedback.desk_forms import DESK, change, page
from tests.feedback.life_stories import brought_to, filed, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ASSIGN = "/desk/cases/assign/"
WHY = "отпуск на колегата"


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.get(code="mdt")


def ticks(*cases: Case) -> list[str]:
    return [f"{case.number}~{case.last_event_id()}" for case in cases]


def test_each_case_has_its_own_event_and_history_with_the_one_reason(as_role: Any, staff: Any, unit: Unit) -> None:
    cases, other = [filed() for _ in range(3)], filed()

    response = as_role("clerk").post(ASSIGN, {"case": ticks(*cases), "unit": unit.pk, "reason": WHY}, follow=True)

    for case in cases:
        case.refresh_from_db()
        assert (case.unit, case.status) == (unit, "assigned")
        assert (case.history.latest().history_change_reason, case.history.latest().history_user) == (
            f"възложена на {unit}. {WHY}",
            staff["clerk"],
        )
        assert [event.kind for event in case.events.in_order()] == ["registered", "assigned"]
    other.refresh_from_db()
    assert other.status == "registered"
    assert "Възложени са 3 преписки." in response.content.decode()


def test_what_changed_meanwhile_or_ended_stays_and_the_others_go(staff: Any, unit: Unit, clock: Any) -> None:
    first, changed, closed = filed(), filed(), brought_to("closed", staff, filed())
    seen = {case.number: case.last_event_id() or 0 for case in (first, changed, closed)}
    take("assign", changed, now=clock, by=staff["secretary"], unit=Unit.objects.get(code="hdettos"))

    outcome = assign_cases(seen=seen, unit=unit, reason=WHY, by=staff["clerk"], now=clock)

    assert outcome.done == [first.number]
    assert {number: type(why) for number, why in outcome.refused.items()} == {
        changed.number: ChangedMeanwhile,
        closed.number: NotPossible,
    }
    changed.refresh_from_db()
    assert changed.unit.code == "hdettos"


def test_whom_a_case_is_directed_against_stays_and_does_not_assign_it(staff: Any, unit: Unit, clock: Any) -> None:
    case = take("assign", filed(), now=clock, by=staff["secretary"], unit=unit, complained_of=staff["clerk"])
    seen = {case.number: case.last_event_id() or 0}

    by_themselves = assign_cases(seen=seen, unit=unit, reason=WHY, by=staff["clerk"], now=clock)
    by_another = assign_cases(seen=seen, unit=unit, reason=WHY, by=staff["secretary"], now=clock)

    assert (by_themselves.done, by_another.done) == ([], [case.number])
    case.refresh_from_db()
    assert case.complained_of == staff["clerk"]


def test_without_a_reason_nothing_is_assigned(staff: Any, unit: Unit, clock: Any) -> None:
    case = filed()

    with pytest.raises(NeedsReason):
        assign_cases(seen={case.number: case.last_event_id() or 0}, unit=unit, reason=" ", by=staff["clerk"], now=clock)


@pytest.mark.parametrize("missing", ["case", "unit", "reason"])
def test_what_is_not_filled_in_is_asked_for_with_the_ticks_kept(as_role: Any, unit: Unit, missing: str) -> None:
    case = filed()
    sent = {"case": ticks(case), "unit": unit.pk, "reason": WHY}

    response = as_role("clerk").post(ASSIGN, {name: value for name, value in sent.items() if name != missing})

    assert response.status_code == 422
    assert (f'value="{ticks(case)[0]}" checked' in response.content.decode()) is (missing != "case")
    assert Look.objects.get().subject == "cases-assign"


@pytest.mark.parametrize(
    ("query", "address"),
    [("tab=overdue&unit=2", f"{DESK}?tab=overdue&unit=2"), ("", DESK), ("//example.bg", f"{DESK}?%2F%2Fexample.bg=")],
)
def test_after_it_the_list_is_narrowed_as_before(as_role: Any, unit: Unit, query: str, address: str) -> None:
    clerk, case = as_role("clerk"), filed()
    sent = {"case": ticks(case), "unit": unit.pk, "query": query}

    asked = clerk.post(ASSIGN, sent)
    done = clerk.post(ASSIGN, {**sent, "reason": WHY})

    assert asked.context["query"] == address.removeprefix(DESK).removeprefix("?")
    assert (done.status_code, done["Location"]) == (302, address)


def test_the_list_gives_along_how_it_is_narrowed(as_role: Any) -> None:
    filed()

    page = as_role("clerk").get(DESK, {"kind": "signal"})

    assert 'name="query" value="tab=open&amp;kind=signal"' in page.content.decode()


@pytest.mark.parametrize("sent", ["x", "\x00", "С-2026-000001", "С-2026-000001~", "С-2026-000001~" + "9" * 30])
def test_what_is_no_tick_is_ignored(as_role: Any, unit: Unit, sent: str) -> None:
    response = as_role("clerk").post(ASSIGN, {"case": [sent], "unit": unit.pk, "reason": WHY})

    assert response.status_code == 422


def test_the_list_offers_ticks_only_to_whoever_assigns_and_of_what_can_be_assigned(as_role: Any, staff: Any) -> None:
    case, forwarding = filed(), brought_to("forwarding", staff, filed())
    CaseFactory(closed=True)

    pages = {role: as_role(role).get(DESK).content.decode() for role in ("clerk", "mayor", "expert")}

    assert {role: text.count('name="case"') for role, text in pages.items()} == {"clerk": 1, "mayor": 0, "expert": 0}
    assert f'value="{ticks(case)[0]}"' in pages["clerk"]
    assert ticks(forwarding)[0] not in pages["clerk"]


def end(unit: Unit, day: date) -> None:
    unit.valid_until = day
    save_with_history(unit, by=None, why="закрито")


def test_a_unit_that_has_ended_is_not_offered_and_is_refused(as_role: Any, staff: Any, unit: Unit, clock: Any) -> None:
    case, client = filed(), as_role("clerk")
    end(unit, clock.date())

    sent = client.post(ASSIGN, {"case": ticks(case), "unit": unit.pk, "reason": WHY})
    refused = assign_cases(
        seen={case.number: case.last_event_id() or 0}, unit=unit, reason=WHY, by=staff["clerk"], now=clock
    )

    assert sent.status_code == 422
    assert "unit" in sent.context["form"].errors
    assert [type(why) for why in refused.refused.values()] == [UnitIsNoMore]
    case.refresh_from_db()
    assert case.unit is None


@pytest.mark.parametrize("days", [1, 400])
def test_a_unit_that_ends_later_is_offered_and_taken(as_role: Any, unit: Unit, clock: Any, days: int) -> None:
    case = filed()
    end(unit, clock.date() + timedelta(days=days))

    assert as_role("clerk").post(ASSIGN, {"case": ticks(case), "unit": unit.pk, "reason": WHY}).status_code == 302
    case.refresh_from_db()
    assert case.unit == unit


def test_a_case_is_not_given_to_a_unit_that_has_ended(as_role: Any, unit: Unit, clock: Any) -> None:
    case, client = filed(), as_role("clerk")
    end(unit, clock.date())
    form = client.get(page(case)).context["forms"]["assign"]

    answer = client.post(page(case, "assign"), change("assign", unit=str(unit.pk), seen=str(case.last_event_id())))

    assert unit not in form.fields["unit"].queryset
    assert Unit.objects.get(code="hdettos") in form.fields["unit"].queryset
    assert answer.status_code == 422
    case.refresh_from_db()
    assert (case.unit, case.status) == (None, "registered")


@pytest.mark.parametrize("address", ["/desk/", "/desk/enquiries/"])
def test_pages_offer_the_units_of_today(as_role: Any, unit: Unit, clock: Any, address: str) -> None:
    """The filter of the work list has every unit: cases of one that has ended are still to be found."""
    client = as_role("clerk")
    filed()
    key = "bulk_form" if address == "/desk/" else "form"

    before = unit in client.get(address).context[key].fields["unit"].queryset
    end(unit, clock.date())

    assert (before, unit in client.get(address).context[key].fields["unit"].queryset) == (True, False)
