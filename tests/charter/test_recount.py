"""The figures of a report over sample data, recounted by SQL written from the definitions, not from our code."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from charter.actions.reports import prepare_report
from charter.freezing import content_of
from charter.measurement import MEASURES, Period, told
from charter.measurement.telling import told_each
from charter.recount import differences
from tests.sharing import check_now, shared_rows

AS_OF = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
# So many sample cases; a hundred thousand take long and are for a run by hand.
CASES = int(os.environ.get("RECOUNT_CASES", "1500"))
START, END = date(2026, 7, 1), date(2026, 10, 1)

# Days are those of Europe/Sofia. %(…)s: the period [start, end) and the moment as of which is asked.
DAY = "(%s AT TIME ZONE 'Europe/Sofia')::date"
RECOUNT = {
    "signal-decision": "kind = 'signal'",
    "proposal-decision": "kind = 'proposal'",
    "information-decision": "kind = 'information'",
    "enquiry-answer": "kind = 'enquiry'",
}
DECIDED = """
    SELECT count(*) FILTER (WHERE decided_at <= %(as_of)s AND {decided_on} <= last_day),
           count(*)
    FROM (
        SELECT *, CASE WHEN extended_at <= %(as_of)s THEN due_on ELSE first_due_on END AS last_day FROM feedback_case
        WHERE registered_at <= %(as_of)s
    ) AS known
    WHERE {which} AND last_day >= %(start)s AND last_day < %(end)s AND last_day < {today}
      AND NOT (coalesce(forwarded_at <= %(as_of)s, FALSE) AND {forwarded_on} <= last_day)
      AND NOT (coalesce(ended_at <= %(as_of)s, FALSE) AND {ended_on} <= last_day)
"""
FORWARDED = """
    SELECT count(*) FILTER (WHERE {forwarded_on} <= forward_due_on), count(*)
    FROM feedback_case
    WHERE {forwarded_on} >= %(start)s AND {forwarded_on} < %(end)s AND forwarded_at <= %(as_of)s
      AND registered_at <= %(as_of)s
"""
NOTIFIED = """
    SELECT count(*) FILTER (WHERE notified_at <= %(as_of)s AND {notified_on} <= notify_due_on),
           count(*)
    FROM feedback_case
    WHERE kind IN ('signal', 'proposal') AND decided_at <= %(as_of)s
      AND registered_at <= %(as_of)s
      AND notify_due_on >= %(start)s AND notify_due_on < %(end)s AND notify_due_on < {today}
"""
REGISTERED = """
    SELECT count(*) FILTER (WHERE {registered_on} = {received_on}), count(*)
    FROM feedback_case
    WHERE {received_on} >= %(start)s AND {received_on} < %(end)s AND registered_at <= %(as_of)s
"""
SERVICE = """
    SELECT count(*) FILTER (WHERE outcome = 'ready' AND in_time), count(*)
    FROM (
        SELECT known.*, CASE WHEN ended_at IS NOT NULL THEN outcome_now END AS outcome,
               coalesce((ended_at AT TIME ZONE 'Europe/Sofia')::date <= last_day, FALSE) AS in_time
        FROM (
            SELECT application.id, application.outcome AS outcome_now,
                   CASE WHEN completed_at <= %(as_of)s THEN completed_at END AS ended_at,
                   -- The newest date that the events of then gave, else the one promised on receipt.
                   coalesce((SELECT event.due_on FROM services_applicationevent event
                             WHERE event.application_id = application.id AND event.due_on IS NOT NULL
                               AND event.at <= %(as_of)s ORDER BY event.at DESC LIMIT 1), first_due_on) AS last_day,
                   (SELECT event.kind = 'defects' FROM services_applicationevent event
                    WHERE event.application_id = application.id AND event.ground <> '' AND event.at <= %(as_of)s
                    ORDER BY event.at DESC LIMIT 1) AS stands_still
            FROM services_application application WHERE registered_at <= %(as_of)s
        ) AS known
    ) AS said
    WHERE last_day >= %(start)s AND last_day < %(end)s AND last_day < {today}
      AND NOT coalesce(stands_still, FALSE)
      AND NOT (in_time AND outcome IN ('refused', 'no_proceedings', 'withdrawn'))
"""
WAITING = """
    SELECT count(*) FILTER (WHERE waited_minutes <= 20), count(*)
    FROM (
        SELECT waited_minutes, channel, received_at, registered_at FROM feedback_case
        UNION ALL
        SELECT waited_minutes, channel, received_at, registered_at FROM services_application
    ) AS served
    WHERE channel = 'counter' AND waited_minutes IS NOT NULL AND registered_at <= %(as_of)s
      AND {received_on} >= %(start)s AND {received_on} < %(end)s
"""
ACKNOWLEDGED = """
    SELECT count(*) FILTER (WHERE EXISTS (
               SELECT FROM feedback_letter letter
               WHERE letter.case_id = feedback_case.id AND letter.kind = 'received' AND letter.sent_at <= %(as_of)s)),
           count(*)
    FROM feedback_case
    WHERE kind = 'signal' AND channel = 'email' AND registered_at <= %(as_of)s
      AND {received_on} >= %(start)s AND {received_on} < %(end)s
"""
EXTENSIONS = """
    SELECT count(*) FILTER (WHERE {sent_on} <= first_due_on), count(*)
    FROM (
        SELECT first_due_on, at, (SELECT min(sent_at) FROM feedback_letter letter
                                  WHERE letter.event_id = event.id AND letter.kind = 'extended'
                                    AND letter.sent_at <= %(as_of)s) AS sent_at
        FROM feedback_caseevent event JOIN feedback_case ON feedback_case.id = case_id
        WHERE event.kind = 'extended' AND event.ground IN ('signal', 'proposal')
    ) AS extension
    WHERE first_due_on >= %(start)s AND first_due_on < %(end)s AND first_due_on < {today} AND at <= %(as_of)s
"""
VISITS = """
    SELECT count(*) FILTER (WHERE purposes = ARRAY['apply']), count(*)
    FROM (
        SELECT application.id, application.outcome, array_agg(purpose::text) AS purposes
        FROM services_application application JOIN services_visit visit ON visit.application_id = application.id
        WHERE channel = 'counter' AND purpose IN ('apply', 'documents', 'sent_back') AND visit.at <= completed_at
          AND completed_at <= %(as_of)s AND recorded_at <= %(as_of)s
          AND {completed_on} >= %(start)s AND {completed_on} < %(end)s
        GROUP BY application.id
    ) AS served
    WHERE NOT (outcome IN ('no_proceedings', 'withdrawn') AND purposes = ARRAY['apply'])
"""
TOLD = """
    SELECT count(*) FILTER (WHERE told_on - came_on <= 7), count(*)
    FROM (
        SELECT first_due_on, {received_on} AS came_on,
               CASE WHEN due_told_at <= %(as_of)s THEN {due_told_on} END AS told_on,
               CASE WHEN completed_at <= %(as_of)s THEN {completed_on} END AS done_on
        FROM services_application
        WHERE registered_at <= %(as_of)s
    ) AS known
    WHERE came_on + 7 >= %(start)s AND came_on + 7 < %(end)s AND came_on + 7 < {today} AND first_due_on - came_on > 7
      AND (told_on IS NOT NULL OR NOT coalesce(done_on - came_on <= 7, FALSE))
"""
OBSERVED = """
    SELECT count(*) FILTER (WHERE is_kept), count(*)
    FROM charter_observation observation JOIN charter_standard standard ON standard.id = standard_id
    WHERE standard.code = '{code}' AND observation."on" >= %(start)s AND observation."on" < %(end)s
      AND recorded_at <= %(as_of)s
"""
IN_PERIOD = "{at_on} >= %(start)s AND {at_on} < %(end)s AND at <= %(as_of)s"
ORAL = """
    SELECT count(*) FILTER (WHERE result = 'answered' AND minutes <= 20), count(*)
    FROM feedback_oralenquiry
    WHERE kind = 'question' AND result <> 'asked_in_writing' AND recorded_at <= %(as_of)s
      AND {asked_on} >= %(start)s AND {asked_on} < %(end)s
"""
SOLVED = """
    SELECT count(*) FILTER (WHERE result IN ('solved', 'told_what_and_when')), count(*)
    FROM feedback_oralenquiry
    WHERE kind = 'problem' AND channel = 'counter' AND recorded_at <= %(as_of)s
      AND {asked_on} >= %(start)s AND {asked_on} < %(end)s
"""
SATISFIED = f"""
    SELECT count(*) FILTER (WHERE overall IN (4, 5)), count(overall) FROM feedback_surveyresponse WHERE {IN_PERIOD}
"""
DOCUMENTS = f"""
    SELECT count(*) FILTER (WHERE asked_known_document = 'no'),
           count(*) FILTER (WHERE asked_known_document IN ('no', 'yes'))
    FROM feedback_surveyresponse
    WHERE about IN ('application', 'counter') AND {IN_PERIOD}
"""
SEEN = (
    "after-hours",
    "centre-name-and-hours",
    "accessible-premises",
    "courteous-address",
    "staff-identification",
    "reasoned-decision",
    "document-acceptance",
    "document-handover",
)


def recount(statement: str, **words: str) -> tuple[int, int]:
    names = ("decided", "ended", "forwarded", "notified", "registered", "received", "completed", "asked", "due_told")
    days = {f"{name}_on": DAY % f"{name}_at" for name in names} | {"at_on": DAY % "at", "sent_on": DAY % "sent_at"}
    with connection.cursor() as cursor:
        text = statement.format(**days, today=DAY % "%(as_of)s", **words)
        cursor.execute(text, {"start": START, "end": END, "as_of": AS_OF})
        return cursor.fetchone()


@pytest.fixture(scope="module")
def sample(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with shared_rows(django_db_blocker):
        call_command("sample_data", cases=CASES, seed=7, until=date(2026, 11, 20), verbosity=0)
        call_command("sample_observations", seed=7, until=date(2026, 11, 20), verbosity=0)
        check_now()
        with connection.cursor() as cursor:
            # Nobody else does in a database of the tests; of many cases the planner must know how many.
            cursor.execute("ANALYZE")
        yield


def test_report_of_a_quarter_equals_an_independent_recount(sample: None) -> None:
    expected = {code: recount(DECIDED, which=which) for code, which in RECOUNT.items()} | {
        "forward": recount(FORWARDED),
        "notify": recount(NOTIFIED),
        "registered-same-day": recount(REGISTERED),
        "service-term": recount(SERVICE),
        "waiting-time": recount(WAITING),
        "email-acknowledgement": recount(ACKNOWLEDGED),
        "extension-notice": recount(EXTENSIONS),
        "oral-enquiry": recount(ORAL),
        "on-the-spot-resolution": recount(SOLVED),
        "satisfaction": recount(SATISFIED),
        "no-repeat-documents": recount(DOCUMENTS),
        "single-counter": recount(VISITS),
        "due-date-notice": recount(TOLD),
        # No 1 March lies in the third quarter.
        "annual-report": (0, 0),
        **{code: recount(OBSERVED, code=code) for code in SEEN},
    }

    report = prepare_report(period=Period.parse("2026-Q3"), as_of=AS_OF, by=None, now=AS_OF)
    files = {file.name: content_of(file) for file in report.files.all()}
    records = {record["code"]: record for record in json.loads(files["figures.json"])["figures"]}

    figures: Any = report.figures.exclude(whole=None)
    assert {figure.code: (figure.part, figure.whole) for figure in figures} == expected
    # What is frozen beside them gives every number again, also to whoever has neither our code nor our database.
    measured = {code: record for code, record in records.items() if record["whole"] is not None}
    assert measured.keys() == MEASURES.keys()
    assert differences(measured, files["cases.csv"], files["groups.csv"]) == []
    # The sample must be able to show a mistake: every figure counts something, and most have both kept and broken.
    assert [code for code, (_part, whole) in expected.items() if whole == 0] == ["annual-report"]
    assert sum(0 < part < whole for part, whole in expected.values()) >= 8


@pytest.mark.parametrize(
    "codes", [("2026-Q1", "2026-Q2", "2026-Q3"), ("2025-H2", "2026-H1")], ids=["quarters", "halves"]
)
def test_periods_of_a_trend_are_counted_together_as_alone(sample: None, codes: tuple[str, ...]) -> None:
    spans = [Period.parse(code) for code in codes]

    together = {code: told_each(measure, spans, AS_OF) for code, measure in MEASURES.items()}

    alone = {code: [told(measure, span, AS_OF) for span in spans] for code, measure in MEASURES.items()}
    numbers, expected = (
        {code: [share and (share.part, share.whole) for share in shares] for code, shares in found.items()}
        for found in (together, alone)
    )
    assert numbers == expected
    assert sum(whole > 0 for shares in expected.values() for _part, whole in shares) > len(MEASURES)
