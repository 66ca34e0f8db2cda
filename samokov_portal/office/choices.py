"""Closed lists that every register shares."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How something reached the administration, or how a service may be asked for."""

    WEB = "web", _("през портала")
    COUNTER = "counter", _("на гише")
    PHONE = "phone", _("по телефона")
    POST = "post", _("по пощата")
    EMAIL = "email", _("по имейл")


class Tab(models.TextChoices):
    """The parts of the work list. The values stand in its addresses."""

    OPEN = "open", _("Всички")
    OVERDUE = "overdue", _("Просрочени")
    TODAY = "today", _("Със срок днес")
    SOON = "soon", _("До три работни дни")
    WAITING = "waiting", _("Чакат отговор")
    UNDELIVERED = "undelivered", _("Препращат се")
    HANDOVER = "handover", _("За връчване")


class Fact(models.TextChoices):
    """What a record says of a promise. The first four are the whole; the rest is left out, for that reason."""

    KEPT = "kept", _("в срок")
    LATE = "late", _("след срока")
    UNANSWERED = "unanswered", _("с изтекъл срок без отговор")
    NOT_KEPT = "not_kept", _("неспазени")
    IN_TERM = "in_term", _("с неизтекъл срок")
    FORWARDED = "forwarded", _("препратени до компетентен орган")
    NO_PROCEEDINGS = "no_proceedings", _("без производство по закон")
    WITHDRAWN = "withdrawn", _("оттеглени от подателя")
    REFUSED = "refused", _("отказани с мотиви в срока")
    STANDING = "standing", _("със спрян срок, докато заявителят отстрани недостатъци")
    NOT_RECORDED = "not_recorded", _("без записано време на чакане")
    ASKED_IN_WRITING = "asked_in_writing", _("с молба да се отговори писмено")
    NO_ANSWER = "no_answer", _("без отговор на този въпрос от анкетата")
    FORGOTTEN = "forgotten", _("с отговор „не помня“")
    NO_VISIT = "no_visit", _("без записано идване на гишето")
    DONE_SOON = "done_soon", _("приключени до седмия ден, без датата да е съобщена")
    DUE_SOON = "due_soon", _("с последен ден най-късно на седмия ден")


# The whole of a figure; what is in another state is left out of it.
COUNTED = (Fact.KEPT, Fact.LATE, Fact.UNANSWERED, Fact.NOT_KEPT)
LEFT_OUT = [(fact.value, fact.label) for fact in Fact if fact not in COUNTED]
