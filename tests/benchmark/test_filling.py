"""The database of a benchmark is large, always the same, and as whole as one that was lived through."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from charter.measurement import MEASURES, Period
from feedback.actions.register import register_case
from feedback.choices import Kind
from feedback.models import Case, CaseEvent, Letter
from feedback.samples import make_cases, names
from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.benchmark.filling import TABLES, fill
from samokov_portal.keys import known_keys, make_key
from samokov_portal.office.choices import Channel
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.office.samples import Chance
from services.models import Application, ApplicationEvent, Settlement, Visit
from services.samples import make_applications
from tests.factories import at

pytestmark = pytest.mark.django_db(transaction=True)

LIVES = 12
UNTIL = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


@pytest.fixture
def lives(settings: Any, tmp_path: Path) -> str:
    """Twelve lived cases; the address by which a superuser reaches them."""
    settings.REPORT_KEY_FILE = tmp_path / "report.key"
    make_key(settings.REPORT_KEY_FILE)
    chance = Chance(1, WorkingDayOverride.objects.all().calendar())
    with transaction.atomic():
        days = [date(2026, 3, 1 + day) for day in range(LIVES)]
        make_cases(chance, days=days, until=UNTIL)
        make_applications(chance, days=days, names=names(), until=UNTIL)
    return make_conninfo(os.environ["DATABASE_URL"], user="postgres", dbname=connection.settings_dict["NAME"])


REFERENCES = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND conrelid = ANY (%s::regclass[])
"""


def indexes() -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = ANY (%s) ORDER BY 1", [list(TABLES)])
        return list(cursor.fetchall())


def tables() -> dict[str, int]:
    models = (
        *(Case, Case.history.model, CaseEvent, Letter, Letter.history.model),
        *(Application, Application.history.model, ApplicationEvent, Visit, Visit.history.model),
    )
    return {model._meta.db_table: model._default_manager.count() for model in models}


def test_everything_that_belongs_to_a_case_is_copied_with_it(lives: str) -> None:
    before = tables()

    written = fill(lives, 5 * LIVES)

    assert tables() == {table: 5 * count for table, count in before.items()}
    assert written == 4 * sum(before.values())
    assert Case.objects.values("number").distinct().count() == 5 * LIVES
    for case in Case.objects.all():
        assert {version.number for version in case.history.all()} == {case.number}
        assert case.events.count() == case.history.count()


def test_the_copies_are_as_whole_as_the_lives_and_say_the_same(lives: str) -> None:
    year, measures = Period.parse("2026"), [MEASURES[code] for code in ("signal-decision", "service-term", "notify")]
    figures, indexed = [measure(year, UNTIL) for measure in measures], indexes()
    subjects = list(Case.objects.order_by("pk").values_list("subject", flat=True))

    fill(lives, 4 * LIVES)

    copies = [subject for subject in subjects for _copy in range(3)]
    assert list(Case.objects.order_by("pk").values_list("subject", flat=True)) == subjects + copies
    assert indexes() == indexed
    again = [measure(year, UNTIL) for measure in measures]
    assert [(share.part, share.whole) for share in again] == [(4 * share.part, 4 * share.whole) for share in figures]
    assert all(share.whole for share in figures)
    # What was written past the references is checked now, as if it had been written through them.
    with psycopg.connect(lives) as administrator:
        references = administrator.execute(REFERENCES, [list(TABLES)]).fetchall()
        for table, name, definition in references:
            administrator.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            administrator.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        administrator.rollback()
    assert len(references) > 20


def test_the_copies_are_sealed_and_found_as_they_were(lives: str, settings: Any) -> None:
    fill(lives, 3 * LIVES)

    seal = seal_with_our_key(at("2026-11-24"))

    assert seal is not None
    covered = {table["table"]: table["count"] for table in seal.tables}
    assert covered["feedback_historicalcase"] == Case.history.count()
    found = check_history(known_keys(settings.REPORT_KEY_FILE))
    assert [one for one in found if isinstance(one, Finding)] == []


def test_the_portal_goes_on_from_the_copies(lives: str) -> None:
    fill(lives, 3 * LIVES)
    values = {
        "kind": Kind.SIGNAL,
        "channel": Channel.WEB,
        "subject": "Не свети лампа",
        "text": "От седмица не светят лампите.",
        "name": "Мария Стоянова",
        "email": "maria@example.bg",
        "settlement": Settlement.objects.in_order().first(),
    }

    filed = register_case(nonce="x", values=values, received_at=UNTIL, registered_at=UNTIL)

    assert filed.case.pk == Case.objects.latest("pk").pk
    assert Case.objects.filter(number=filed.case.number).count() == 1


def test_what_is_there_is_enough_for_less(lives: str) -> None:
    assert fill(lives, LIVES + 1) == 0
    assert Case.objects.count() == LIVES
