"""The desk in a browser: from a letter to a figure of the charter, from a late case to a report, one application."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from psycopg.conninfo import make_conninfo

from charter.measurement import Period
from charter.models import Report
from feedback.choices import Kind
from feedback.models import Case
from services.models import Application
from tests.browser.inspection import read_receipt
from tests.browser.stories import file_case, give_answer, real_now
from tests.charter.staged import explained
from tests.conftest import PASSWORD
from tests.feedback.life_stories import body, walk

ENQUIRIES = "Отговор на писмено запитване"
ANSWER = "Да, в събота от 9 до 12 часа."


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


def log_in_by_hand(page: Page, role: str) -> None:
    page.goto("/desk/login/")
    page.get_by_label(re.compile("потребител", re.IGNORECASE)).fill(role)
    page.get_by_label("Парола").fill(PASSWORD)
    page.get_by_role("button", name="Влезте").click()
    expect(page.get_by_role("button", name="Изход")).to_be_visible()


def open_change(page: Page, title: str) -> Locator:
    """The opened form of a change of a case."""
    change = page.locator("details", has=page.locator("summary", has_text=title))
    change.locator("summary").click()
    return change


def figure(page: Page, standard: str) -> str:
    """What the table on the page says of a standard, such as „1 от 2: неспазен“."""
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader").filter(has_text=standard))
    counted = re.search(r"\d+ от \d+", row.locator("[data-label=Резултат]").inner_text())
    verdict = re.sub(r"[^а-я ]", "", row.locator("[data-label=Оценка]").inner_text()).strip()
    return f"{counted[0] if counted else 'нищо'}: {verdict}"


def live_figure(page: Page, standard: str, period: Period) -> str:
    page.goto(f"/charter/standards/?from={period.start}&to={period.last_day}")
    return figure(page, standard)


def test_a_letter_becomes_a_figure_of_the_charter(
    page: Page, staff: dict[str, Any], open_page: Callable[..., Page]
) -> None:
    log_in_by_hand(page, "clerk")
    page.get_by_role("link", name="Регистрирайте, каквото постъпи").click()
    page.locator("[name=what]").fill("запитване")
    page.get_by_label("по имейл").check()
    page.get_by_label("Име и фамилия").fill("Иван Петров")
    page.get_by_label("Какво казва или иска").fill("Работи ли музеят в събота?")
    page.get_by_text("Още за човека и за случая").click()
    page.locator("[name=email]").fill("ivan@example.bg")
    page.get_by_role("button", name="Регистрирайте").click()
    _number, code = read_receipt(page)
    case = Case.objects.get()
    due_on = case.due_on
    assert due_on is not None

    page.get_by_role("link", name=f"Отворете {case.number}").click()
    assign = open_change(page, "Възложете на звено")
    assign.get_by_label("Звено", exact=True).select_option(index=1)
    assign.get_by_role("button").click()
    expect(page.get_by_role("status")).to_have_text("Преписката е възложена.")
    assert live_figure(page, ENQUIRIES, Period.quarter_of(due_on)) == "нищо: няма данни"

    page.goto(f"/desk/cases/{case.number}/")
    answer = open_change(page, "Дайте решение или отговор")
    answer.get_by_label("Решение или отговор с мотивите").fill(ANSWER)
    answer.get_by_role("button", name="Запишете решението").click()
    expect(page.get_by_role("status")).to_contain_text("Отговорът е записан")
    # What is answered early counts once its last day is past.
    assert live_figure(page, ENQUIRIES, Period.quarter_of(due_on)) == "нищо: няма данни"

    page.goto(f"/desk/cases/{case.number}/")
    notify = open_change(page, "Отбележете, че подателят е уведомен")
    notify.get_by_label("Как е уведомен подателят").fill("лично, на гише")
    notify.get_by_role("button").click()
    expect(page.get_by_role("status")).to_have_text("Уведомяването е отбелязано.")
    open_change(page, "Приключете преписката").get_by_role("button").click()
    expect(page.get_by_role("status")).to_have_text("Преписката е приключена.")

    citizen = open_page(width=360, java_script_enabled=False)
    citizen.goto("/feedback/track/")
    citizen.get_by_label("Регистрационен номер").fill(case.number)
    citizen.get_by_label("Код за достъп").fill(code.lower())
    citizen.get_by_role("button", name="Покажете преписката").click()
    expect(citizen.locator("main")).to_contain_text("Преписката е приключена.")
    expect(citizen.locator("main")).to_contain_text(ANSWER)


def press_until(page: Page, focused: str, key: str = "Tab", most: int = 80) -> None:
    """Press `key` until what `focused` selects has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.locator(f"{focused}:focus").count():
            return
    raise AssertionError(f"{focused} was not reached")


def test_a_case_is_asked_about_and_answered_by_keyboard_alone_without_javascript(
    staff: dict[str, Any], open_page: Callable[..., Page], log_in: Callable[[Page, str], Page]
) -> None:
    case = walk(file_case(Kind.SIGNAL, real_now() - timedelta(days=2)), ("assign",), staff)
    page = log_in(open_page(width=360, java_script_enabled=False), "expert")
    page.goto("/desk/")
    press_until(page, "main tbody a")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text(case.number)

    # The answer stands open for the unit; the question is opened first.
    press_until(page, "#id_answer-answer")
    press_until(page, "summary")
    page.keyboard.press("Enter")
    press_until(page, "#id_ask-question")
    page.keyboard.type("На кой стълб?")
    press_until(page, "form[action*='/ask/'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Въпросът е зададен.")
    expect(page.locator("main")).to_contain_text("Още няма отговор.")

    press_until(page, "details.change > summary")
    page.keyboard.press("Enter")
    press_until(page, "#id_record_reply-text")
    page.keyboard.type("На третия.")
    press_until(page, "form[action*='/record-reply/'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Отговорът на подателя е записан.")

    press_until(page, "#id_answer-outcome_0")
    page.keyboard.press("Space")
    press_until(page, "#id_answer-answer")
    page.keyboard.type(ANSWER)
    press_until(page, "form[action*='/answer/'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Отговорът е записан")
    case.refresh_from_db()
    assert (case.status, case.outcome, case.answer) == ("decided", "upheld", ANSWER)
    assert list(case.questions.values_list("text", "reply")) == [("На кой стълб?", "На третия.")]


def test_two_bodies_are_chosen_and_nothing_reads_as_forwarded_before_it_has_left(
    page: Page, staff: dict[str, Any]
) -> None:
    body("Басейнова дирекция", email="basin@example.bg")
    case = file_case(Kind.SIGNAL, real_now() - timedelta(days=2))
    log_in_by_hand(page, "clerk")
    page.goto(f"/desk/cases/{case.number}/")

    forward = open_change(page, "Препратете на друг орган")
    forward.get_by_label("Басейнова дирекция").check()
    forward.get_by_label(re.compile("^Прокуратура – на хартия")).check()
    forward.get_by_label("Защо се препраща").fill("Водите са от тяхната компетентност.")
    forward.get_by_role("button").click()

    expect(page.get_by_role("status")).to_contain_text("Писмото до органа чака изпращане")
    expect(page.locator("main .tag").first).to_have_text("препраща се")
    expect(page.locator("main")).to_contain_text("Писмата още не са тръгнали всички")
    expect(page.locator("#changes")).to_have_count(0)


def test_a_letter_without_a_name_is_registered_and_ended_with_its_article(page: Page, staff: dict[str, Any]) -> None:
    log_in_by_hand(page, "clerk")
    page.goto("/desk/log/signal/")
    page.get_by_label("по пощата").check()
    page.get_by_label("Какво казва или иска").fill("Изхвърлят боклук до моста.")
    page.get_by_text("Още за човека и за случая").click()
    expect(page.locator("main")).to_contain_text("не се образува производство")
    page.get_by_label("Не иска да се назове").check()
    page.get_by_role("button", name="Регистрирайте").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Сигналът е регистриран")
    case = Case.objects.get()

    page.goto(f"/desk/cases/{case.number}/")
    expect(page.locator("main")).to_contain_text("решение не се дава (АПК, чл. 111, ал. 4)")
    expect(page.get_by_text("Дайте решение или отговор")).to_have_count(0)
    end = open_change(page, "Приключете без производство")
    end.get_by_label(re.compile("^подателят не е посочил име")).check()
    end.get_by_label("Пояснение").fill("Писмото е без подпис и адрес.")
    end.get_by_role("button").click()

    expect(page.get_by_role("status")).to_have_text("Преписката е приключена без производство.")
    expect(page.locator("main .tag").first).to_have_text("без производство")


def run_worker_once() -> None:
    """What the worker does with the jobs that wait now, in a process of its own as in the portal."""
    database = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    subprocess.run(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database},
        check=True,
        timeout=120,
        capture_output=True,
    )


def test_a_late_case_is_told_by_the_published_report(
    page: Page, staff: dict[str, Any], open_page: Callable[..., Page]
) -> None:
    now = real_now()
    period = Period.quarter_of(timezone.localdate(now)).previous_quarter()
    # Seven working days after the tenth day of a quarter are long before its end.
    received_at = period.span[0] + timedelta(days=10, hours=12)
    file_case(Kind.ENQUIRY, received_at)
    give_answer(file_case(Kind.ENQUIRY, received_at), staff["clerk"], received_at + timedelta(days=1))

    log_in_by_hand(page, "secretary")
    page.get_by_role("link", name="Подготовка на доклади").click()
    page.get_by_label("Период").fill(period.code)
    page.get_by_role("button", name="Изгответе доклада").click()
    expect(page.get_by_role("status")).to_contain_text("е поръчан")
    run_worker_once()
    report = Report.objects.get()
    assert report.history.latest().history_origin.startswith("task charter.render_report_pdf ")
    explained(report, staff["secretary"], real_now())
    page.goto(f"/desk/reports/{report.pk}/")
    page.get_by_role("button", name="Предайте за одобрение").click()
    expect(page.locator("main")).to_contain_text("Вие сте изготвили или предали този доклад.")
    expect(page.get_by_role("button", name="Одобрете доклада")).to_have_count(0)

    mayor = open_page()
    log_in_by_hand(mayor, "mayor")
    mayor.goto(f"/desk/reports/{report.pk}/")
    mayor.get_by_role("button", name="Одобрете доклада").click()
    expect(mayor.get_by_role("status")).to_contain_text("Докладът е одобрен.")
    run_worker_once()
    mayor.goto(f"/desk/reports/{report.pk}/")
    mayor.get_by_role("button", name="Публикувайте доклада").click()
    expect(mayor.get_by_role("status")).to_have_text("Докладът е публикуван.")

    citizen = open_page(width=360)
    citizen.goto("/")
    citizen.get_by_role("link", name="Доклад за").click()
    expect(citizen).to_have_url(re.compile(rf"/reports/{period.code}/$"))
    said = figure(citizen, ENQUIRIES)
    pdf = citizen.context.request.get(citizen.get_by_role("link", name="PDF").get_attribute("href") or "")
    assert said == "1 от 2: неспазен"
    assert live_figure(citizen, ENQUIRIES, period) == said
    assert pdf.status == 200
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF-")

    citizen.goto("/reports/verify/")
    citizen.get_by_label("Файл в PDF").set_input_files(
        {"name": "доклад.pdf", "mimeType": "application/pdf", "buffer": pdf.body()}
    )
    citizen.get_by_role("button", name="Проверете файла").click()
    expect(citizen.get_by_role("status")).to_contain_text("Файлът е наш и е непроменен")


def test_a_service_is_asked_for_prepared_and_handed_over(page: Page, staff: dict[str, Any]) -> None:
    log_in_by_hand(page, "clerk")
    page.get_by_role("link", name="Регистрирайте, каквото постъпи").click()
    page.get_by_role("combobox", name="Какво постъпва").fill("2016")
    page.get_by_role("combobox", name="Име и фамилия").fill("Иван Петров")
    page.get_by_label("Дойде в").fill("9:00")
    page.get_by_label("Повикан в").fill("9:04")
    page.get_by_role("button", name="Регистрирайте", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Заявлението е регистрирано")
    row = Application.objects.get()
    page.get_by_role("link", name=f"Отворете {row.number}").click()

    page.get_by_text("Документът е готов").first.click()
    page.get_by_role("button", name="Готов е").click()
    expect(page.get_by_role("status")).to_have_text("Отбелязано е, че документът е готов.")

    page.get_by_text("Предайте документа").click()
    page.get_by_role("button", name="Отбележете, че е получен").click()
    expect(page.get_by_role("status")).to_have_text("Отбелязано е, че документът е получен.")
    expect(page.locator("main .tag")).to_have_text("документът е получен")
    row.refresh_from_db()
    assert row.outcome == "ready"
    assert row.handed_over_at is not None
    # Of a day alone nothing is told: its month has fewer than five records.
    quarter = Period.quarter_of(timezone.localtime(row.received_at).date())
    assert live_figure(page, "Чакане на гише", quarter) == "1 от 1: спазен"
    assert live_figure(page, "Едно гише за една услуга", quarter) == "1 от 1: спазен"


def test_a_told_date_and_a_second_visit_are_recorded_by_keyboard_alone_without_javascript(
    staff: dict[str, Any], open_page: Callable[..., Page], log_in: Callable[[Page, str], Page]
) -> None:
    page = log_in(open_page(width=360, java_script_enabled=False), "clerk")
    page.goto("/desk/log/")
    expect(page.locator("[name=what]")).to_be_focused()
    page.keyboard.type("2052")
    press_until(page, "[name=name]")
    page.keyboard.type("Иван Петров")
    press_until(page, "[name=counter]")
    page.keyboard.type("Гише 3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Заявлението е регистрирано")
    press_until(page, f"main a[href='{Application.objects.get().get_absolute_url()}']")
    page.keyboard.press("Enter")

    press_until(page, "details:has(form[action*='/tell/']) > summary")
    page.keyboard.press("Enter")
    press_until(page, "form[action*='/tell/'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Отбелязано е, че датата е съобщена.")
    expect(page.locator(".deadline")).to_contain_text("Датата е съобщена на заявителя")

    press_until(page, "details:has(form[action*='/visit/']) > summary")
    page.keyboard.press("Enter")
    press_until(page, "[name=purpose]")
    page.keyboard.press("ArrowDown")
    press_until(page, "form[action*='/visit/'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Идването е записано.")
    expect(page.locator("section[aria-labelledby=visits] li")).to_have_count(2)
    visits = Application.objects.get().visits.order_by("pk")
    assert list(visits.values_list("counter", "purpose")) == [("Гише 3", "apply"), ("Гише 3", "documents")]
