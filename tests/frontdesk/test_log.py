"""The one page for everything that comes: what is stored of it, what is sent back, and to whom it is given."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback.choices import Kind
from feedback.models import Case
from samokov_portal.audit.models import Look
from services.models import Application, Service, Visit
from tests.factories import at
from tests.frontdesk.entering import LOG, entry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_entered_and_the_receipt_is_given(as_role: Any, staff: Any, clock: Any, kind: Kind) -> None:
    client = as_role("clerk")

    response = client.post(LOG, entry(str(kind.label), is_oral="on"))

    case = Case.objects.get()
    assert response.status_code == 200
    assert (case.kind, case.channel, case.waited_minutes, case.visit_number) == (kind, "counter", 7, 1)
    assert (case.received_at, case.registered_at, case.late_reason) == (clock, clock, "")
    # A complaint is always written.
    assert case.is_oral is (kind != Kind.COMPLAINT)
    assert case.history.get().history_user == staff["clerk"]
    assert [said for said in (case.number, response.context["code"]) if said not in response.content.decode()] == []
    assert "no-store" in response["Cache-Control"]
    assert Look.objects.get().subject == case.number


def test_an_application_is_entered_with_its_visit(as_role: Any, staff: Any, clock: Any) -> None:
    typed = entry("2052", counter="Гише 3", due_told="on", text="За дъщеря ми.", visit_number="2")

    response = as_role("clerk").post(LOG, typed)

    row = Application.objects.get()
    assert (row.service, row.applicant_name, row.text) == (
        Service.objects.get(number="2052"),
        "Мария Стоянова",
        "За дъщеря ми.",
    )
    assert (row.applicant_contact, row.waited_minutes, row.visit_number) == ("0888 123 456", 7, 2)
    assert (row.received_at, row.due_told_at, row.is_oral) == (clock, clock, False)
    assert list(Visit.objects.values_list("at", "counter", "purpose")) == [(clock, "Гише 3", "apply")]
    assert row.number in response.content.decode()
    assert Look.objects.get().subject == row.number


@pytest.mark.parametrize(
    ("channel", "expected"),
    [("counter", (7, "Гише 3", 1, False)), ("phone", (None, "", None, True)), ("post", (None, "", None, False))],
)
def test_of_the_counter_only_what_came_there(as_role: Any, clock: Any, channel: str, expected: Any) -> None:
    as_role("clerk").post(LOG, entry("2052", channel=channel, counter="Гише 3"))

    row = Application.objects.get()
    counter = "".join(row.visits.values_list("counter", flat=True))
    assert (row.waited_minutes, counter, row.visit_number, row.is_oral) == expected


@pytest.mark.parametrize(
    ("came_at", "called_at", "minutes"),
    [
        ("11:48", "11:55", 7),
        ("9.05", "0915", 10),
        ("11:55", "11:55", 0),
        ("", "11:55", None),
    ],
)
def test_the_wait_is_counted_from_the_two_hours(
    as_role: Any, clock: Any, came_at: str, called_at: str, minutes: int | None
) -> None:
    as_role("clerk").post(LOG, entry(came_at=came_at, called_at=called_at))

    assert Case.objects.get().waited_minutes == minutes


def test_without_the_hour_of_the_call_it_is_that_of_the_page(as_role: Any, clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("samokov_portal.frontdesk.forms.issued_at", lambda _token: at("2026-11-23", "09:50"))

    as_role("clerk").post(LOG, entry(called_at=""))

    assert Case.objects.get().waited_minutes == 2


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("what", {"what": ""}),
        ("what", {"what": "ск"}),
        ("what", {"what": "x" * 400}),
        ("name", {"name": ""}),
        ("name", {"name": "купи на www.example.bg"}),
        ("text", {"text": ""}),
        ("text", {"text": "я" * 10_001}),
        ("phone", {"phone": ""}),
        ("phone", {"phone": "0" * 41}),
        ("email", {"email": "мария"}),
        ("channel", {"channel": "web"}),
        ("channel", {"channel": ""}),
        ("came_at", {"came_at": "11:56"}),  # after the call
        ("came_at", {"came_at": "25:00"}),
        ("came_at", {"came_at": "01:00"}),  # ten hours
        ("visit_number", {"visit_number": "0"}),
        ("visit_number", {"visit_number": "21"}),
        ("counter", {"counter": "я" * 41}),
        ("received_at", {"received_at": "23.11.2026 12:01"}),  # in a minute
        ("received_at", {"received_at": "31.12.2024 12:00"}),
        ("received_at", {"received_at": "вчера"}),
        ("happened_on", {"happened_on": "24.11.2026"}),
        ("act_reference", {"what": "жалба срещу акт", "act_reference": ""}),
        ("nameless", {"nameless": "on"}),
        ("nameless", {"what": "запитване", "nameless": "on", "name": "", "phone": ""}),
        ("token", {"token": "чужд"}),
        ("name", {"what": "2052", "name": ""}),
        ("speed", {"what": "2052", "speed": "express"}),  # no such term is announced
        ("speed", {"what": "2052", "speed": "вчера"}),
        ("email", {"what": "2052", "email": "m@example.bg"}),  # one contact is kept
    ],
)
def test_an_entry_with_an_error_comes_back_and_nothing_is_stored(
    as_role: Any, clock: Any, field: str, changes: dict[str, str]
) -> None:
    form = entry(**changes)

    response = as_role("clerk").post(LOG, form)

    bound = response.context["form"]
    assert response.status_code == 422
    assert list(bound.errors) == [field]
    assert (bound["name"].value(), bound["text"].value()) == (form["name"], form["text"])
    assert not Case.objects.exists()
    assert not Application.objects.exists()


def test_the_summary_names_what_is_wrong_as_it_stands_on_the_page(as_role: Any, clock: Any) -> None:
    wrong = {"received_at": "вчера", "came_at": "25:00", "text": "", "name": "", "visit_number": "0"}

    page = as_role("clerk").post(LOG, entry(**wrong)).content.decode()

    summary, form = page.split('class="entry"')
    named = re.findall(r'href="#id_(\w+)"', summary)
    assert named == sorted(named, key=lambda name: form.index(f'name="{name}"'))
    assert set(named) == wrong.keys()
    assert "Напишете деня и часа така: 23.11.2026 14:05." in summary
    assert "Напишете часа така: 9:48." in summary


def test_what_is_told_by_two_letters_is_asked_back_and_answered(as_role: Any, clock: Any) -> None:
    client, typed = as_role("clerk"), entry("пр")

    asked = client.post(LOG, typed).content.decode()
    client.post(LOG, {**typed, "what_meant": "предложение"})

    assert 'name="what_meant" value="предложение"' in " ".join(asked.split())
    assert Case.objects.get().kind == "proposal"


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("Лампа", "Не свети.", "Лампа"),
        ("", " Не свети лампата.\nОт седмица.", "Не свети лампата"),
        ("", "дълга " * 30, "дълга " * 18 + "дълга…"),
        ("", "я" * 200, "я" * 120),
    ],
)
def test_what_it_is_about_is_taken_from_the_text(
    as_role: Any, clock: Any, subject: str, text: str, expected: str
) -> None:
    as_role("clerk").post(LOG, entry(subject=subject, text=text))

    assert Case.objects.get().subject == expected


def test_of_each_kind_only_what_it_asks_for_is_stored(as_role: Any, clock: Any) -> None:
    more = {"place": "до моста", "act_reference": "Заповед № 12", "happened_on": "20.11.2026"}

    as_role("clerk").post(LOG, entry("запитване", **more))

    case = Case.objects.get()
    assert (case.place, case.act_reference, case.happened_on) == ("", "", None)


@pytest.mark.parametrize("what", ["сигнал", "предложение"])
def test_what_is_anonymous_is_registered_and_what_follows_is_said_before_the_field(
    as_role: Any, clock: Any, what: str
) -> None:
    client = as_role("clerk")

    text = client.get(LOG).content.decode()
    response = client.post(LOG, entry(what, nameless="on", name="", phone=""))

    case = Case.objects.get()
    assert response.status_code == 200
    assert (case.is_anonymous, case.status, case.letters.count()) == (True, "registered", 0)
    assert text.index("АПК, чл. 111, ал. 4") < text.index('name="nameless"')


def test_a_file_is_kept_with_a_case_and_refused_with_an_application(as_role: Any, clock: Any) -> None:
    client = as_role("clerk")
    photo, other = [SimpleUploadedFile(f"{name}.txt", name.encode()) for name in ("снимка", "писмо")]

    client.post(LOG, entry(attachments=[photo]))
    refused = client.post(LOG, entry("2052", attachments=[other]))

    assert [row.name for row in Case.objects.get().attachments.all()] == ["снимка.txt"]
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["attachments"])
    assert not Application.objects.exists()


@pytest.mark.parametrize("what", ["сигнал", "2052"])
def test_a_second_press_enters_one(as_role: Any, clock: Any, monkeypatch: Any, what: str) -> None:
    client, form = as_role("clerk"), entry(what)

    first = client.post(LOG, form)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("2026-11-23", "10:02"))
    second = client.post(LOG, form)

    assert first.context["row"] == second.context["row"]
    assert (Case.objects.count() + Application.objects.count(), Visit.objects.count()) == (1, int(what == "2052"))
    assert first.context.get("code") == second.context.get("code")


@pytest.mark.parametrize("changes", [{"text": "Друго."}, {"received_at": "23.11.2026 11:50"}, {"name": "Друг Човек"}])
@pytest.mark.parametrize("what", ["сигнал", "2052"])
def test_a_changed_form_that_was_sent_already_is_a_conflict(
    as_role: Any, clock: Any, what: str, changes: dict[str, str]
) -> None:
    client, form = as_role("clerk"), entry(what)
    row = client.post(LOG, form).context["row"]

    response = client.post(LOG, {**form, **changes})

    assert response.status_code == 409
    assert response.context["used"] == row
    assert row.number in response.content.decode()


@pytest.mark.parametrize(("what", "whose"), [("сигнал", "подателя"), ("2052", "заявителя")])
def test_the_code_is_said_to_be_of_whoever_came(as_role: Any, clock: Any, what: str, whose: str) -> None:
    page = " ".join(as_role("clerk").post(LOG, entry(what)).content.decode().split())

    assert f"<h2> Код за достъп на {whose} </h2>" in page


# Entered late


@pytest.mark.parametrize(
    ("role", "received_at", "reason", "errors"),
    [
        ("clerk", "20.11.2026 10:00", "нямаше ток", []),
        ("clerk", "20.11.2026 10:00", "", ["late_reason"]),
        ("clerk", "23.11.2026 10:59", "", ["late_reason"]),
        ("clerk", "19.11.2026 10:00", "нямаше ток", ["received_at"]),
        ("clerk", "20.11.2026 10:00", "я" * 201, ["late_reason"]),
        ("secretary", "19.11.2026 10:00", "", ["late_reason"]),
        ("secretary", "19.11.2026 10:00", "нямаше ток", []),
    ],
)
@pytest.mark.parametrize("what", ["сигнал", "2052"])
def test_what_is_entered_late_needs_a_reason_and_of_older_days_the_secretary(
    as_role: Any, clock: Any, what: str, role: str, received_at: str, reason: str, errors: list[str]
) -> None:
    response = as_role(role).post(LOG, entry(what, received_at=received_at, late_reason=reason))

    stored = [*Case.objects.all(), *Application.objects.all()]
    assert response.status_code == (422 if errors else 200)
    assert list(response.context["form"].errors if errors else []) == errors
    assert [row.late_reason for row in stored] == ([] if errors else [reason])


def test_what_was_entered_late_is_due_from_the_day_it_came_and_marked(as_role: Any, clock: Any) -> None:
    client = as_role("clerk")
    client.post(LOG, entry("запитване", channel="post", received_at="20.11.2026 10:00", late_reason="от пощата"))

    case = Case.objects.get()
    text = client.get(case.get_absolute_url()).content.decode()

    assert case.due_on == date(2026, 12, 1)  # Friday + 7 working days = Tuesday
    assert ("въведено със закъснение" in text, "от пощата" in text) == (True, True)


# The page


def test_the_page_offers_what_is_usual(as_role: Any, clock: Any) -> None:
    form = as_role("clerk").get(LOG).context["form"]

    usual = {name: form[name].value() for name in ("what", "channel", "called_at", "visit_number", "received_at")}
    assert usual == {"what": "", "channel": "counter", "called_at": "12:00", "visit_number": 1, "received_at": None}


def test_the_counter_is_offered_again_and_to_nobody_else(as_role: Any, clock: Any) -> None:
    client = as_role("clerk")
    client.post(LOG, entry(counter="Гише 1"))
    client.post(LOG, entry(counter=""))

    assert client.get(LOG).context["form"]["counter"].value() == "Гише 1"
    assert as_role("secretary").get(LOG).context["form"]["counter"].value() == ""


def test_the_letters_of_a_day_follow_each_other(as_role: Any, clock: Any) -> None:
    client = as_role("clerk")
    text = client.post(LOG, entry(channel="post")).content.decode()

    assert f'href="{LOG}?channel=post"' in text
    assert client.get(LOG, {"channel": "post"}).context["form"]["channel"].value() == "post"


@pytest.mark.parametrize(
    ("address", "code"), [(f"{LOG}signal/", "signal"), (f"{LOG}?what=2052", "service"), (f"{LOG}?what=%00", "")]
)
def test_what_comes_may_be_chosen_by_a_link(as_role: Any, clock: Any, address: str, code: str) -> None:
    form = as_role("clerk").get(address).context["form"]

    said = {"signal": "сигнал", "service": str(Service.objects.get(number="2052")), "": ""}[code]
    assert (form["what"].value(), form.code) == (said, code)
    # Where it is known what comes, the next key is of the name.
    assert bool(form.fields["name"].widget.attrs.get("autofocus")) is bool(said)


@pytest.mark.parametrize("kind", ["other", "signal%00", "Signal"])
def test_a_kind_that_is_not_there_is_not_found(as_role: Any, kind: str) -> None:
    assert as_role("clerk").get(f"{LOG}{kind}/").status_code == 404


def test_the_page_names_its_keys(as_role: Any) -> None:
    text = as_role("clerk").get(LOG).content.decode()

    assert [key for key in "0123456789" if f'accesskey="{key}"' not in text or f"<kbd>{key}</kbd>" not in text] == []


def test_the_page_takes_few_queries(as_role: Any, clock: Any, django_assert_max_num_queries: Any) -> None:
    client = as_role("clerk")
    client.get(LOG)

    with django_assert_max_num_queries(14):
        client.get(LOG)
