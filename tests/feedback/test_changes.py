"""The history of a case field by field: old and new side by side, who, when and why."""

from itertools import pairwise
from typing import Any

import pytest

from feedback.changes import all_changes, compared
from feedback.models import Case
from tests.factories import at
from tests.feedback.desk_forms import change, page
from tests.feedback.life_stories import REASON, brought_to, filed

pytestmark = pytest.mark.django_db
HISTORY_QUERIES = 13


@pytest.fixture(autouse=True)
def today(clock: Any) -> None:
    """Monday 23.11.2026."""


def come(**facts: Any) -> Case:
    return filed(received_at=at("2026-11-13"), **facts)


def test_every_change_says_what_was_what_is_who_when_and_why(as_role: Any, staff: Any, now: Any) -> None:
    case = come()
    as_role("clerk").post(page(case, "requalify"), change("requalify", kind="proposal"))

    (kind,) = [one for one in all_changes(case) if one.field == "case.kind"]

    assert (kind.label, kind.was, kind.now, kind.by, kind.why) == (
        "вид", "сигнал", "предложение", staff["clerk"], REASON,
    )  # fmt: skip
    assert kind.at.date() == now.date()


def test_one_field_is_followed_through_the_life_of_a_case(as_role: Any, staff: Any) -> None:
    case = brought_to("reopened", staff, come())

    response = as_role("clerk").get(page(case) + "history/", {"field": "case.status"})

    steps = [(one.was, one.now) for one in response.context["changes"]]
    assert [one.field for one in response.context["changes"]] == ["case.status"] * len(steps)
    # The newest first, and each begins where the one before it ended.
    assert steps[0][1] == "отворена отново"
    assert steps[-1][0] == "регистрирана"
    assert all(later[0] == earlier[1] for later, earlier in pairwise(steps))


def test_questions_are_in_it_and_digests_are_not(as_role: Any, staff: Any) -> None:
    case = brought_to("assigned", staff, come())
    clerk = as_role("clerk")
    clerk.post(page(case, "ask"), change("ask"))
    clerk.post(page(case, "record-reply"), change("record-reply"))

    fields = {one.field for one in all_changes(case)}

    assert {"question.reply", "question.replied_at"} <= fields
    assert not [field for field in fields if "digest" in field or field.endswith(".id")]


@pytest.mark.parametrize(("field", "shown"), [("", True), ("case.access_digest", True), ("<script>", True)])
def test_an_unknown_field_shows_all_of_them(as_role: Any, staff: Any, field: str, shown: bool) -> None:
    case = brought_to("decided", staff, come())

    response = as_role("clerk").get(page(case) + "history/", {"field": field})

    assert (response.context["chosen"], bool(response.context["changes"])) == ("", shown)


def test_a_case_that_nobody_touched_says_so(as_role: Any) -> None:
    response = as_role("clerk").get(page(come()) + "history/")

    assert "нищо не е променяно" in response.content.decode()


def test_whoever_may_not_see_the_case_does_not_find_its_history(as_role: Any, staff: Any) -> None:
    against = come()
    as_role("secretary").post(page(against, "assign"), change("assign", complained_of=str(staff["clerk"].pk)))

    assert as_role("expert").get(page(come()) + "history/").status_code == 404
    assert as_role("clerk").get(page(against) + "history/").status_code == 404
    assert as_role("auditor").get(page(against) + "history/").status_code == 403


def test_the_history_takes_few_queries_however_long_it_is(as_role: Any, staff: Any, count_queries: Any) -> None:
    short, long = brought_to("assigned", staff, come()), brought_to("reopened", staff, come())
    clerk = as_role("clerk")

    counts = [count_queries(clerk.get, page(case) + "history/") for case in (short, long)]

    # Session, person, permissions (2), the case and the look; the histories of the case, its questions and other looks;
    # the units that it names; and what every page of the desk asks.
    assert counts == [HISTORY_QUERIES, HISTORY_QUERIES]


def test_two_long_texts_are_compared_word_by_word() -> None:
    left, right = compared("Лампите ще бъдат сменени утре.", "Лампите бяха сменени вчера.")

    assert "".join(piece for _only, piece in left) == "Лампите ще бъдат сменени утре."
    assert "".join(piece for _only, piece in right) == "Лампите бяха сменени вчера."
    assert [piece for only, piece in left if only] == ["ще бъдат", "утре."]
    assert [piece for only, piece in right if only] == ["бяха", "вчера."]
