"""Made-up cases: lawful, repeatable, and with the history of a real life."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from feedback.models import Case, CaseEvent
from feedback.samples import make_cases, names
from feedback.tracking import find_followed
from samokov_portal.legal.holidays import Calendar, Override
from samokov_portal.office.samples import Chance
from services.models import Application, Service, ServiceDetail
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.knowing import decisions

pytestmark = pytest.mark.django_db
UNTIL = at("2026-11-22", "21:59")  # Sunday, 23:59 in Sofia
DAYS = [date(2026, 11, 22) - timedelta(days=4 * back) for back in range(200)]  # back to September 2024
# What the database gives: keys, the transaction, its moment and a salt.
KEYS = {"id", "case_id", "history_id", "history_xid", "history_recorded_at", "history_salt"}
KEPT = ("status", "unit_id", "due_on", "forwarded_at", "decided_at", "outcome", "answer", "closed_at", "number")
# States that pass within days: by chance nobody may be in them on the last day.
BRIEF = {"registered", "decided", "notified"}


def make(seed: int = 1, calendar: Calendar | None = None) -> tuple[int, str, str]:
    return make_cases(Chance(seed, calendar or Calendar()), days=DAYS, until=UNTIL)


def rows(*querysets: Any) -> list[dict[str, Any]]:
    """What the tables hold, without the keys, which a rollback does not give back."""
    return [
        {name: value for name, value in row.items() if name not in KEYS}
        for queryset in querysets
        for row in queryset.values()
    ]


def rolled_back(seed: int) -> list[dict[str, Any]]:
    with transaction.atomic():
        make(seed)
        made = rows(
            Case.objects.order_by("pk"), CaseEvent.objects.order_by("pk"), Case.history.order_by("id", "history_id")
        )
        transaction.set_rollback(True)
    return made


@pytest.fixture
def made() -> list[Case]:
    """The cases of the first seed."""
    make()
    return list(Case.objects.order_by("pk"))


def test_the_same_seed_makes_the_same_cases() -> None:
    assert rolled_back(7) == rolled_back(7)


def test_another_seed_makes_other_cases() -> None:
    assert rolled_back(7) != rolled_back(8)


@pytest.mark.parametrize("seed", [2, 3])
def test_the_database_accepts_the_cases_of_any_seed(seed: int) -> None:
    count, _number, _code = make(seed)

    assert count == len(DAYS) == Case.objects.samples().count()


def test_the_case_to_try_following_with_opens() -> None:
    _count, number, code = make()

    case = find_followed(number=number, code=code, address="10.0.0.7", now=UNTIL)

    assert case == Case.objects.order_by("-registered_at", "-pk").first()


def test_no_other_made_up_case_opens_with_a_code(made: list[Case]) -> None:
    assert [case.access_digest for case in made[:-1]] == [""] * (len(made) - 1)


def test_numbers_of_every_register_have_no_gap(made: list[Case]) -> None:
    registers: dict[str, list[int]] = {}
    for case in made:
        register, _dash, serial = case.number.rpartition("-")
        registers.setdefault(register, []).append(int(serial))

    assert all(serials == list(range(1, len(serials) + 1)) for serials in registers.values())
    assert {register[0] for register in registers} == set("СПЖЗБИ")


def test_nothing_of_them_lies_in_the_future(made: list[Case]) -> None:
    names_of_moments = ("received_at", "registered_at", "extended_at", "forwarded_at", "decided_at", "closed_at")
    moments = [getattr(case, name) for case in made for name in names_of_moments]

    assert [moment for moment in moments if moment and moment > UNTIL] == []
    assert not CaseEvent.objects.filter(at__gt=UNTIL).exists()
    assert not Case.history.filter(history_date__gt=UNTIL).exists()


def test_every_event_stands_in_the_history_with_the_same_moment(made: list[Case]) -> None:
    events = Counter(CaseEvent.objects.values_list("case_id", "at"))
    past = Counter(Case.history.values_list("id", "history_date"))

    assert past == events


def test_the_newest_history_is_the_case_as_it_is(made: list[Case]) -> None:
    for case in made:
        newest = case.history.order_by("-history_date", "-history_id").values().first()
        assert {name: newest[name] for name in KEPT} == {name: getattr(case, name) for name in KEPT}


def test_promises_and_work_keep_to_the_working_calendar(made: list[Case]) -> None:
    calendar = Calendar()
    days = [day for case in made for day in (case.first_due_on, case.forward_due_on, case.notify_due_on) if day]
    work = [moment for case in made for moment in (case.forwarded_at, case.decided_at, case.notified_at) if moment]

    assert all(calendar.is_workday(day) for day in days)
    assert all(calendar.is_workday(timezone.localtime(moment).date()) for moment in work)


def test_only_signals_and_proposals_have_a_last_day_for_telling_the_sender(made: list[Case]) -> None:
    decided = [case for case in made if case.decided_at]

    assert {case.kind for case in decided if case.notify_due_on} == {"signal", "proposal"}
    assert all(case.notify_due_on for case in decided if case.kind in ("signal", "proposal"))


def test_a_decree_is_kept_to() -> None:
    friday = date(2026, 11, 20)
    make(calendar=Calendar({friday: Override(is_working=False, source="РМС № 1")}))

    assert not Case.objects.filter(first_due_on=friday).exists()
    assert not Case.objects.filter(decided_at__date=friday).exists()


def test_life_is_as_various_as_it_is(made: list[Case]) -> None:
    counted = decisions(Case.objects.known_at(UNTIL).exclude(kind="praise"), UNTIL)

    assert 0.8 < counted["part"] / counted["whole"] < 1  # some are late
    assert counted["in_term"] > 0
    assert counted["forwarded"] > 0
    assert Case.objects.filter(extended_at__isnull=False).exists()
    assert {case.status for case in made} - BRIEF == {
        "assigned",
        "forwarded",
        "closed",
        "no_proceedings",
        "withdrawn",
    }


def test_an_extension_is_within_the_law(made: list[Case]) -> None:
    extended = [case for case in made if case.extended_at]

    assert {case.kind for case in extended} <= {"signal", "proposal"}
    assert all(case.first_due_on < case.due_on for case in extended)
    assert all(timezone.localtime(case.extended_at).date() <= case.first_due_on for case in extended)


def test_names_are_whole_and_invented_for_both_sexes() -> None:
    people = names()

    assert len(people) == len(set(people))
    assert all(len(person.split()) == 3 for person in people)


def sample_data(*arguments: str) -> None:
    call_command("sample_data", "--until", "2026-11-22", *arguments)


def test_the_command_makes_exactly_the_cases_asked_for(capsys: Any) -> None:
    sample_data("--cases", "40")

    lines = capsys.readouterr().out.splitlines()
    newest = Case.objects.order_by("-registered_at", "-pk").first()
    assert (Case.objects.count(), Application.objects.count()) == (40, 20)
    assert lines[0] == "Made 40 cases and 20 applications up to 22.11.2026."
    assert lines[1].startswith(f"To follow one: {newest.number}, code ")


def test_one_case_may_be_asked_for() -> None:
    sample_data("--cases", "1")

    assert (Case.objects.count(), Application.objects.count()) == (1, 0)


def test_the_last_day_is_yesterday_unless_said(clock: Any, capsys: Any) -> None:
    call_command("sample_data", "--cases", "3")

    assert "up to 22.11.2026." in capsys.readouterr().out


def test_a_second_call_adds_nothing(capsys: Any) -> None:
    sample_data("--cases", "5")
    before = rows(Case.objects.order_by("pk"))

    sample_data("--cases", "7")

    assert rows(Case.objects.order_by("pk")) == before
    assert capsys.readouterr().out.endswith("There are sample cases already; nothing was added.\n")


@pytest.mark.parametrize("factory", [CaseFactory, ApplicationFactory])
def test_nothing_is_made_up_beside_what_is_real(factory: Any) -> None:
    real = factory(is_sample=False)

    with pytest.raises(CommandError, match="real cases or applications"):
        sample_data("--cases", "5")

    assert [*Case.objects.all(), *Application.objects.all()] == [real]


@pytest.mark.parametrize("factory", [CaseFactory, ApplicationFactory])
def test_beside_made_up_rows_nothing_is_added(factory: Any) -> None:
    made_up = factory(is_sample=True)

    sample_data("--cases", "5")

    assert [*Case.objects.all(), *Application.objects.all()] == [made_up]


def test_a_second_call_beside_what_was_tried_since_adds_nothing(capsys: Any) -> None:
    sample_data("--cases", "5")
    CaseFactory(number="С-2020-000001")  # somebody tries the demonstration

    sample_data("--cases", "7")

    assert Case.objects.count() == 6
    assert capsys.readouterr().out.endswith("There are sample cases already; nothing was added.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--cases", "0"),
        ("--cases", "-1"),
        ("--cases", "много"),
        ("--seed", "х"),
        ("--until", "вчера"),
        ("--until", "2007-01-01"),  # three years back there is no calendar
        ("--until", "2099-12-31"),
        ("--until", "0001-01-01"),
    ],
)
def test_a_bad_option_is_refused_in_one_line(arguments: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("sample_data", *arguments)

    assert not Case.objects.exists()


def test_without_a_catalogue_nothing_is_made() -> None:
    ServiceDetail.objects.all().delete()
    Service.objects.all().delete()

    with pytest.raises(CommandError):
        sample_data("--cases", "5")

    assert not Case.objects.exists()
