"""The charter of 2016 as data: whole, in its own words, and honest about what is not known."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from charter.choices import MeasuredFrom, PassageKind
from charter.models import CharterVersion, Passage, Remark, Section, Standard
from charter.texts import UnknownMeasure, WrongLimit, load_charter, read

pytestmark = pytest.mark.django_db


def test_loading_again_writes_nothing() -> None:
    before = Standard.history.count(), Passage.history.count(), CharterVersion.history.count()

    assert load_charter() == 0
    assert (Standard.history.count(), Passage.history.count(), CharterVersion.history.count()) == before


@pytest.mark.parametrize("model", [CharterVersion, Section, Standard])
def test_a_text_that_an_editor_changed_is_left_as_it_is(model: Any) -> None:
    row = model.objects.order_by("pk").last()
    row.title = "друго"
    row.save()

    written = load_charter()

    row.refresh_from_db()
    assert (written, row.title) == (0, "друго")


def test_a_passage_and_a_remark_that_an_editor_changed_are_left_as_they_are() -> None:
    rows = [Passage.objects.order_by("pk").last(), Remark.objects.order_by("pk").last()]
    for row in rows:
        row.text = "друго"
        row.save()

    written = load_charter()

    assert written == 0
    assert [type(row).objects.get(pk=row.pk).text for row in rows] == ["друго", "друго"]


def changed_standard(monkeypatch: pytest.MonkeyPatch, code: str, **changes: Any) -> None:
    """The file says `changes` of the standard with this code."""
    rows = [{**row, **changes} if row["code"] == code else row for row in read("standards-2016")]
    monkeypatch.setattr("charter.texts.read", lambda name: rows if name == "standards-2016" else read(name))


def test_a_text_whose_file_changed_is_brought_up_to_date_with_history(monkeypatch: pytest.MonkeyPatch) -> None:
    changed_standard(monkeypatch, "signal-decision", title="друго")

    written = load_charter()

    standard = Standard.objects.get(code="signal-decision")
    newest = standard.history.latest()
    assert (written, standard.title) == (1, "друго")
    assert (newest.history_type, newest.history_change_reason) == ("~", "заредена харта")


def test_what_an_editor_changed_stands_also_when_the_file_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    standard = Standard.objects.get(code="signal-decision")
    standard.title = "от редактор"
    standard.save()
    changed_standard(monkeypatch, "signal-decision", title="от файла")

    written = load_charter()

    standard.refresh_from_db()
    assert (written, standard.title) == (0, "от редактор")


def test_a_standard_that_is_missing_is_brought_back() -> None:
    Standard.objects.filter(code="signal-decision").delete()

    assert load_charter() == 1
    assert Standard.objects.filter(code="signal-decision").exists()


COUNTED_OTHERWISE = [
    ("signal-decision", {"limit": 1}),
    ("signal-decision", {"limit_unit": "calendar_days"}),
    ("signal-decision", {"limit": None, "limit_unit": ""}),
    ("enquiry-answer", {"limit_unit": "calendar_days"}),
    ("notify", {"limit": 8}),
    ("waiting-time", {"limit": 10}),
    ("single-counter", {"limit": 2}),
    ("waiting-time", {"limit_unit": "hours"}),
]


@pytest.mark.parametrize(("code", "changes"), COUNTED_OTHERWISE)
def test_a_limit_other_than_the_one_that_is_counted_is_refused(
    monkeypatch: pytest.MonkeyPatch, code: str, changes: dict[str, Any]
) -> None:
    changed_standard(monkeypatch, code, **changes)

    with pytest.raises(WrongLimit, match=code), transaction.atomic():
        load_charter()

    assert Standard.objects.get(code=code).history.count() == 1


@pytest.mark.parametrize(
    "code",
    [
        "document-acceptance",  # nobody counts it yet
        "service-term",  # each service has its own
    ],
)
def test_a_limit_that_is_not_counted_is_what_the_file_says(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    changed_standard(monkeypatch, code, limit=99, limit_unit="minutes")

    assert load_charter() == 1
    assert Standard.objects.get(code=code).limit == 99


@pytest.mark.parametrize("measure", ["", "няма"])
def test_a_measure_without_its_standard_is_refused(monkeypatch: pytest.MonkeyPatch, measure: str) -> None:
    changed_standard(monkeypatch, "signal-decision", measure=measure)

    with pytest.raises(UnknownMeasure):
        load_charter()


@pytest.mark.parametrize(
    ("changes", "said"), [({"limit": 1}, "signal-decision promises another limit"), ({"measure": ""}, "do not agree")]
)
def test_the_command_says_what_does_not_agree(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], said: str
) -> None:
    changed_standard(monkeypatch, "signal-decision", **changes)

    with pytest.raises(CommandError, match=said):
        call_command("load_charter")


def test_charter_of_2016_names_its_year_and_its_people() -> None:
    version = CharterVersion.objects.in_force()

    assert version is not None
    assert (version.adopted_year, version.approved_by, version.coordinated_by) == (
        2016,
        "Владимир Георгиев",
        "Ангелина Вангелова",
    )
    assert version.is_complete is False


@pytest.mark.parametrize(
    ("kind", "count"), [(PassageKind.PRINCIPLE, 8), (PassageKind.GOAL, 8), (PassageKind.DETERMINES, 5)]
)
def test_charter_has_its_principles_goals_and_contents(kind: str, count: int) -> None:
    assert Passage.objects.filter(kind=kind).count() == count


def test_charter_has_four_sections_and_remarks() -> None:
    assert [section.numeral for section in Section.objects.order_by("position")] == ["I", "II", "III", "IV"]
    assert Remark.objects.filter(text__contains="Ангел Джоргов").exists()


def test_standards_are_enough_and_most_come_from_records() -> None:
    assert Standard.objects.count() >= 18
    assert Standard.objects.filter(measured_from=MeasuredFrom.RECORDS).count() >= 10


def test_restored_standards_are_marked() -> None:
    # The text of 2016 ends before its standards begin, so none of them can come from it.
    assert not Standard.objects.filter(is_reconstructed=False).exists()


def test_every_standard_says_how_it_is_counted_where_it_comes_from_and_how_sure_it_is() -> None:
    for row in read("standards-2016"):
        assert row["text"], row["code"]
        assert row["definition"], row["code"]
        assert row["source"], row["code"]
        assert row["confidence"] in "VPG", row["code"]
        assert row["measure"] or row["not_measured_reason"], row["code"]
