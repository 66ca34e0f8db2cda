"""What is told to programs: which services there are, what each asks for, and where a case stands.

Of a case only what its sender was told would be public: its number, kind, days and state. No word of it, no place and
nobody's name: a service's definition says so.
"""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.actions.register import Filed
from feedback.choices import NAMED_KINDS, Kind
from feedback.forms.matter import standards
from feedback.letters.fields import contacts_of_the_municipality, tracking_page
from feedback.models import Case
from samokov_portal.legal.receipt import SOFIA
from samokov_portal.office.templatetags.bulgarian import day
from samokov_portal.open311.forms import ATTRIBUTES, CHOSEN_BY, OpenForm
from samokov_portal.open311.models import Filing
from services.models import Service, Settlement

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
OPEN, CLOSED = "open", "closed"
DATATYPES: list[tuple[type[forms.Field], str]] = [
    (forms.ModelChoiceField, "singlevaluelist"),
    (forms.DateField, "datetime"),
]


def discovery(address: str) -> dict[str, Any]:
    """Where which version is spoken; `address` is that of the endpoint. The services change with the catalogue."""
    changed = [model.history.aggregate(last=Max("history_date"))["last"] for model in (Service, Settlement)]
    changed.append(standards().model.history.aggregate(last=Max("history_date"))["last"])
    known = [moment for moment in changed if moment is not None]
    changeset = w3(max(known)) if known else None
    page = settings.PORTAL_URL + reverse("about")
    return {
        "changeset": changeset,
        "contact": contacts_of_the_municipality(),
        "key_service": _("Ключ се иска от общината, която го издава от страниците за редактори: %(page)s")
        % {"page": page},
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": address,
                "changeset": changeset,
                "type": "test" if settings.DEMO else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def services() -> list[dict[str, Any]]:
    """The kinds of cases: they are what the municipality tells apart when something comes."""
    return [
        {
            "service_code": kind.value,
            "service_name": str(kind.label),
            "description": f"{kind.use} {what_is_public()}",
            "metadata": True,
            "type": "realtime",
            "keywords": "",
            "group": "",
        }
        for kind in Kind
    ]


def definition(kind: Kind, now: datetime) -> dict[str, Any]:
    """What a program asks the person for, beside what every service takes; three queries."""
    form = OpenForm(kind=kind, now=now)
    asked = [attribute(name, form.fields[name]) for name in ATTRIBUTES if name in form.fields]
    told = {"sender": whom_we_answer(kind), "public": what_is_public()}
    asked += [said("string", name, text) for name, text in told.items()]
    return {
        "service_code": kind.value,
        "attributes": [{**one, "order": place} for place, one in enumerate(asked, start=1)],
    }


def attribute(name: str, field: forms.Field) -> dict[str, Any]:
    """A field of the form as a definition has it. What it is about is found from the text where nobody says it."""
    datatype = next((code for kind, code in DATATYPES if isinstance(field, kind)), "string")
    one = said(datatype, name, str(field.label))
    one |= {"variable": True, "datatype_description": str(field.help_text)}
    one["required"] = field.required and name != "subject"
    if isinstance(field, forms.ModelChoiceField):
        rows: Any = field.queryset
        one["values"] = [{"key": getattr(row, CHOSEN_BY[name]), "name": str(row)} for row in rows]
    return one


def said(datatype: str, code: str, text: str) -> dict[str, Any]:
    """An attribute that only tells something."""
    return {
        "variable": False,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": "",
        "order": 0,
        "description": text,
    }


def whom_we_answer(kind: str) -> str:
    if kind in NAMED_KINDS:
        return _(
            "Нужни са first_name и last_name и поне едно: email, phone или attribute[address], за да отговорим. "
            "Покажете на човека service_notice: там са номерът и кодът за достъп, които се дават само веднъж."
        )
    return _("Може и без име. Покажете на човека service_notice: там са номерът и кодът за достъп.")


def what_is_public() -> str:
    return _(
        "Публични стават само номерът, видът, датите и състоянието. Текстът, мястото, снимките, името и връзката с "
        "подателя не се публикуват."
    )


def receipt(filed: Filed, filing: Filing, *, is_extended: bool) -> dict[str, Any]:
    """The answer to a filing: what the citizen's receipt says. The code is told here and nowhere else."""
    told: dict[str, Any] = {
        "service_request_id": filed.case.number,
        "service_notice": notice(filed),
        "account_id": None,
    }
    if is_extended:
        more = {"access_code": filed.code, "token": str(filing.token), "due_on": iso(filed.case.due_on)}
        told["extended_attributes"] = more
    return told


def notice(filed: Filed) -> str:
    case = filed.case
    parts = [
        _("Регистрационен номер %(number)s, код за достъп %(code)s.") % {"number": case.number, "code": filed.code},
        answered_by(case.due_on) if case.due_on else "",
        _("Докъде е стигнало, ще видите с тях на %(page)s.") % {"page": tracking_page()},
    ]
    return " ".join(part for part in parts if part)


def answered_by(last_day: date) -> str:
    """The promise as a sentence; a day in Bulgarian ends with „г.“, which ends the sentence as well."""
    said = _("Ще отговорим най-късно до %(day)s.") % {"day": day(last_day)}
    return said.removesuffix(".") if said.endswith("..") else said


def request_of(filing: Filing, agency: str, *, is_extended: bool) -> dict[str, Any]:
    """Where a case stands. `filing` comes from `told`. What the sender wrote is empty, as the definition says."""
    case = filing.case
    closed_at = None if case.is_open else getattr(filing, "closed_at", None)
    told: dict[str, Any] = {
        "service_request_id": case.number,
        "status": OPEN if case.is_open else CLOSED,
        "status_notes": case.get_status_display(),
        "service_name": case.get_kind_display(),
        "service_code": case.kind,
        "description": None,
        "agency_responsible": agency,
        "service_notice": None,
        "requested_datetime": w3(case.received_at),
        "updated_datetime": w3(closed_at or getattr(filing, "happened_at", None) or case.received_at),
        "expected_datetime": w3(expected(case)),
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    if is_extended:
        told["extended_attributes"] = {"state": case.status, "due_on": iso(case.due_on)}
    return told


def expected(case: Case) -> datetime | None:
    """The end of the last day in force; None where the law promises no day."""
    return datetime.combine(case.due_on, time(23, 59, 59), SOFIA) if case.due_on else None


def w3(moment: datetime | None) -> str | None:
    """A moment as the specification writes it, in the time of the municipality, to the second."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


def iso(value: Any) -> str | None:
    return value.isoformat() if value else None
