"""What is found in a draft of a service before it is published, and what it changes, in words."""

from datetime import date, datetime
from typing import Any

import pytest

from samokov_portal.editing.life import NotReady
from samokov_portal.editing.links import LinkVerdict
from samokov_portal.history import save_with_history
from services.actions.drafts import LIFE
from services.checking import findings
from services.documents import differences
from services.models import RepealedAct, ServiceDraft
from tests.services.drafts.saying import statement

pytestmark = pytest.mark.django_db


def what_stops(row: ServiceDraft, on: date = date(2026, 11, 23)) -> list[str]:
    return [finding.text for finding in findings(row, on) if finding.stops]


def test_a_draft_without_anything_wrong_is_not_stopped(draft: ServiceDraft) -> None:
    assert what_stops(draft) == []


@pytest.mark.parametrize(
    ("changes", "stop"),
    [
        ({"name": ""}, "Няма наименование."),
        ({"details": []}, "Няма правно основание."),
        ({"number": "1999"}, "Номер 1999 е на друга услуга."),
    ],
)
def test_what_is_missing_or_taken_stops_it(
    draft: ServiceDraft, editor: Any, now: datetime, changes: dict[str, Any], stop: str
) -> None:
    draft.document = {**draft.document, **changes}
    save_with_history(draft, by=editor, why="проба")

    assert what_stops(draft) == [stop]
    with pytest.raises(NotReady) as refused:
        LIFE.publish(draft_id=draft.pk, by=editor, now=now)
    assert [finding.text for finding in refused.value.found] == [stop]


@pytest.mark.parametrize(("until_on", "stops"), [(date(2026, 11, 23), True), (date(2026, 11, 24), False)])
def test_a_basis_that_is_no_longer_in_force_stops_it(draft: ServiceDraft, until_on: date, stops: bool) -> None:
    basis = next(row for row in draft.document["details"] if row["field"] == "legal_basis")
    act = basis["text"].split()[0]
    RepealedAct.objects.create(called=act, until_on=until_on, source="проба")

    assert what_stops(draft) == ([f"Основанието посочва {act}, който вече не е в сила."] if stops else [])


def test_an_act_is_known_by_its_whole_name_only(draft: ServiceDraft) -> None:
    RepealedAct.objects.create(called="З", until_on=date(2020, 1, 1), source="проба")

    assert what_stops(draft) == []


@pytest.mark.parametrize(
    ("verdict", "stops"), [(LinkVerdict.DEAD, True), (LinkVerdict.ANSWERS, False), (LinkVerdict.REFUSED, False)]
)
def test_a_dead_link_of_ours_stops_it(
    draft: ServiceDraft, editor: Any, now: datetime, verdict: LinkVerdict, stops: bool
) -> None:
    form = statement("form", "Образец", source="https://samokov.bg/form.pdf")
    LIFE.change(
        draft_id=draft.pk,
        document={**draft.document, "details": [*draft.document["details"], form]},
        why="?",
        by=editor,
    )
    LIFE.note_links(
        draft_id=draft.pk, links=[{"address": "https://samokov.bg/form.pdf", "verdict": verdict.value}], now=now
    )

    found = what_stops(ServiceDraft.objects.get(pk=draft.pk))

    assert found == (["Връзката не се отваря: https://samokov.bg/form.pdf"] if stops else [])


def test_differences_name_what_changes_and_nothing_else(draft: ServiceDraft) -> None:
    told = {row.label: (row.before, row.after) for row in differences(draft.base, draft.document)}

    assert told == {
        "наименование": (draft.base["name"], "Ново име"),
        "Какво получавате (samokov)": ("", "Удостоверение\n2.50"),
        "вид поръчка на услуга: бърза": ("", "1\nworking_days\n7.50\nНаредба № 12"),
    }
