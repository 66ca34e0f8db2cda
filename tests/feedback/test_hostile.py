"""What an attacker or an accident sends: no more is kept than was agreed, and protection is not lifted by omission."""

from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPSenderRefused
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from feedback.actions.refusals import TooOften
from feedback.actions.sender import ADDITIONS_A_DAY, add_information
from feedback.clock import explain
from feedback.mail import Came, failure_of
from feedback.models import Attachment, Case
from samokov_portal.office.once import new_form_token
from services.models import Unit
from tests.factories import CaseFactory, at, filing

pytestmark = pytest.mark.django_db
NEW = "/feedback/new/signal/"


def test_a_name_is_one_line_whatever_is_sent(client: Client) -> None:
    client.post(NEW, filing("signal", token=new_form_token(), name="Мария\r\n\r\n Стоянова"))

    assert Case.objects.get().name == "Мария Стоянова"


@pytest.mark.parametrize("name", ["https://evil.example/a", "Влезте в WWW.evil.example"])
def test_a_name_that_is_an_address_of_a_page_is_refused(client: Client, name: str) -> None:
    answer = client.post(NEW, filing("signal", token=new_form_token(), name=name))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])
    assert not Case.objects.exists()


def test_presses_of_one_form_find_room_for_as_many_files_as_one_press(
    client: Client, settings: Any, own_shelf: Path
) -> None:
    settings.ATTACHMENTS_MAX = 2
    form = {**filing("signal"), "token": new_form_token(), "subject": ""}

    for press in range(3):
        files = [SimpleUploadedFile(f"{press}{place}.txt", f"{press} {place}".encode()) for place in range(2)]
        client.post(NEW, {**form, "attachments": files})

    assert Attachment.objects.count() == 2


def test_a_case_takes_so_many_additions_a_day_and_more_the_next_day(now: datetime) -> None:
    case = CaseFactory(received_at=now - timedelta(days=2), first_due_on=(now + timedelta(days=60)).date())
    for place in range(ADDITIONS_A_DAY):
        add_information(case_id=case.pk, text=f"Още {place}", now=now)

    with pytest.raises(TooOften):
        add_information(case_id=case.pk, text="И още", now=now)

    add_information(case_id=case.pk, text="И още", now=now + timedelta(days=1, seconds=1))
    assert case.events.count() == ADDITIONS_A_DAY + 1


def test_who_a_case_is_against_is_changed_by_choosing_only(as_role: Any, staff: Any) -> None:
    case = CaseFactory(complained_of=staff["clerk"])
    unit = Unit.objects.get(code="hdettos")
    secretary = as_role("secretary")

    left_out = secretary.post(f"/desk/cases/{case.number}/assign/", {"assign-unit": unit.pk})
    case.refresh_from_db()
    kept = case.complained_of
    chosen = {"assign-unit": unit.pk, "assign-complained_of": "", "assign-seen": case.last_event_id()}
    secretary.post(f"/desk/cases/{case.number}/assign/", chosen)

    case.refresh_from_db()
    newest = case.history.order_by("-history_id").first()
    assert (left_out.status_code, kept, case.complained_of) == (302, staff["clerk"], None)
    assert "срещу: clerk → никого" in newest.history_change_reason


def test_a_letter_larger_than_the_mail_server_takes_is_given_up_and_another_refusal_is_not() -> None:
    too_large = failure_of(SMTPSenderRefused(552, b"5.3.4 too big", "portal@example.bg"))
    not_us = failure_of(SMTPSenderRefused(530, b"5.7.0 log in first", "portal@example.bg"))

    assert (too_large.came, not_us.came) == (Came.GIVEN_UP, Came.UNREACHABLE)


def test_events_that_contradict_each_other_hide_the_count_and_not_the_case() -> None:
    case = CaseFactory()
    case.events.create(kind="registered", at=case.registered_at)
    # No law lets a signal wait for its sender.
    case.events.create(kind="asked", at=at("2026-03-03"), ground="information-unclear")

    assert explain(case) is None


def test_the_receipt_of_an_anonymous_signal_promises_no_answer(as_role: Any, clock: Any) -> None:
    typed = filing("signal", name="", email="", token=new_form_token(), nameless="on", channel="phone")

    answer = as_role("clerk").post("/desk/log/signal/", {**typed, "received_at": "23.11.2026 11:55"})

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "няма да има отговор" in shown
    assert "Срок за отговор" not in shown
