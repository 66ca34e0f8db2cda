"""The catalogue in the repository and how it is brought into the database."""

from typing import Any

import pytest
from django.core.management import call_command

from samokov_portal.history import save_with_history
from services.catalogue import load_catalogue, read
from services.models import (
    Authority,
    LifeEvent,
    LifeEventService,
    Service,
    ServiceDetail,
    ServiceGroup,
    Settlement,
    Tenure,
    Unit,
)

pytestmark = pytest.mark.django_db
NOTHING = {"units": 0, "authorities": 0, "settlements": 0, "groups": 0, "services": 0, "life_events": 0}
MODELS = (Unit, Authority, Tenure, Settlement, ServiceGroup, Service, ServiceDetail, LifeEvent, LifeEventService)


def histories() -> list[int]:
    return [model.history.count() for model in MODELS]


@pytest.fixture
def service() -> Service:
    return Service.objects.get(number="1999")


def test_the_whole_catalogue_is_there() -> None:
    counts = [model.objects.count() for model in (Service, Settlement, Unit, ServiceGroup)]

    assert counts == [113, 29, 21, 13]


def test_an_empty_database_is_filled() -> None:
    for model in (LifeEvent, ServiceDetail, Service, ServiceGroup, Settlement):
        model.objects.all().delete()

    assert load_catalogue() == {
        "units": 0,
        "authorities": 0,
        "settlements": 29,
        "groups": 13,
        "services": 113,
        "life_events": 10,
    }


def test_every_loaded_row_says_in_its_history_why_it_is_there() -> None:
    reasons = {row.history_change_reason for model in MODELS for row in model.history.all()}

    assert reasons == {"зареден каталог"}


def test_loading_again_writes_nothing_and_adds_no_history() -> None:
    before = histories()

    written = load_catalogue()

    assert written == NOTHING
    assert histories() == before


def test_an_entry_says_what_its_file_says(service: Service) -> None:
    own = service.details.get(field="unit", provider="samokov")

    assert (service.slug, service.number_status, service.group.code, service.unit.code) == (
        "1999-udostoverenie-za-sklyuchen-grazhdanski-brak-original",
        "verified",
        "civil-registration",
        "apio",
    )
    assert (service.term.version, own.text, own.is_verified) == (
        "3 calendar_days",  # since when is not known
        "дирекция АПИО, стая 215",
        True,
    )


def test_an_entry_says_how_sure_its_number_is() -> None:
    loaded = dict(Service.objects.values_list("slug", "number_confidence"))

    assert loaded == {row["slug"]: row["number_confidence"] or "" for row in read("services")}
    assert set(loaded.values()) == {"high", "medium", "low", ""}


@pytest.mark.parametrize("why", ["поправено име", None])
def test_a_row_that_an_editor_changed_is_left_as_it_is(service: Service, why: str | None) -> None:
    service.name = "Преименувана"
    save_with_history(service, by=None, why=why)
    before = histories()

    written = load_catalogue()

    service.refresh_from_db()
    assert (written, histories()) == (NOTHING, before)
    assert service.name == "Преименувана"


def test_a_statement_that_an_editor_changed_is_left_as_it_is(service: Service) -> None:
    detail = service.details.get(field="unit", provider="samokov")
    detail.text = "стая 1"
    detail.save()

    written = load_catalogue()

    detail.refresh_from_db()
    assert written == NOTHING
    assert detail.text == "стая 1"


def test_units_settlements_and_groups_that_an_editor_changed_are_left_as_they_are() -> None:
    rows = [
        Unit.objects.get(code="mdt"),
        Settlement.objects.get(ekatte="00391"),
        ServiceGroup.objects.get(code="social"),
    ]
    for row in rows:
        row.name = "Преименувано"
        row.save()

    written = load_catalogue()

    assert written == NOTHING
    assert [type(row).objects.get(pk=row.pk).name for row in rows] == ["Преименувано"] * 3


def test_a_statement_that_an_editor_removed_stays_removed(service: Service) -> None:
    detail = service.details.get(field="unit", provider="samokov")
    detail.delete()

    written = load_catalogue()

    assert written == NOTHING
    assert not service.details.filter(field="unit", provider="samokov").exists()


def test_a_settlement_that_is_missing_is_brought_back() -> None:
    Settlement.objects.filter(ekatte="00391").delete()

    written = load_catalogue()

    assert written == {**NOTHING, "settlements": 1}
    assert Settlement.objects.filter(ekatte="00391").exists()


def changed_file(monkeypatch: pytest.MonkeyPatch, file: str, which: dict[str, Any], **changes: Any) -> None:
    """The file says `changes` of the one row with the values `which`."""
    rows = read(file)
    [row] = [row for row in rows if which.items() <= row.items()]
    row.update(changes)
    monkeypatch.setattr("services.catalogue.read", lambda name: rows if name == file else read(name))


@pytest.mark.parametrize(
    ("file", "which", "model", "part"),
    [
        ("units", {"code": "mdt"}, Unit, "units"),
        ("settlements", {"ekatte": "00391"}, Settlement, "settlements"),
        ("groups", {"code": "social"}, ServiceGroup, "groups"),
        ("services", {"number": "1999"}, Service, "services"),
    ],
)
def test_a_row_whose_file_changed_is_brought_up_to_date(
    monkeypatch: pytest.MonkeyPatch, file: str, which: dict[str, str], model: Any, part: str
) -> None:
    changed_file(monkeypatch, file, which, name="Преименувано")

    written = load_catalogue()

    row = model.objects.get(**which)
    newest = row.history.first()
    assert written == {**NOTHING, part: 1}
    assert (row.name, newest.history_type, newest.history_change_reason) == ("Преименувано", "~", "зареден каталог")


def test_a_statement_whose_file_changed_is_brought_up_to_date(
    monkeypatch: pytest.MonkeyPatch, service: Service
) -> None:
    details = [
        {**row, "text": "стая 1"} if (row["field"], row["provider"]) == ("unit", "samokov") else row
        for row in next(row for row in read("services") if row["number"] == "1999")["details"]
    ]
    changed_file(monkeypatch, "services", {"number": "1999"}, details=details)

    written = load_catalogue()

    assert written == {**NOTHING, "services": 1}
    assert service.details.get(field="unit", provider="samokov").text == "стая 1"


def test_what_an_editor_changed_stands_also_when_the_file_changed(
    monkeypatch: pytest.MonkeyPatch, service: Service
) -> None:
    service.name = "Преименувана от редактор"
    service.save()
    changed_file(monkeypatch, "services", {"number": "1999"}, name="Преименувана във файла")

    written = load_catalogue()

    service.refresh_from_db()
    assert written == NOTHING
    assert service.name == "Преименувана от редактор"


def test_what_an_editor_added_is_left_alone(service: Service) -> None:
    group = ServiceGroup.objects.get(code="social")
    added = Service.objects.create(slug="nova", name="Нова", group=group, number_status="unknown")
    detail = ServiceDetail.objects.create(service=service, field="fee", provider="Елин Пелин", text="1,00 лв.")

    written = load_catalogue()

    added.refresh_from_db()
    detail.refresh_from_db()
    assert written == NOTHING
    assert (added.name, detail.text) == ("Нова", "1,00 лв.")


def test_every_number_that_is_known_belongs_to_one_service() -> None:
    numbers = [service.number for service in Service.objects.exclude(number="")]

    assert len(numbers) == len(set(numbers))
    assert all(number.isdigit() for number in numbers)


def test_every_amount_in_euro_can_be_counted() -> None:
    amounts = [pair for detail in ServiceDetail.objects.exclude(leva=[]) for pair in detail.amounts]

    assert amounts
    assert all(leva > in_euro > 0 for leva, in_euro in amounts)


def test_the_command_says_what_was_written(capsys: Any) -> None:
    call_command("load_services")

    assert (
        capsys.readouterr().out
        == "Written: units 0, authorities 0, settlements 0, groups 0, services 0, life_events 0, synonyms 0.\n"
    )


def without_own_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file says no more where the service with the number 1999 is asked for."""
    row = next(row for row in read("services") if row["number"] == "1999")
    details = [detail for detail in row["details"] if detail["field"] != "channels"]
    changed_file(monkeypatch, "services", {"number": "1999"}, details=details)


def test_what_the_file_says_no_more_goes_and_leaves_its_history(
    monkeypatch: pytest.MonkeyPatch, service: Service
) -> None:
    without_own_channels(monkeypatch)

    written = load_catalogue()

    last = ServiceDetail.history.filter(service=service, field="channels").first()
    assert written == {**NOTHING, "services": 1}
    assert not service.details.filter(field="channels").exists()
    assert (last.history_type, last.history_change_reason) == ("-", "зареден каталог")


def test_what_an_editor_changed_stays_also_when_the_file_says_it_no_more(
    monkeypatch: pytest.MonkeyPatch, service: Service
) -> None:
    detail = service.details.get(field="channels")
    detail.text = "стая 1"
    detail.save()
    without_own_channels(monkeypatch)

    assert load_catalogue() == NOTHING
    assert service.details.filter(field="channels", text="стая 1").exists()


def test_each_kind_of_order_has_its_own_term_and_fee() -> None:
    own = Service.objects.get(number="2396").details.filter(provider="samokov").exclude(variant="").order_by("pk")

    assert list(own.values_list("field", "variant", "text")) == [
        ("term", "ordinary", "до 5 дни"),
        ("term", "quick", "до 3 дни"),
        ("term", "express", "24 ч."),
        ("fee", "ordinary", "с кадастрална карта 30 лв.; без кадастрална карта 10 лв."),
        ("fee", "quick", "с кадастрална карта 45 лв.; без кадастрална карта 24 лв."),
        ("fee", "express", "с кадастрална карта 60 лв.; без кадастрална карта 30 лв."),
        ("channels", "counter", "гише 7, 8, 9 на партера"),
        ("channels", "online", "портал за е-услуги"),
    ]


def test_a_service_that_an_editor_took_out_of_a_life_event_stays_out() -> None:
    LifeEventService.objects.get(event__code="car", service__number="2087").delete()

    assert load_catalogue() == NOTHING
    assert not LifeEventService.objects.filter(event__code="car", service__number="2087").exists()
