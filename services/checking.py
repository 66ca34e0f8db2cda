"""What is looked at before a draft of a service is published: what must be there, and what an editor should know."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from samokov_portal.editing.life import Finding
from samokov_portal.editing.links import LinkVerdict, addresses_in
from samokov_portal.legal.terms import TERMS
from samokov_portal.office.templatetags.bulgarian import day
from services.choices import DetailField, NumberStatus
from services.documents import Document
from services.models import OWN, RepealedAct, Service, ServiceDraft, Unit

# The longest an editor's look at the page stays good.
CHECKED_DAYS = 365


def findings(draft: ServiceDraft, on: date) -> list[Finding]:
    """What is found in a draft as of the day it would be published on, what stops it first."""
    document = draft.document
    found = [*_missing(document), *_unit(document, on), *_taken(draft), *_laws(document, on)]
    found += [*_sources(document), *_links(draft)]
    if not document["checked_on"]:
        found.append(Finding(False, _("Не е посочено кога описанието е сверено с действащите документи.")))
    elif (on - date.fromisoformat(document["checked_on"])).days > CHECKED_DAYS:
        found.append(Finding(False, _("Описанието е сверено преди повече от година.")))
    return sorted(found, key=lambda finding: not finding.stops)


def _missing(document: Document) -> Iterator[Finding]:
    """What a reader needs and the page would not say."""
    if not document["name"]:
        yield Finding(True, _("Няма наименование."))
    said = {row["field"] for row in document["details"] if row["provider"] in (OWN, "")}
    if DetailField.LEGAL_BASIS not in said:
        yield Finding(True, _("Няма правно основание."))
    if not document["unit"]:
        yield Finding(False, _("Не е посочено кое звено предоставя услугата."))
    for field in (DetailField.DOCUMENTS, DetailField.CHANNELS, DetailField.RESULT):
        if field not in said:
            yield Finding(False, _("Липсва: %(field)s.") % {"field": field.label})
    if document["own_term_amount"] is None and not TERMS["act-default"].verified:
        yield Finding(False, _("Без собствен срок важи общият по АПК, чл. 57, който не е проверен."))
    if document["number"] and document["number_status"] != NumberStatus.VERIFIED:
        yield Finding(False, _("Номерът не е видян в източник."))


def _unit(document: Document, on: date) -> Iterator[Finding]:
    """A unit that there is not on that day; what else the draft says need not wait for another one."""
    unit = Unit.objects.filter(code=document["unit"]).first()
    if unit and not unit.is_there_on(on):
        yield Finding(False, _("Към %(day)s няма такова звено: %(unit)s.") % {"day": day(on), "unit": unit})


def _taken(draft: ServiceDraft) -> Iterator[Finding]:
    """A number that another service has."""
    number = draft.document["number"]
    if number and Service.objects.exclude(slug=draft.slug).filter(number=number).exists():
        yield Finding(True, _("Номер %(number)s е на друга услуга.") % {"number": number})


def _laws(document: Document, on: date) -> Iterator[Finding]:
    """Legal bases that name an act which is repealed, and those that nobody has verified."""
    bases = [row for row in document["details"] if row["field"] == DetailField.LEGAL_BASIS]
    for act in RepealedAct.objects.repealed_by(on):
        named = re.compile(rf"(?<!\w){re.escape(act.called)}(?!\w)", re.IGNORECASE)
        if any(named.search(row["text"]) for row in bases):
            yield Finding(True, _("Основанието посочва %(act)s, който вече не е в сила.") % {"act": act.called})
    if any(not row["is_verified"] for row in bases):
        yield Finding(False, _("Има основание, което не е видяно в източник."))


def _sources(document: Document) -> Iterator[Finding]:
    """What is said and could be said better: no name in English, words that are marked as seen nowhere."""
    if not document["name_en"]:
        yield Finding(False, _("Няма наименование на английски."))
    for row in document["details"]:
        if row["provider"] == OWN and row["is_verified"] and not row["source"]:
            field = DetailField(row["field"]).label
            yield Finding(False, _("Отбелязано е като видяно, а няма източник: %(field)s.") % {"field": field})


def _links(draft: ServiceDraft) -> Iterator[Finding]:
    """Links that do not answer, and those that the worker has not asked yet."""
    verdicts = {row["address"]: row["verdict"] for row in draft.links}
    for address in links_of(draft.document):
        verdict = verdicts.get(address)
        if verdict is None:
            yield Finding(False, _("Връзката още не е проверена: %(address)s") % {"address": address})
        elif verdict == LinkVerdict.DEAD and _is_ours(draft.document, address):
            yield Finding(True, _("Връзката не се отваря: %(address)s") % {"address": address})
        elif verdict != LinkVerdict.ANSWERS:
            told = {"address": address, "verdict": LinkVerdict(verdict).label}
            yield Finding(False, _("Връзката %(address)s: %(verdict)s") % told)


def _is_ours(document: Document, address: str) -> bool:
    """Whether readers are sent there by what we say ourselves, not by where the catalogue was put together from."""
    ours: list[Any] = [row for row in document["details"] if row["provider"] in (OWN, "")]
    return address in addresses_in(text for row in ours for text in (row["text"], row["source"]))


def links_of(document: Document) -> list[str]:
    """Every address on the web in a document."""
    told = [text for row in document["details"] for text in (row["text"], row["source"])]
    return addresses_in([*document["sources"], *told])
