"""What each measure counts, by the definition that is printed beside its figure."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from charter.choices import Verdict
from charter.measurement import MEASURES, BadPeriod, Period, Share
from charter.models import Standard
from feedback.choices import Kind
from feedback.models import Case
from samokov_portal.office.choices import Channel
from tests.factories import ApplicationFactory, CaseFactory, at

Q2 = Period.parse("2026-Q2")  # the signals of CaseFactory are due on Monday 04.05.2026
Q1 = Period.parse("2026-Q1")
LATER = at("2026-11-23")


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-H1", date(2026, 1, 1), date(2026, 7, 1)),
        ("2026-H2", date(2026, 7, 1), date(2027, 1, 1)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-02", date(2026, 2, 1), date(2026, 3, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_period_of_a_code(code: str, start: date, end: date) -> None:
    assert Period.parse(code) == Period(start, end, code)


@pytest.mark.parametrize(
    "code", ["", "26", "2026-Q5", "2026-H3", "2026-13", "2026-00", "1999", "2026-Q1 ", "Q1-2026", "20٢٦"]
)
def test_unknown_period_is_refused(code: str) -> None:
    with pytest.raises(BadPeriod):
        Period.parse(code)


LEFT_OUT = {"no_proceedings": 0, "withdrawn": 0}


def test_quarter_of_a_day_and_the_one_before() -> None:
    assert Period.quarter_of(date(2026, 3, 31)) == Q1
    assert Period.quarter_of(date(2026, 4, 1)) == Q2
    assert Q1.previous_quarter() == Period.parse("2025-Q4")


@pytest.mark.parametrize("year", [1, 1999, 2006, 2026, 2100, 9998])
def test_quarter_and_year_of_a_day_are_known_in_any_year(year: int) -> None:
    quarter, whole = Period.quarter_of(date(year, 5, 31)), Period.year_of(date(year, 5, 31))

    assert quarter == Period(date(year, 4, 1), date(year, 7, 1), f"{year}-Q2")
    assert whole == Period(date(year, 1, 1), date(year + 1, 1, 1), f"{year}")


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 6, 30), "2026-Q2"),
        (date(2026, 7, 1), "2026-Q3"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_quarter_and_year_of_a_day_are_those_that_their_codes_name(day: date, code: str) -> None:
    assert (Period.quarter_of(day), Period.year_of(day)) == (Period.parse(code), Period.parse("2026"))


def test_period_begins_and_ends_at_midnight_in_sofia() -> None:
    # Summer time begins on 29.03.2026: January is two hours before UTC, April three.
    assert Q1.span == (at("2025-12-31", "22:00"), at("2026-03-31", "21:00"))


@pytest.mark.parametrize(
    ("part", "whole", "target", "verdict"),
    [
        (0, 0, Decimal(100), Verdict.NO_DATA),
        (0, 0, None, Verdict.NO_DATA),
        (1, 1, None, Verdict.NO_TARGET),
        (19, 20, Decimal(95), Verdict.KEPT),
        (949, 1000, Decimal(95), Verdict.BROKEN),
        (99999, 100000, Decimal(100), Verdict.BROKEN),  # never rounded up to kept
        (3, 3, Decimal(100), Verdict.KEPT),
    ],
)
def test_verdict_is_compared_exactly(part: int, whole: int, target: Decimal | None, verdict: Verdict) -> None:
    assert Share(part, whole).verdict(target) == verdict


@pytest.mark.parametrize(("part", "whole"), [(2, 1), (-1, 1)])
def test_share_refuses_nonsense(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        Share(part, whole)


def counted(measure: str, period: Period = Q2, as_of: datetime = LATER) -> tuple[int, int, dict[str, int]]:
    result = MEASURES[measure](period, as_of)
    return result.part, result.whole, dict(result.excluded)


@pytest.mark.django_db
def test_every_measure_has_one_standard_and_the_reverse() -> None:
    measured = Standard.objects.exclude(measure="").values_list("measure", flat=True)

    assert sorted(measured) == sorted(MEASURES)


@pytest.mark.django_db
@pytest.mark.parametrize("measure", MEASURES)
def test_nothing_to_count_is_no_data(measure: str) -> None:
    result = MEASURES[measure](Q2, LATER)

    assert (result.part, result.whole, result.percent) == (0, 0, None)
    assert result.verdict(Decimal(100)) == Verdict.NO_DATA


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"decided": True, "decided_at": at("2026-05-04", "20:59")}, (1, 1, 0, 0)),  # 23:59 in Sofia on the last day
        ({"decided": True, "decided_at": at("2026-05-04", "21:01")}, (0, 1, 0, 0)),  # one minute past midnight
        ({}, (0, 1, 0, 0)),  # never decided and past the last day: late
        ({"forwarded": True}, (0, 0, 0, 1)),
        ({"forwarded": True, "forwarded_at": at("2026-05-04", "20:59")}, (0, 0, 0, 1)),  # 23:59 on the last day
        ({"forwarded": True, "forwarded_at": at("2026-05-04", "21:00")}, (0, 1, 0, 0)),  # late before it left
        ({"due_on": date(2026, 6, 2), "extended_at": at("2026-04-28")}, (0, 1, 0, 0)),  # extended, still in Q2
        (
            {
                "due_on": date(2026, 6, 2),
                "extended_at": at("2026-04-28"),
                "decided": True,
                "decided_at": at("2026-06-02"),
            },
            (1, 1, 0, 0),
        ),
        ({"due_on": date(2026, 7, 1), "extended_at": at("2026-04-28")}, (0, 0, 0, 0)),  # the extended term ends in Q3
        ({"kind": Kind.PROPOSAL, "term_code": "proposal-decision"}, (0, 0, 0, 0)),  # another kind
    ],
)
def test_signal_decided(facts: dict[str, Any], expected: tuple[int, int, int, int]) -> None:
    CaseFactory(**facts)

    part, whole, in_term, forwarded = expected
    assert counted("signal-decision") == (part, whole, {**LEFT_OUT, "in_term": in_term, "forwarded": forwarded})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (at("2026-03-10"), (0, 0, 1)),  # before the decision: still in term
        (at("2026-03-12"), (0, 0, 1)),  # decided early: it counts with those that take their whole term
        (at("2026-05-04", "20:59"), (0, 0, 1)),  # 23:59 on the last day
        (at("2026-05-04", "21:00"), (1, 1, 0)),
        (at("2026-11-23"), (1, 1, 0)),
    ],
)
def test_signal_as_of_a_moment(as_of: datetime, expected: tuple[int, int, int]) -> None:
    CaseFactory(closed=True)  # received 02.03, decided 12.03

    part, whole, in_term = expected
    assert counted("signal-decision", as_of=as_of) == (part, whole, {**LEFT_OUT, "in_term": in_term, "forwarded": 0})


@pytest.mark.django_db
def test_undecided_is_late_only_after_the_last_day() -> None:
    CaseFactory()

    on_the_last_day = counted("signal-decision", as_of=at("2026-05-04", "20:59"))
    after_it = counted("signal-decision", as_of=at("2026-05-04", "21:00"))

    assert on_the_last_day == (0, 0, {**LEFT_OUT, "in_term": 1, "forwarded": 0})
    assert after_it == (0, 1, {**LEFT_OUT, "in_term": 0, "forwarded": 0})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (at("2026-05-08"), (0, 1, 0)),  # overdue
        (at("2026-05-11"), (0, 1, 0)),  # sent away meanwhile: late all the same
        (at("2026-11-23"), (0, 1, 0)),
    ],
)
def test_a_late_forward_stays_late(as_of: datetime, expected: tuple[int, int, int]) -> None:
    CaseFactory(forwarded=True, forwarded_at=at("2026-05-11"))  # a week after the last day

    part, whole, in_term = expected
    assert counted("signal-decision", as_of=as_of) == (part, whole, {**LEFT_OUT, "in_term": in_term, "forwarded": 0})


@pytest.mark.django_db
def test_a_timely_forward_is_left_out_only_once_it_is_made() -> None:
    CaseFactory(forwarded=True, forwarded_at=at("2026-05-04"))  # the last day

    before, after = (counted("signal-decision", as_of=at("2026-05-04", hour)) for hour in ("11:59", "12:00"))

    assert before == (0, 0, {**LEFT_OUT, "in_term": 1, "forwarded": 0})
    assert after == (0, 0, {**LEFT_OUT, "in_term": 0, "forwarded": 1})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("as_of", "second", "third"),
    [
        (at("2026-04-28", "11:59"), 1, 0),
        (at("2026-04-28"), 0, 1),  # that very moment
    ],
)
def test_an_extension_moves_a_case_only_once_it_is_given(as_of: datetime, second: int, third: int) -> None:
    CaseFactory(due_on=date(2026, 7, 1), extended_at=at("2026-04-28"))

    in_term = [counted("signal-decision", Period.parse(code), as_of)[2]["in_term"] for code in ("2026-Q2", "2026-Q3")]

    assert in_term == [second, third]


@pytest.mark.django_db
def test_an_extension_given_afterwards_does_not_excuse_what_was_late() -> None:
    CaseFactory(due_on=date(2026, 6, 2), extended_at=at("2026-05-06"))

    assert counted("signal-decision", as_of=at("2026-05-05", "22:00")) == (
        0,
        1,
        {**LEFT_OUT, "in_term": 0, "forwarded": 0},
    )
    assert counted("signal-decision", as_of=at("2026-05-06")) == (0, 0, {**LEFT_OUT, "in_term": 1, "forwarded": 0})


# Facts that each measure counts, of records received on 02.03.2026.
COUNTED = [
    ("enquiry-answer", Q1, CaseFactory, {"kind": Kind.ENQUIRY, "first_due_on": date(2026, 3, 12)}),
    ("signal-decision", Q2, CaseFactory, {}),
    ("proposal-decision", Q2, CaseFactory, {"kind": Kind.PROPOSAL}),
    ("information-decision", Q2, CaseFactory, {"kind": Kind.INFORMATION}),
    ("forward", Q1, CaseFactory, {"forwarded": True}),
    ("notify", Q1, CaseFactory, {"closed": True}),
    ("registered-same-day", Q1, CaseFactory, {}),
    ("service-term", Q1, ApplicationFactory, {"completed": True}),
    ("due-date-notice", Q1, ApplicationFactory, {}),
    ("waiting-time", Q1, CaseFactory, {"channel": Channel.COUNTER, "waited_minutes": 5}),
    ("waiting-time", Q1, ApplicationFactory, {"waited_minutes": 5}),
    ("waiting-time", Q1, ApplicationFactory, {"waited_minutes": None}),
]


# What is known of these is known by other moments than a registration: test_further_measures.
BY_OTHER_MOMENTS = {
    "oral-enquiry",
    "on-the-spot-resolution",
    "satisfaction",
    "no-repeat-documents",
    "email-acknowledgement",
    "extension-notice",
    "annual-report",
    "single-counter",
    "after-hours",
    "centre-name-and-hours",
    "accessible-premises",
    "courteous-address",
    "staff-identification",
    "reasoned-decision",
    "document-acceptance",
    "document-handover",
}


def test_each_measure_is_tried_with_a_backdated_registration() -> None:
    assert {measure for measure, *_facts in COUNTED} == set(MEASURES) - BY_OTHER_MOMENTS


@pytest.mark.django_db
@pytest.mark.parametrize(("measure", "period", "factory", "facts"), COUNTED)
def test_a_backdated_registration_does_not_change_a_past_figure(
    measure: str, period: Period, factory: Any, facts: dict[str, Any]
) -> None:
    moments = at("2026-06-01"), at("2026-06-14", "23:59"), at("2026-06-15")
    before = [counted(measure, period, moment) for moment in moments]

    factory(registered_at=at("2026-06-15"), **facts)

    after = [counted(measure, period, moment) for moment in moments]
    assert after[:2] == before[:2]
    assert after[2] != before[2]  # from the moment of its registration it counts


@pytest.mark.django_db
@pytest.mark.parametrize("channel", list(Channel))
def test_every_registered_enquiry_is_counted(channel: str) -> None:
    # Received Monday 06.04.2026; Easter 10-13.04; the seventh working day is Friday 17.04.
    facts = {"received_at": at("2026-04-06"), "first_due_on": date(2026, 4, 17), "term_code": "enquiry-answer"}
    CaseFactory(kind=Kind.ENQUIRY, channel=channel, decided=True, decided_at=at("2026-04-17"), **facts)

    assert counted("enquiry-answer") == (1, 1, {**LEFT_OUT, "in_term": 0, "forwarded": 0})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("measure", "kind"), [("proposal-decision", Kind.PROPOSAL), ("information-decision", Kind.INFORMATION)]
)
def test_other_decisions_are_counted_by_kind(measure: str, kind: str) -> None:
    CaseFactory(kind=kind, term_code=measure, closed=True)
    CaseFactory(kind=kind, term_code=measure)
    CaseFactory(closed=True)

    assert counted(measure) == (1, 2, {**LEFT_OUT, "in_term": 0, "forwarded": 0})


@pytest.mark.django_db
def test_forwarded_within_seven_days() -> None:
    CaseFactory(forwarded=True, forwarded_at=at("2026-03-09", "21:59"))  # the last day, 23:59 in Sofia
    CaseFactory(forwarded=True, forwarded_at=at("2026-03-09", "22:01"))  # the day after
    CaseFactory(forwarded=True, forwarded_at=at("2026-04-02"))  # forwarded in the next quarter
    CaseFactory()

    assert counted("forward", Q1) == (1, 2, {})
    assert counted("forward", Q1, as_of=at("2026-03-09", "22:00")) == (1, 1, {})


@pytest.mark.django_db
def test_notified_within_seven_days() -> None:
    CaseFactory(closed=True)  # decided 12.03, told 13.03; the last day is 19.03
    CaseFactory(closed=True, notified_at=at("2026-03-20"))  # a day late
    CaseFactory(decided=True)  # never told
    CaseFactory(closed=True, kind=Kind.ENQUIRY, term_code="enquiry-answer")  # the law does not say it of enquiries

    assert counted("notify", Q1) == (1, 3, {"in_term": 0})
    assert counted("notify", Q1, as_of=at("2026-03-19")) == (0, 0, {"in_term": 3})
    assert counted("notify", Q1, as_of=at("2026-03-19", "22:00")) == (1, 3, {"in_term": 0})  # midnight in Sofia


@pytest.mark.django_db
def test_registered_on_the_day_it_came() -> None:
    CaseFactory(received_at=at("2026-03-02", "21:30"), registered_at=at("2026-03-02", "21:50"))  # both before midnight
    CaseFactory(received_at=at("2026-03-02", "21:30"), registered_at=at("2026-03-02", "22:10"))  # registered on 03.03

    assert counted("registered-same-day", Q1) == (1, 2, {})
    assert counted("registered-same-day", Q1, as_of=at("2026-03-02", "22:00")) == (1, 1, {})


@pytest.mark.django_db
def test_service_given_within_its_term() -> None:
    ApplicationFactory(completed=True)
    ApplicationFactory(completed=True, completed_at=at("2026-03-17"))  # a day late
    ApplicationFactory()  # never completed
    ApplicationFactory(due_on=date(2026, 4, 1))  # the term ends in the next quarter

    ended = dict.fromkeys(("standing", "refused", "no_proceedings", "withdrawn"), 0)
    assert counted("service-term", Q1) == (1, 3, {"in_term": 0, **ended})
    assert counted("service-term", Q1, as_of=at("2026-03-16")) == (0, 0, {"in_term": 3, **ended})
    # Midnight in Sofia.
    assert counted("service-term", Q1, as_of=at("2026-03-16", "22:00")) == (1, 3, {"in_term": 0, **ended})


@pytest.mark.django_db
def test_waiting_time_counts_cases_and_applications_at_the_counter() -> None:
    CaseFactory(channel=Channel.COUNTER, waited_minutes=20)
    CaseFactory(channel=Channel.COUNTER, waited_minutes=21)
    CaseFactory(channel=Channel.COUNTER)
    CaseFactory(channel=Channel.PHONE)
    ApplicationFactory(waited_minutes=0)
    ApplicationFactory()

    assert counted("waiting-time", Q1) == (2, 3, {"not_recorded": 2})


@pytest.mark.django_db
def test_a_case_of_another_period_is_not_counted() -> None:
    CaseFactory(closed=True)

    assert counted("signal-decision", Period.parse("2026-Q3")) == (0, 0, {**LEFT_OUT, "in_term": 0, "forwarded": 0})
    assert Case.objects.count() == 1
