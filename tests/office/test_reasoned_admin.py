"""Editing in the administration pages: nothing without a reason, and the reason stands in the history."""

from datetime import date
from typing import Any

import pytest
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse

from charter.models import Standard
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.signin.passing import BACKEND
from samokov_portal.staff.models import StaffUser
from services.models import Service, ServiceDetail, ServiceGroup, Settlement, Unit
from tests.factories import at

pytestmark = pytest.mark.django_db
REASON = "Преместен е кабинетът."


def form_of(row: Any, **changes: str) -> dict[str, Any]:
    """What a browser sends for the page of `row`."""
    filled = {name: "" if value is None else value for name, value in model_to_dict(row).items()}
    return {**filled, **changes}


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.get(code="mdt")


def page(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def test_a_change_without_a_reason_is_refused(as_role: Any, unit: Unit) -> None:
    before = unit.history.count()

    response = as_role("editor").post(page(unit), form_of(unit, address="ул. „Рила“ № 1"))

    unit.refresh_from_db()
    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == ["reason"]
    assert unit.address != "ул. „Рила“ № 1"
    assert unit.history.count() == before


def test_a_change_with_a_reason_stands_in_the_history(as_role: Any, staff: Any, unit: Unit) -> None:
    response = as_role("editor").post(page(unit), form_of(unit, address="ул. „Рила“ № 1", reason=REASON))

    unit.refresh_from_db()
    newest = unit.history.first()
    assert response.status_code == 302
    assert unit.address == "ул. „Рила“ № 1"
    assert (newest.address, newest.history_change_reason, newest.history_user) == (
        "ул. „Рила“ № 1",
        REASON,
        staff["editor"],
    )


def test_the_reason_is_asked_for_in_the_form(as_role: Any, unit: Unit) -> None:
    response = as_role("editor").get(page(unit))

    assert response.status_code == 200
    assert "reason" in response.context["adminform"].form.fields


def test_who_may_only_look_sees_the_page_without_the_reason(as_role: Any, unit: Unit) -> None:
    response = as_role("auditor").get(page(unit))

    assert response.status_code == 200
    assert 'name="reason"' not in response.content.decode()


def test_who_may_only_look_cannot_change(as_role: Any, unit: Unit) -> None:
    response = as_role("auditor").post(page(unit), form_of(unit, address="ул. „Рила“ № 1", reason=REASON))

    unit.refresh_from_db()
    assert response.status_code == 403
    assert unit.address != "ул. „Рила“ № 1"


@pytest.mark.parametrize("role", ["clerk", "expert", "secretary", "mayor"])
def test_other_roles_do_not_enter_the_administration_pages(as_role: Any, unit: Unit, role: str) -> None:
    response = as_role(role).get(page(unit))

    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


def details_of(service: Service, **changes: str) -> dict[str, str]:
    """The statements about `service` as the administration page sends them."""
    rows = list(service.details.order_by("pk"))
    sent = {"details-TOTAL_FORMS": str(len(rows)), "details-INITIAL_FORMS": str(len(rows))}
    sent |= {"offers-TOTAL_FORMS": "0", "offers-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        fields = form_of(row, leva=",".join(str(amount) for amount in row.leva))
        sent |= {f"details-{place}-{name}": value for name, value in fields.items()}
        sent[f"details-{place}-is_verified"] = "on" if row.is_verified else ""
    return {**sent, **changes}


@pytest.fixture
def as_superuser() -> Client:
    """A client of somebody who has every permission."""
    client = Client()
    user = StaffUser.objects.create_superuser("root")
    client.force_login(user, backend=BACKEND)
    return client


def test_a_changed_statement_of_a_service_has_the_reason_too(as_superuser: Client) -> None:
    service = Service.objects.get(number="2016")
    first = service.details.order_by("pk").first()
    sent = form_of(service, sources=",".join(service.sources), reason=REASON)
    sent |= details_of(service, **{"details-0-text": "нов текст"})

    response = as_superuser.post(page(service), sent)

    assert response.status_code == 302
    first.refresh_from_db()
    newest = first.history.first()
    assert (first.text, newest.history_change_reason, newest.history_user) == (
        "нов текст",
        REASON,
        StaffUser.objects.get(username="root"),
    )


def test_a_removed_statement_of_a_service_has_the_reason_too(as_superuser: Client) -> None:
    service = Service.objects.get(number="2016")
    first = service.details.order_by("pk").first()
    sent = form_of(service, sources=",".join(service.sources), reason=REASON)
    sent |= details_of(service, **{"details-0-DELETE": "on"})

    response = as_superuser.post(page(service), sent)

    newest = ServiceDetail.history.filter(id=first.pk).first()
    assert response.status_code == 302
    assert not ServiceDetail.objects.filter(pk=first.pk).exists()
    assert (newest.history_type, newest.history_change_reason, newest.history_user) == (
        "-",
        REASON,
        StaffUser.objects.get(username="root"),
    )


def test_a_saved_service_keeps_its_sources(as_superuser: Client) -> None:
    service = Service.objects.get(number="2016")
    before = list(service.sources)
    sent = form_of(service, sources=",".join(service.sources), name="Удостоверение", reason=REASON)

    as_superuser.post(page(service), sent | details_of(service))

    service.refresh_from_db()
    assert (service.name, service.sources) == ("Удостоверение", before)


EDITED = (Service, Unit, ServiceGroup, Settlement, Standard, WorkingDayOverride)


@pytest.fixture(params=EDITED, ids=[model.__name__ for model in EDITED])
def row(request: Any) -> Any:
    """A row of each model that is edited with a reason."""
    if request.param is WorkingDayOverride:
        return WorkingDayOverride.objects.create(
            day=date(2026, 11, 23),
            is_working=False,
            source="РМС № 1",
            gazette="ДВ, бр. 1 от 2026 г.",
            learnt_at=at("2026-11-02"),
        )
    return request.param.objects.order_by("pk").last()


def address(row: Any, verb: str) -> str:
    pks = [] if verb in ("add", "changelist") else [row.pk]
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{verb}", args=pks)


def test_nothing_is_deleted_even_by_who_may_everything(as_superuser: Client, row: Any) -> None:
    response = as_superuser.post(address(row, "delete"), {"post": "yes"})

    assert response.status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_nothing_is_deleted_from_the_list_either(as_superuser: Client, row: Any) -> None:
    selected = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"}

    as_superuser.post(address(row, "changelist"), selected)

    assert type(row).objects.filter(pk=row.pk).exists()


def test_what_is_not_deleted_may_be_changed(as_superuser: Client, row: Any) -> None:
    assert as_superuser.get(address(row, "change")).status_code == 200


def test_an_editor_deletes_nothing(as_role: Any, unit: Unit) -> None:
    assert as_role("editor").post(address(unit, "delete"), {"post": "yes"}).status_code == 403
    assert Unit.objects.filter(pk=unit.pk).exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_standard_is_not_added_even_by_who_may_everything(as_superuser: Client, method: str) -> None:
    before = Standard.objects.count()

    response = getattr(as_superuser, method)(reverse("admin:charter_standard_add"))

    assert response.status_code == 403
    assert Standard.objects.count() == before


def test_an_editor_reads_what_is_published_and_changes_it_by_drafts_only(as_role: Any) -> None:
    service = Service.objects.get(number="2016")
    sent = form_of(service, sources=",".join(service.sources), name="Удостоверение", reason=REASON)

    assert as_role("editor").get(page(service)).status_code == 200
    assert as_role("editor").post(page(service), sent | details_of(service)).status_code == 403
    assert as_role("editor").get(reverse("admin:services_service_add")).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "feedback/lettertemplate/?kind__exact=%00",
        "office/workingdayoverride/?day__year=99999999999999999999",
        "search/vainsearch/?text=%00",
    ],
)
def test_a_filter_that_no_database_can_ask_leads_back_to_the_list(as_role: Any, address: str) -> None:
    response = as_role("editor").get(f"/desk/admin/{address}")

    assert (response.status_code, response["Location"].rpartition("/")[2]) == (302, "?e=1")
