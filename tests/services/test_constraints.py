"""The database refuses nonsense about services and applications, whatever code asks for it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from services.models import (
    ApplicationEvent,
    Service,
    ServiceDetail,
    ServiceGroup,
    ServiceOffer,
    Settlement,
    Unit,
    UnitMember,
)
from tests.factories import ApplicationFactory, at

pytestmark = pytest.mark.django_db
RECEIVED = at("2026-03-02")
LATER = RECEIVED + timedelta(hours=1)
EARLIER = RECEIVED - timedelta(hours=1)

APPLICATIONS = [
    ("services_application_registered_after_receipt", {"registered_at": EARLIER}),
    ("services_application_completed_after_receipt", {"completed_at": EARLIER, "outcome": "ready"}),
    ("services_application_due_after_receipt", {"due_on": date(2026, 3, 1)}),
    ("services_application_waited_at_counter", {"waited_minutes": 0, "channel": "post"}),
    ("services_application_waited_at_counter", {"waited_minutes": 5, "channel": "web"}),
    ("services_application_completed_has_outcome", {"completed_at": LATER}),
    ("services_application_completed_has_outcome", {"outcome": "ready"}),
    ("services_application_handed_over_after_completed", {"handed_over_at": LATER}),
    (
        "services_application_handed_over_after_completed",
        {"completed_at": LATER, "outcome": "ready", "handed_over_at": RECEIVED},
    ),
    (
        "services_application_handed_over_after_completed",
        {"completed_at": LATER, "outcome": "refused", "handed_over_at": LATER},  # there is no document
    ),
    ("services_application_status_agrees_with_facts", {"status": "ready"}),
    ("services_application_status_agrees_with_facts", {"status": "defects"}),
    ("services_application_status_agrees_with_facts", {"status": "lost"}),
    (
        "services_application_status_agrees_with_facts",
        {"completed_at": LATER, "outcome": "ready", "status": "in_work"},
    ),
    (
        "services_application_status_agrees_with_facts",
        {"completed_at": LATER, "outcome": "withdrawn", "status": "refused"},
    ),
    (
        "services_application_status_agrees_with_facts",  # what has ended does not wait
        {"completed_at": LATER, "outcome": "ready", "paused_at": RECEIVED, "mend_due_on": date(2026, 3, 5)},
    ),
    ("services_application_status_agrees_with_facts", {"status": "received", "mend_due_on": date(2026, 3, 5)}),
    ("services_application_paused_whole", {"paused_at": EARLIER, "mend_due_on": date(2026, 3, 5)}),
    ("services_application_paused_whole", {"paused_at": LATER, "mend_due_on": date(2026, 3, 1)}),
    (
        "services_application_refused_with_reasons",
        {"completed_at": LATER, "outcome": "refused", "outcome_note": ""},
    ),
    (
        "services_application_refused_with_reasons",
        {"completed_at": LATER, "outcome": "no_proceedings", "outcome_note": ""},
    ),
    ("services_application_fee_not_negative", {"fee": Decimal("-0.01")}),
    ("services_application_paid_whole", {"paid": Decimal("3.00")}),
    ("services_application_paid_whole", {"paid": Decimal("0.00"), "paid_at": LATER, "paid_by": "cash"}),
    ("services_application_paid_whole", {"paid": Decimal("3.00"), "paid_at": LATER, "paid_by": "coin"}),
    ("services_application_paid_whole", {"paid": Decimal("3.00"), "paid_at": EARLIER, "paid_by": "cash"}),
    ("services_application_known_speed", {"speed": "at_once"}),
]


@pytest.mark.parametrize(("constraint", "changes"), APPLICATIONS)
def test_an_application_with_nonsense_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ApplicationFactory(received_at=RECEIVED, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"registered_at": LATER},  # logged afterwards
        {"completed_at": RECEIVED, "outcome": "ready"},  # at once
        {"completed_at": LATER, "outcome": "ready", "handed_over_at": LATER},
        {"completed_at": LATER, "outcome": "refused"},
        {"completed_at": LATER, "outcome": "no_proceedings"},
        {"completed_at": LATER, "outcome": "withdrawn", "outcome_note": ""},
        {"status": "in_work"},
        {"paused_at": RECEIVED, "mend_due_on": date(2026, 3, 2)},
        {"fee": Decimal("0.00")},
        {"paid": Decimal("3.00"), "paid_at": RECEIVED, "paid_by": "bank"},  # of what is not known to be due
        {"speed": "express"},
        {"due_on": date(2026, 3, 2)},  # the same day
        {"waited_minutes": 0},
        {"channel": "post"},
    ],
)
def test_a_lawful_application_is_stored(changes: dict[str, Any]) -> None:
    assert ApplicationFactory(received_at=RECEIVED, **changes).pk


@pytest.mark.parametrize("received_at", [at("2026-03-01", "22:00"), at("2026-03-02", "21:59")])
def test_the_last_day_follows_the_day_of_receipt_in_sofia(received_at: datetime) -> None:
    # Both moments are Monday 02.03 in Sofia; in UTC the first is still Sunday.
    with pytest.raises(IntegrityError, match="services_application_due_after_receipt"), transaction.atomic():
        ApplicationFactory(received_at=received_at, due_on=date(2026, 3, 1))

    assert ApplicationFactory(received_at=received_at, due_on=date(2026, 3, 2)).pk


def test_a_number_of_an_application_is_given_once() -> None:
    ApplicationFactory(number="У-2026-000777")

    with pytest.raises(IntegrityError, match="services_application_number"), transaction.atomic():
        ApplicationFactory(number="У-2026-000777")


def test_a_form_registers_one_application() -> None:
    ApplicationFactory(form_digest="a" * 64)

    with pytest.raises(IntegrityError, match="services_application_form_digest"), transaction.atomic():
        ApplicationFactory(form_digest="a" * 64)


def test_applications_without_a_form_may_be_many() -> None:
    assert [ApplicationFactory(form_digest=None).form_digest for _ in range(2)] == [None, None]


def service(**changes: Any) -> Service:
    group = ServiceGroup.objects.get(code="social")
    return Service.objects.create(
        **{"slug": "proba", "name": "Проба", "group": group, "number_status": "unknown", **changes}
    )


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("services_service_own_term_whole", {"own_term_amount": 3}),  # of what?
        ("services_service_own_term_whole", {"own_term_unit": "months"}),  # how many?
        ("services_service_own_term_whole", {"own_term_amount": 0, "own_term_unit": "months"}),
        ("services_service_number_once", {"number": "2016"}),
        ("services_service_slug_key", {"slug": "2016-udostoverenie-za-naslednitsi"}),
    ],
)
def test_a_service_with_nonsense_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        service(**changes)


def test_services_without_a_number_may_be_many() -> None:
    assert [service(slug=f"proba-{place}").number for place in range(2)] == ["", ""]


def test_a_provider_says_one_thing_of_a_field_of_a_service() -> None:
    row = service()
    ServiceDetail.objects.create(service=row, field="fee", provider="Каварна", text="2,00 лв.")

    with pytest.raises(IntegrityError, match="services_servicedetail_once"), transaction.atomic():
        ServiceDetail.objects.create(service=row, field="fee", provider="Каварна", text="3,00 лв.")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("services_serviceoffer_known_speed", {"speed": "at_once", "term_amount": 1, "term_unit": "months"}),
        ("services_serviceoffer_quicker_has_a_term", {"speed": "quick"}),
        ("services_serviceoffer_quicker_has_a_term", {"term_amount": 3}),
        ("services_serviceoffer_quicker_has_a_term", {"term_unit": "months"}),
        ("services_serviceoffer_quicker_has_a_term", {"term_amount": 0, "term_unit": "months"}),
        ("services_serviceoffer_fee_not_negative", {"fee": Decimal("-1.00")}),
        ("services_serviceoffer_has_a_source", {"source": ""}),
        ("services_serviceoffer_once", {"speed": "express", "term_amount": 1, "term_unit": "working_days"}),
    ],
)
def test_a_kind_of_order_with_nonsense_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    row = Service.objects.get(number="2016")
    common = {"service": row, "source": "Наредба № 12"}
    ServiceOffer.objects.create(speed="express", term_amount=1, term_unit="working_days", **common)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ServiceOffer.objects.create(**{"speed": "ordinary", **common, **changes})


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("services_applicationevent_known_kind", {"kind": "lost"}),
        ("services_applicationevent_defects_told_whole", {"kind": "defects"}),
        (
            "services_applicationevent_defects_told_whole",
            {"kind": "defects", "ground": "defects", "until": date(2026, 3, 5)},  # which ones?
        ),
    ],
)
def test_an_event_with_nonsense_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    row = ApplicationFactory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ApplicationEvent.objects.create(application=row, at=RECEIVED, **changes)


@pytest.mark.parametrize("statement", ["UPDATE {} SET note = 'друго'", "DELETE FROM {}"])
def test_what_happened_is_only_added(statement: str) -> None:
    row = ApplicationFactory()
    ApplicationEvent.objects.create(application=row, kind="received", at=RECEIVED)

    with pytest.raises(IntegrityError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("services_applicationevent"))


def unit(**changes: Any) -> Unit:
    root = Unit.objects.municipality()
    return Unit.objects.create(
        **{"code": "proba", "name": "Проба", "short_name": "П", "kind": "department", "parent": root, **changes}
    )


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("services_unit_only_municipality_is_root", {"parent": None}),  # a department that belongs nowhere
        ("services_unit_only_municipality_is_root", {"kind": "municipality"}),  # a municipality inside another
        ("services_unit_one_municipality", {"kind": "municipality", "parent": None}),
        ("services_unit_code_key", {"code": "mdt"}),
    ],
)
def test_a_unit_with_nonsense_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        unit(**changes)


def test_a_unit_belongs_to_the_municipality() -> None:
    assert unit().parent == Unit.objects.get(code="obshtina-samokov")


def test_a_person_works_in_one_unit(staff: Any) -> None:
    with pytest.raises(IntegrityError, match="services_unitmember_user_id_key"), transaction.atomic():
        UnitMember.objects.create(user=staff["expert"], unit=Unit.objects.get(code="mdt"))


def test_a_settlement_and_a_group_are_listed_once() -> None:
    with pytest.raises(IntegrityError, match="services_settlement_ekatte_key"), transaction.atomic():
        Settlement.objects.create(ekatte="00391", kind="с.", name="Алино")
    with pytest.raises(IntegrityError, match="services_servicegroup_code_key"), transaction.atomic():
        ServiceGroup.objects.create(code="social", name="Проба", position=99)
