"""The floor does what it says: bare Django on the portal's tables, and filings that the guards accept."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.db import connection
from django.urls import Resolver404, resolve
from psycopg.conninfo import make_conninfo

from feedback.actions.register import register_case
from feedback.choices import Kind
from feedback.models import Case, Letter
from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.keys import known_keys, make_key
from samokov_portal.office.choices import Channel
from services.models import Settlement

pytestmark = pytest.mark.django_db(transaction=True)
ASK = """
from samokov_portal.benchmark.floor.wsgi import application
from django.test import Client
client = Client(headers={"host": "127.0.0.1"})
form = {"subject": "Не свети лампа", "text": "От седмица.", "name": "Мария Стоянова", "email": "maria@example.bg"}
answers = [client.get("/page/"), client.get("/rows/"), client.post("/file/", form), client.post("/file/", form)]
print(*(answer.status_code for answer in answers))
print(answers[0].content.decode().count("<li>"), answers[1].content.decode().count("<tr>"))
"""


def test_the_floor_reads_twenty_rows_and_fifty_and_files_what_the_guards_accept(
    now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.REPORT_KEY_FILE = tmp_path / "report.key"
    make_key(settings.REPORT_KEY_FILE)
    values = {
        "kind": Kind.SIGNAL,
        "channel": Channel.WEB,
        "subject": "Не свети лампа",
        "text": "От седмица не светят лампите.",
        "name": "Мария Стоянова",
        "email": "maria@example.bg",
        "settlement": Settlement.objects.in_order().first(),
    }
    register_case(nonce="x", values=values, received_at=now, registered_at=now)
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])

    said = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": ""},
        cwd=portal.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.split()

    assert said == ["200", "200", "200", "200", "20", "1"]
    assert Case.objects.count() == 3
    assert Letter.objects.count() == 3
    seal_with_our_key(now)
    found = check_history(known_keys(settings.REPORT_KEY_FILE))
    assert [one for one in found if isinstance(one, Finding)] == []


@pytest.mark.parametrize("path", ["/page/", "/rows/", "/file/"])
def test_no_address_of_the_floor_is_one_of_the_portal(path: str) -> None:
    with pytest.raises(Resolver404):
        resolve(path)
