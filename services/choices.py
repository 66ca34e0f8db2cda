"""Closed lists used by more than one module."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("община")
    DIRECTORATE = "directorate", _("дирекция")
    DEPARTMENT = "department", _("отдел")
    DESK = "desk", _("обслужващо звено")
    MAYORALTY = "mayoralty", _("кметство")


class SettlementKind(models.TextChoices):
    TOWN = "гр.", _("град")
    VILLAGE = "с.", _("село")
    RESORT = "к.к.", _("курортен комплекс")


class DetailField(models.TextChoices):
    """What the catalogue says of a service; each statement carries whose it is and how sure."""

    LEGAL_BASIS = "legal_basis", _("Правно основание")
    TERM = "term", _("Срок")
    FEE = "fee", _("Такса")
    DOCUMENTS = "documents", _("Необходими документи")
    CHANNELS = "channels", _("Къде и как се заявява")
    UNIT = "unit", _("Кой предоставя услугата")


class NumberStatus(models.TextChoices):
    """How sure the register number of a service is."""

    VERIFIED = "verified", _("видян в източник")
    INFERRED = "inferred", _("изведен от адреса на страница")
    DISPUTED = "disputed", _("спорен")
    OLDER_LIST = "older_list", _("по по-стар списък")
    UNKNOWN = "unknown", _("неизвестен")


class NumberConfidence(models.TextChoices):
    """How many sources give the register number."""

    HIGH = "high", _("в административния регистър или в поне две общини")
    MEDIUM = "medium", _("в един източник")
    LOW = "low", _("само косвено")


class TermUnit(models.TextChoices):
    """The units of `samokov_portal.legal.terms.Unit`, for people."""

    WORKING_DAYS = "working_days", _("работни дни")
    CALENDAR_DAYS = "calendar_days", _("дни")
    MONTHS = "months", _("месеца")


class ApplicationOutcome(models.TextChoices):
    READY = "ready", _("издаден документ")
    REFUSED = "refused", _("отказ с мотиви")


class Purpose(models.TextChoices):
    """Why somebody came to a counter about an application."""

    APPLY = "apply", _("да подаде заявлението")
    DOCUMENTS = "documents", _("да донесе документи, които поискахме")
    SENT_BACK = "sent_back", _("върнат или изпратен от друго гише")
    COLLECT = "collect", _("да получи готовия документ")
    OWN_WISH = "own_wish", _("по собствено желание")


# Whoever came for one of these was made to come, or to go to another counter, once more.
AGAIN = (Purpose.DOCUMENTS, Purpose.SENT_BACK)


class Confidence(models.TextChoices):
    """How sure a fact is, V seen in a source, P in part, G from general knowledge and to be verified."""

    VERIFIED = "V", _("видяно в източник")
    PARTLY = "P", _("частично потвърдено")
    GENERAL = "G", _("за проверка")
