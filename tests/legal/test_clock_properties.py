"""What must hold for the clock of every case, whatever happened to it and on whatever day."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samokov_portal.legal.clock import (
    Entry,
    Extended,
    GroundNotAllowed,
    ImpossibleLog,
    Received,
    Requalified,
    Resumed,
    Suspended,
    run,
)
from samokov_portal.legal.grounds import EXTENSIONS, SUSPENSIONS, Effect, ExtensionGround, SuspensionGround
from samokov_portal.legal.holidays import Calendar, Override
from samokov_portal.legal.terms import TERMS, Deadline, Term, Unit, Why

PLAIN = Calendar()
# The law lets few terms stand still; the arithmetic must be right for all of them.
RUNS_ON = SuspensionGround("any", frozenset(TERMS), Effect.RUNS_ON, "defects", "чл. 1", verified=False)
RESTARTS = SuspensionGround("any", frozenset(TERMS), Effect.RESTARTS, "defects", "чл. 1", verified=False)

many = settings(max_examples=200, deadline=None)

received_days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
terms = st.sampled_from(sorted(TERMS.values(), key=lambda term: term.code))
terms_by_date = terms.filter(lambda term: term.unit != Unit.WORKING_DAYS)
grounds = st.sampled_from([RUNS_ON, RESTARTS])
# How many days after what went before the clock stops, and for how many days.
pauses = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 25)), max_size=3)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def paused(after: date, lengths: list[tuple[int, int]], ground: SuspensionGround) -> list[Entry]:
    """Suspensions one after another, each with its end."""
    log: list[Entry] = []
    for gap, length in lengths:
        stopped_on = after + days(gap)
        after = stopped_on + days(length)
        log += [Suspended(stopped_on, ground), Resumed(after)]
    return log


def days_of(log: list[Entry]) -> set[date]:
    """The days on which the clock stood still by a log made by `paused`."""
    pairs = zip(log[::2], log[1::2], strict=True)
    return {
        stopped.on + days(number)
        for stopped, resumed in pairs
        for number in range(1, (resumed.on - stopped.on).days + 1)
    }


def last_counted(found: Deadline) -> date:
    return max(step.day for step in found.steps if step.counted)


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    """What may happen to a case: it stands still, becomes another kind, stands still again, is extended."""
    log: list[Entry] = [Received(draw(received_days), draw(terms))]
    log += paused(log[-1].on, draw(pauses), draw(grounds))
    if draw(st.booleans()):
        longest = draw(st.none() | terms)
        log.append(Requalified(log[-1].on + days(draw(st.integers(0, 20))), draw(terms), longest))
        log += paused(log[-1].on, draw(pauses), draw(grounds))
    if draw(st.booleans()):
        on = log[-1].on + days(draw(st.integers(0, 20)))
        log.append(Extended(on, on + days(draw(st.integers(0, 250))), draw(terms)))
    return log


@many
@given(received_days, terms, pauses, grounds)
def test_a_suspension_never_shortens_a_term(
    received_on: date, term: Term, lengths: list[tuple[int, int]], ground: SuspensionGround
) -> None:
    received = Received(received_on, term)

    found = run([received, *paused(received_on, lengths, ground)], PLAIN)

    assert found.due_on >= run([received], PLAIN).due_on


@many
@given(received_days, terms_by_date, st.lists(st.integers(0, 25), min_size=1, max_size=3), st.data())
def test_a_suspension_moves_the_last_day_by_as_many_days_as_the_clock_stood_still(
    received_on: date, term: Term, lengths: list[int], data: st.DataObject
) -> None:
    received = Received(received_on, term)
    last = last_counted(run([received], PLAIN))
    # Together the gaps are shorter than the term, so that it is still running at each suspension.
    gaps = st.integers(0, ((last - received_on).days - 1) // len(lengths))
    log = paused(received_on, [(data.draw(gaps), length) for length in lengths], RUNS_ON)

    found = run([received, *log], PLAIN)

    assert last_counted(found) == last + days(sum(lengths))
    assert (found.due_on == last_counted(found)) == PLAIN.is_workday(last_counted(found))


@many
@given(received_days, terms, pauses)
def test_no_day_on_which_the_clock_stood_still_is_counted_or_is_the_last(
    received_on: date, term: Term, lengths: list[tuple[int, int]]
) -> None:
    log = paused(received_on, lengths, RUNS_ON)

    found = run([Received(received_on, term), *log], PLAIN)

    counted = {step.day for step in found.steps if step.counted}
    stood_still = {step.day for step in found.steps if step.why == Why.SUSPENDED}
    assert counted & days_of(log) == set()
    assert stood_still <= days_of(log)
    assert found.due_on not in days_of(log)


@many
@given(received_days, terms, grounds, st.integers(0, 40))
def test_a_suspension_that_has_not_ended_promises_no_other_day_yet(
    received_on: date, term: Term, ground: SuspensionGround, gap: int
) -> None:
    received = Received(received_on, term)

    found = run([received, Suspended(received_on + days(gap), ground)], PLAIN)

    assert found.is_suspended
    assert (found.due_on, found.steps) == (run([received], PLAIN).due_on, run([received], PLAIN).steps)


@many
@given(logs(), st.integers(0, 400))
def test_one_more_holiday_never_brings_a_date_forward(log: list[Entry], number: int) -> None:
    holiday = log[0].on + days(number)
    with_holiday = Calendar({holiday: Override(is_working=False, source="РМС № 1")})

    assert run(log, with_holiday).due_on >= run(log, PLAIN).due_on


@many
@given(logs(), st.integers(0, 400))
def test_one_more_working_day_never_puts_a_date_off(log: list[Entry], number: int) -> None:
    working_day = log[0].on + days(number)
    with_working_day = Calendar({working_day: Override(is_working=True, source="РМС № 1")})

    assert run(log, with_working_day).due_on <= run(log, PLAIN).due_on


@many
@given(received_days, st.sampled_from(list(EXTENSIONS.values())), pauses, grounds, st.integers(0, 400))
def test_an_extension_neither_shortens_a_term_nor_passes_its_cap(
    received_on: date, extension: ExtensionGround, lengths: list[tuple[int, int]], ground: SuspensionGround, number: int
) -> None:
    term, longest = TERMS[extension.term], TERMS[extension.longest]
    pause = paused(received_on, lengths, ground)
    on = pause[-1].on if pause else received_on

    found = run([Received(received_on, term), *pause, Extended(on, on + days(number), longest)], PLAIN)

    base = run([Received(received_on, term), *pause], PLAIN).due_on
    cap = run([Received(received_on, longest), *pause], PLAIN).due_on
    assert base <= found.due_on <= cap


@many
@given(received_days, st.sampled_from(list(EXTENSIONS.values())), st.data())
def test_an_extension_within_its_cap_is_given_to_the_day(
    received_on: date, extension: ExtensionGround, data: st.DataObject
) -> None:
    received, longest = Received(received_on, TERMS[extension.term]), TERMS[extension.longest]
    base = run([received], PLAIN).due_on
    cap = run([Received(received_on, longest)], PLAIN).due_on
    until = data.draw(st.dates(base, cap).filter(PLAIN.is_workday))

    found = run([received, Extended(base, until, longest)], PLAIN)

    assert found.due_on == until


@many
@given(received_days, terms, terms, pauses, st.integers(0, 20))
def test_requalification_loses_no_day_on_which_the_clock_stood_still(
    received_on: date, was: Term, term: Term, lengths: list[tuple[int, int]], gap: int
) -> None:
    pause = paused(received_on, lengths, RUNS_ON)
    on = (pause[-1].on if pause else received_on) + days(gap)

    found = run([Received(received_on, was), *pause, Requalified(on, term)], PLAIN)

    of_this_kind_from_the_start = run([Received(received_on, term), *pause], PLAIN)
    assert found == of_this_kind_from_the_start


@many
@given(logs())
def test_explanation_goes_day_by_day_from_the_receipt_to_the_last_day(log: list[Entry]) -> None:
    found = run(log, PLAIN)

    explained = [step.day for step in found.steps]
    assert explained == sorted(set(explained))
    assert (explained[0], explained[-1]) == (log[0].on, found.due_on)
    assert not found.steps[0].counted


@many
@given(logs())
def test_a_term_in_days_counts_exactly_its_length(log: list[Entry]) -> None:
    found = run(log, PLAIN)
    assume(found.term.unit in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS))

    counted = [step.day for step in found.steps if step.counted]
    assert len(counted) == found.term.amount
    assert found.term.unit == Unit.CALENDAR_DAYS or all(PLAIN.is_workday(day) for day in counted)


@many
@given(logs())
def test_a_term_ends_on_a_working_day(log: list[Entry]) -> None:
    assert PLAIN.is_workday(run(log, PLAIN).due_on)


@many
@given(logs())
def test_entries_out_of_order_are_refused(log: list[Entry]) -> None:
    backwards = [*log, Requalified(log[0].on - days(1), TERMS["forward"])]

    with pytest.raises(ImpossibleLog):
        run(backwards, PLAIN)


@many
@given(received_days, terms, st.sampled_from(list(SUSPENSIONS.values())))
def test_a_term_stands_still_on_a_ground_of_the_law_or_not_at_all(
    received_on: date, term: Term, ground: SuspensionGround
) -> None:
    log: list[Entry] = [Received(received_on, term), Suspended(received_on, ground)]

    if term.code in ground.terms:
        assert run(log, PLAIN).is_suspended
    else:
        with pytest.raises(GroundNotAllowed):
            run(log, PLAIN)
