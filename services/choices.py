"""Closed lists used by more than one module."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The letter of the register of applications in a number such as У-2026-000123; those of cases are others.
REGISTER = "У"


class UnitKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("община")
    DIRECTORATE = "directorate", _("дирекция")
    DEPARTMENT = "department", _("отдел")
    DESK = "desk", _("обслужващо звено")
    MAYORALTY = "mayoralty", _("кметство")


class AuthorityKind(models.TextChoices):
    """The authorities of a municipality that a citizen may want to know by name."""

    MAYOR = "mayor", _("Кмет на общината")
    SECRETARY = "secretary", _("Секретар на общината")
    COUNCIL = "council", _("Общински съвет")
    CHAIR = "chair", _("Председател на Общинския съвет")


class SettlementKind(models.TextChoices):
    TOWN = "гр.", _("град")
    VILLAGE = "с.", _("село")
    RESORT = "к.к.", _("курортен комплекс")


class DetailField(models.TextChoices):
    """What the catalogue says of a service; each statement carries whose it is and how sure."""

    ABOUT = "about", _("Какво представлява")
    WHO = "who", _("Кой може да я заяви")
    CHANNELS = "channels", _("Къде и как се заявява")
    DOCUMENTS = "documents", _("Необходими документи")
    FORM = "form", _("Формуляр за заявление")
    TERM = "term", _("Срок")
    FEE = "fee", _("Такса")
    RESULT = "result", _("Какво получавате")
    VALIDITY = "validity", _("Колко време важи")
    LEGAL_BASIS = "legal_basis", _("Правно основание")
    NO_ANSWER = "no_answer", _("Ако не получите отговор в срок")
    APPEAL = "appeal", _("Ако не сте съгласни с отговора")
    UNIT = "unit", _("Кой предоставя услугата")


class Variant(models.TextChoices):
    """Of which kind of order a term or a fee is, or of which way of asking a statement speaks."""

    ORDINARY = "ordinary", _("обикновена поръчка")
    QUICK = "quick", _("бърза поръчка")
    EXPRESS = "express", _("експресна поръчка")
    COUNTER = "counter", _("на гише")
    POST = "post", _("по пощата")
    EMAIL = "email", _("по имейл")
    ONLINE = "online", _("по електронен път")


ORDERS = (Variant.ORDINARY, Variant.QUICK, Variant.EXPRESS)
WAYS = (Variant.COUNTER, Variant.POST, Variant.EMAIL, Variant.ONLINE)
ORDERED_FIELDS = (DetailField.TERM, DetailField.FEE)


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
    """How an application ended."""

    READY = "ready", _("издаден документ")
    REFUSED = "refused", _("отказ с мотиви")
    NO_PROCEEDINGS = "no_proceedings", _("без производство")
    WITHDRAWN = "withdrawn", _("оттеглено")


class ApplicationStatus(models.TextChoices):
    """Where an application stands."""

    RECEIVED = "received", _("прието, предстои проверка")
    DEFECTS = "defects", _("чака заявителя")
    IN_WORK = "in_work", _("в работа")
    READY = "ready", _("готово, чака получаване")
    HANDED_OVER = "handed_over", _("документът е получен")
    REFUSED = "refused", _("отказ с мотиви")
    NO_PROCEEDINGS = "no_proceedings", _("без производство")
    WITHDRAWN = "withdrawn", _("оттеглено")


# On these the municipality still owes an act, or waits for the applicant.
OPEN_STATUSES = (ApplicationStatus.RECEIVED, ApplicationStatus.DEFECTS, ApplicationStatus.IN_WORK)
# Ended without an act, so nothing was given and nothing refused.
WITHOUT_ACT = (ApplicationOutcome.NO_PROCEEDINGS, ApplicationOutcome.WITHDRAWN)


class ApplicationEventKind(models.TextChoices):
    """What happens to an application, as its page lists it."""

    RECEIVED = "received", _("Заявлението е прието")
    CHECKED = "checked", _("Проверено е и няма недостатъци")
    DEFECTS = "defects", _("Съобщени са недостатъци")
    MENDED = "mended", _("Недостатъците са отстранени")
    TOLD = "told", _("Крайният срок е съобщен")
    FEE = "fee", _("Определена е таксата")
    PAID = "paid", _("Таксата е платена")
    READY = "ready", _("Документът е готов")
    REFUSED = "refused", _("Отказано с мотиви")
    NO_PROCEEDINGS = "no_proceedings", _("Оставено без производство")
    WITHDRAWN = "withdrawn", _("Оттеглено от заявителя")
    HANDED_OVER = "handed_over", _("Документът е получен")
    MOVED = "moved", _("Срокът е преместен")


class Notice(models.TextChoices):
    """What an applicant is told of by letter."""

    RECEIVED = "app_received", _("заявлението е прието")
    DEFECTS = "app_defects", _("заявлението има недостатъци")
    MENDED = "app_mended", _("недостатъците са отстранени, срокът тече отново")
    READY = "app_ready", _("документът е готов")
    REFUSED = "app_refused", _("отказ по заявление")
    LEFT = "app_left", _("заявлението остава без производство")
    WITHDRAWN = "app_withdraw", _("заявлението е оттеглено")
    MOVED = "app_moved", _("срокът на заявлението е преместен")


class Speed(models.TextChoices):
    """What kind of order it is: how quickly the service is asked for."""

    ORDINARY = "ordinary", _("обикновена")
    QUICK = "quick", _("бърза")
    EXPRESS = "express", _("експресна")


class PaidBy(models.TextChoices):
    """How a fee was paid."""

    CASH = "cash", _("в брой")
    CARD = "card", _("с карта")
    BANK = "bank", _("по банков път")


class GivenBy(models.TextChoices):
    """How a document reached the applicant."""

    COUNTER = "counter", _("на гише")
    POST = "post", _("по пощата или с куриер")
    ELECTRONIC = "electronic", _("по електронен път")


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
