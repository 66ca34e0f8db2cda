"""Two people at one case at once, each in a browser of their own: nothing is saved before the second has seen it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from feedback.choices import Kind
from tests.browser.stories import file_case, real_now
from tests.browser.test_desk_journey import open_change
from tests.feedback.life_stories import walk

TYPED = "Лампите ще светят до петък: ремонтът е възложен.\nЕлектромерът се сменя утре."


def test_the_second_sees_what_changed_field_by_field_and_goes_on_with_what_they_typed(
    open_page: Callable[..., Page], log_in: Callable[[Page, str], Page], staff: dict[str, Any]
) -> None:
    case = walk(file_case(Kind.SIGNAL, real_now() - timedelta(days=2)), ("assign",), staff)
    clerk, secretary = (log_in(open_page(), role) for role in ("clerk", "secretary"))
    for page in (clerk, secretary):
        page.goto(f"/desk/cases/{case.number}/")
    answer = open_change(secretary, "Дайте решение или отговор")
    answer.locator("[name$=outcome]").first.check()
    answer.get_by_label("Решение или отговор с мотивите").fill(TYPED)

    # Meanwhile the clerk decides that it is a proposal.
    requalify = open_change(clerk, "Определете друг вид")
    requalify.locator("[name$=kind]").select_option("proposal")
    requalify.locator("[name$=reason]").fill("Предлага ново осветление.")
    requalify.get_by_role("button").click()
    expect(clerk.get_by_role("status")).to_be_visible()
    answer.get_by_role("button", name="Запишете решението").click()

    meanwhile = secretary.locator("#meanwhile")
    expect(meanwhile).to_contain_text("сигнал")
    expect(meanwhile.get_by_role("row", name=re.compile("Вид.*сигнал.*предложение"))).to_be_visible()
    expect(secretary.get_by_label("Решение или отговор с мотивите")).to_have_value(TYPED)
    case.refresh_from_db()
    assert (case.status, case.answer, case.kind) == ("assigned", "", "proposal")

    # A proposal ends in other ways than a signal; of these alone one is chosen anew.
    secretary.get_by_label("прието", exact=True).check()
    secretary.get_by_role("button", name="Запишете решението").click()
    expect(secretary.get_by_role("status")).to_contain_text("Отговорът е записан")
    case.refresh_from_db()
    assert (case.status, case.answer.splitlines(), case.kind) == ("decided", TYPED.splitlines(), "proposal")
