"""A citizen without JavaScript: from the home page to a receipt, and back to see what became of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.choices import Status
from feedback.models import Case
from samokov_portal.office.templatetags.bulgarian import day
from tests.browser.conftest import Witness
from tests.browser.inspection import read_receipt
from tests.feedback.following import case_in

TEXT = "От седмица не свети.\nТъмно е и е опасно."


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page(width=360, java_script_enabled=False)


def fill_in(page: Page) -> None:
    page.goto("/feedback/new/signal/")
    page.get_by_label("Накратко, за какво става дума").fill("Не свети лампа")
    page.get_by_label("Опишете го с Ваши думи").fill(TEXT)
    page.get_by_label("Име и фамилия").fill("Мария Стоянова")
    page.get_by_label("Телефон").fill("0888 123 456")


def send(page: Page) -> None:
    page.get_by_role("button", name="Изпратете сигнала").click()


def follow(page: Page, number: str, code: str) -> None:
    page.goto("/")
    page.locator("main").get_by_role("link", name="Проследете преписка").click()
    page.get_by_label("Регистрационен номер").fill(number)
    page.get_by_label("Код за достъп").fill(code)
    page.get_by_role("button", name="Покажете преписката").click()


def test_citizen_files_a_signal_from_the_home_page(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation").locator("summary").click()
    page.get_by_role("link", name="Подайте", exact=True).locator("visible=true").click()
    page.get_by_role("link", name="Подайте сигнал").click()
    page.get_by_label("Опишете го с Ваши думи").fill(TEXT)
    send(page)

    expect(page).to_have_title("Грешка: Подайте сигнал – Портал на хартата – Община Самоков")
    expect(page.get_by_label("Опишете го с Ваши думи")).to_have_value(TEXT)
    complaints = page.get_by_role("alert").get_by_role("link")
    expect(complaints).to_have_count(3)
    for complaint, label in zip(
        complaints.all(), ("Накратко, за какво става дума", "Име и фамилия", "Имейл"), strict=True
    ):
        complaint.click()
        expect(page.get_by_label(label)).to_be_focused()
        page.go_back()

    page.get_by_label("Накратко, за какво става дума").fill("Не свети лампа")
    page.get_by_label("Име и фамилия").fill("Мария Стоянова")
    page.get_by_label("Телефон").fill("0888 123 456")
    send(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Сигналът е регистриран")
    number, _code = read_receipt(page)
    case = Case.objects.get()
    assert case.number == number
    assert case.text == TEXT
    assert case.due_on is not None
    expect(page.locator(".deadline")).to_contain_text(day(case.due_on))


def test_receipt_loaded_again_has_the_same_number_and_code(page: Page) -> None:
    fill_in(page)
    send(page)
    first = read_receipt(page)

    page.reload()

    assert read_receipt(page) == first
    assert Case.objects.get().number == first[0]


def test_button_pressed_twice_gives_one_number(page: Page) -> None:
    fill_in(page)

    page.get_by_role("button", name="Изпратете сигнала").dblclick()

    number, _code = read_receipt(page)
    assert Case.objects.get().number == number


def test_citizen_follows_with_number_and_code(page: Page, witness: Witness) -> None:
    fill_in(page)
    send(page)
    number, code = read_receipt(page)
    case = Case.objects.get()
    assert case.due_on is not None

    follow(page, number, code)

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Сигнал {number}")
    expect(page.locator("main")).to_contain_text("Преписката е регистрирана. Предстои да определим")
    expect(page.locator(".deadline")).to_contain_text(day(case.due_on))
    page.get_by_text("Как е преброен срокът").click()
    last_step = page.get_by_role("row").last
    expect(last_step).to_be_visible()
    expect(last_step).to_contain_text(day(case.due_on))
    expect(last_step).to_contain_text("краен срок")
    for secret in (code, code.replace("-", "")):
        assert [address for address in witness.addresses if secret in address] == []


def test_sender_adds_something_and_withdraws_without_javascript(page: Page, witness: Witness) -> None:
    fill_in(page)
    send(page)
    number, code = read_receipt(page)
    follow(page, number, code)

    page.get_by_text("Добавете сведения").click()
    page.get_by_label("Какво искате да добавите").fill("До аптеката е.")
    page.get_by_role("button", name="Изпратете допълнението").click()
    expect(page.get_by_role("status")).to_have_text("Добавихме го към преписката.")
    expect(page.locator(".steps")).to_contain_text("До аптеката е.")
    page.reload()
    assert Case.objects.get().events.filter(kind="added").count() == 1

    page.get_by_text("Оттеглете преписката").click()
    page.get_by_role("button", name="Оттеглете я").click()
    expect(page.locator(".error-summary")).to_contain_text("Разбирам, че преписката приключва без решение")
    page.get_by_label("Разбирам, че преписката приключва").check()
    page.get_by_role("button", name="Оттеглете я").click()
    expect(page.get_by_role("status")).to_have_text("Преписката е оттеглена.")
    assert Case.objects.get().status == Status.WITHDRAWN
    assert [address for address in witness.addresses if code in address] == []


def test_what_was_typed_waits_while_the_code_is_asked_for_again(page: Page) -> None:
    fill_in(page)
    send(page)
    number, code = read_receipt(page)
    follow(page, number, code)
    page.get_by_text("Добавете сведения").click()
    page.get_by_label("Какво искате да добавите").fill(TEXT)
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Изпратете допълнението").click()
    expect(page.get_by_label("Регистрационен номер")).to_have_value(number)
    page.get_by_label("Код за достъп").fill(code)
    page.get_by_role("button", name="Покажете преписката").click()
    expect(page.get_by_label("Какво искате да добавите")).to_have_value(TEXT)
    page.get_by_role("button", name="Изпратете допълнението").click()

    expect(page.get_by_role("status")).to_have_text("Добавихме го към преписката.")
    assert Case.objects.get().events.get(kind="added").note == TEXT


def test_bad_rating_leads_to_another_look_with_the_keyboard_alone(
    open_page: Callable[..., Page], staff: dict[str, Any]
) -> None:
    receipt = case_in(Status.NOTIFIED, staff, timezone.now())
    page = open_page()
    page.goto("/feedback/track/")
    tab_to(page, "Регистрационен номер")
    page.keyboard.type(receipt.case.number)
    tab_to(page, "Код за достъп")
    page.keyboard.type(receipt.code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(receipt.case.number)

    tab_to(page, "много ми помогна")
    for _score in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    tab_to(page, "Какво да подобрим")
    page.keyboard.type("Свети слабо.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    reason = page.get_by_label("Защо отговорът не Ви помага")
    expect(reason).to_be_focused()
    expect(reason).to_have_value("Свети слабо.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Преписката е отворена отново.")
    case = Case.objects.get()
    assert (case.status, case.ratings.get().score) == (Status.REOPENED, 2)


def test_button_of_a_step_pressed_twice_is_one_step(open_page: Callable[..., Page], staff: dict[str, Any]) -> None:
    receipt = case_in(Status.CLARIFICATION, staff, timezone.now())
    page = open_page()
    follow(page, receipt.case.number, receipt.code)
    page.get_by_label("Вашият отговор").fill("На третия стълб.")

    page.get_by_role("button", name="Изпратете отговора").dblclick()

    expect(page.get_by_role("status")).to_contain_text("Отговорът Ви е записан.")
    assert Case.objects.get().questions.get().reply == "На третия стълб."


def test_after_leaving_the_way_back_shows_nothing(page: Page, staff: dict[str, Any]) -> None:
    receipt = case_in(Status.NOTIFIED, staff, timezone.now())
    follow(page, receipt.case.number, receipt.code)
    page.goto(receipt.page)

    page.get_by_role("button", name="Излезте").click()
    expect(page.get_by_role("status")).to_contain_text("Излязохте.")
    page.go_back()

    expect(page.get_by_role("heading", level=1)).to_have_text("Проследете преписка")
    expect(page.locator("main")).not_to_contain_text(receipt.case.text)


def test_wrong_code_says_no_and_the_same_for_a_number_that_is_not(page: Page) -> None:
    fill_in(page)
    send(page)
    number, code = read_receipt(page)
    wrong = ("A" if code[0] != "A" else "B") + code[1:]
    said = []

    for tried in (number, "С-2026-999999"):
        follow(page, tried, wrong)
        expect(page.get_by_label("Регистрационен номер")).to_have_value(tried)
        said.append(page.get_by_role("alert").inner_text())

    assert "Няма преписка с този номер и този код." in said[0]
    assert said[0] == said[1]


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the field with this label has the focus."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.labels?.[0]?.textContent.trim() ?? ''").startswith(label):
            return
    raise AssertionError(f"Tab never came to „{label}“")


def press_enter_on_link(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator("a:focus")).to_have_count(1)
    page.keyboard.press("Enter")


def test_form_can_be_sent_with_the_keyboard_alone(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/feedback/new/signal/")

    tab_to(page, "Накратко, за какво става дума")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    press_enter_on_link(page)
    expect(page.get_by_label("Накратко, за какво става дума")).to_be_focused()
    page.keyboard.type("Не свети лампа")
    for label, text in (
        ("Опишете го с Ваши думи", TEXT),
        ("Име и фамилия", "Мария Стоянова"),
        ("Имейл", "maria@example.bg"),
    ):
        tab_to(page, label)
        page.keyboard.type(text)
    page.keyboard.press("Enter")

    number, _code = read_receipt(page)
    assert Case.objects.get(text=TEXT, email="maria@example.bg").number == number


def test_error_summary_has_the_focus_also_after_a_link_within_the_page(page: Page) -> None:
    page.goto("/feedback/new/signal/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Към съдържанието")).to_be_focused()
    page.keyboard.press("Enter")

    send(page)

    expect(page.locator(".error-summary")).to_be_focused(timeout=5_000)


def test_english_page_takes_a_date_as_its_hint_says(page: Page) -> None:
    page.goto("/en/terms/")
    field = page.locator("[name=received_on]")
    hint = page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()
    field.fill(re.findall(r"[\d./-]{8,10}\b", hint)[0])

    with page.expect_navigation() as sending:
        page.locator("main form button").click()

    assert sending.value.status == 200
