"""The page on which people find the seals, and the seal that the worker sets when a report is published."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test import Client
from psycopg.conninfo import make_conninfo

from charter.measurement import Period
from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.models import Seal
from samokov_portal.audit.seals import seal_history
from samokov_portal.keys import key_id, known_keys, make_key, private_key
from samokov_portal.launcher.options import ROOT
from tests.charter.staged import publish
from tests.factories import CaseFactory, at

KEY = Ed25519PrivateKey.generate()
NOW = at("2026-11-24", "10:00")


def sealed() -> Seal:
    CaseFactory()
    connection.check_constraints()
    seal = seal_history(KEY, NOW)
    assert seal is not None
    return seal


@pytest.mark.django_db
def test_the_page_shows_the_newest_seal_and_those_before(client: Client, django_assert_num_queries: Any) -> None:
    first, second = sealed(), sealed()

    page = client.get("/seals/").content.decode()

    assert page.index(second.digest) < page.index("Как да проверите") < page.index(first.digest)
    assert key_id(KEY.public_key()) in page
    assert f"{second.covers}" in page.split("Нови записи в него")[1].split("</dd>")[0]
    assert 'href="/api/v1/seals/"' in page
    assert 'href="/reports/keys/"' in page
    client.get("/seals/")
    with django_assert_num_queries(4):  # three are of the frame of every page
        client.get("/seals/")


@pytest.mark.django_db
def test_without_a_seal_the_page_says_so(client: Client) -> None:
    page = client.get("/seals/").content.decode()

    assert "Още няма поставен печат." in page
    assert "Последният печат" not in page
    assert "Предишни печати" not in page


@pytest.mark.django_db
def test_every_page_leads_to_the_seals(client: Client) -> None:
    assert 'href="/seals/"' in client.get("/").content.decode()


@pytest.mark.django_db
def test_the_seals_are_only_read(client: Client) -> None:
    assert client.post("/seals/").status_code == 405


def work_once(key_file: Path) -> None:
    """What the worker does with the jobs that wait now, in a process of its own as in the portal."""
    database = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    subprocess.run(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database, "REPORT_KEY_FILE": str(key_file)},
        check=True,
        timeout=120,
        capture_output=True,
    )


@pytest.mark.django_db(transaction=True)
def test_the_worker_seals_what_was_published(tmp_path: Path, settings: Any, staff: Any, client: Client) -> None:
    settings.REPORT_KEY_FILE = tmp_path / "keys" / "report.key"
    make_key(settings.REPORT_KEY_FILE)
    key = private_key(settings.REPORT_KEY_FILE)
    assert key is not None
    before = seal_history(key, NOW)
    assert before is not None
    report = publish(Period.parse("2026-Q3"), NOW, staff)

    work_once(settings.REPORT_KEY_FILE)

    seal = Seal.objects.latest("number")
    counts = {table["table"]: table["count"] for table in seal.tables if table["count"]}
    assert seal.number == before.number + 1
    assert counts["charter_reportstep"] == report.steps.count()
    assert [found for found in check_history(known_keys(settings.REPORT_KEY_FILE)) if isinstance(found, Finding)] == []
    page = client.get(report.get_absolute_url()).content.decode()
    assert before.digest in page
    assert 'href="/seals/"' in page
