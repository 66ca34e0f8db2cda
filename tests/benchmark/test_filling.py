"""The database of a benchmark is large, always the same, and as whole as one that was lived through."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from feedback.actions.register import register_case
from feedback.choices import Kind
from feedback.models import Case, CaseEvent, Letter
from feedback.samples import make_cases
from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.benchmark.filling import fill
from samokov_portal.benchmark.lines import Result
from samokov_portal.keys import known_keys, make_key
from samokov_portal.office.choices import Channel
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.office.samples import Chance
from services.models import Settlement
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
        make_cases(chance, days=[date(2026, 3, 1 + day) for day in range(LIVES)], until=UNTIL)
    return make_conninfo(os.environ["DATABASE_URL"], user="postgres", dbname=connection.settings_dict["NAME"])


def tables() -> dict[str, int]:
    models = (Case, Case.history.model, CaseEvent, Letter, Letter.history.model)
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


def test_a_line_says_its_ratio_and_whether_its_bar_holds() -> None:
    line = Result("filing", "ms", 12.0, 10.0, "без пазачи", "<= 1.3 times", holds=True, more={"p95": 14})

    assert line.ratio == 1.2
    assert line.as_json()["ratio"] == 1.2
    assert "1.20" in str(line)
    assert "holds" in str(line)
    assert "FAILS" in str(Result("filing", "ms", 14.0, 10.0, "без пазачи", "<= 1.3 times", holds=False))
