"""Closed lists used by more than one module."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PassageKind(models.TextChoices):
    """What a passage of the charter is; principles are numbered, goals and what the charter determines are lists."""

    PARAGRAPH = "paragraph", _("абзац")
    DETERMINES = "determines", _("какво определя хартата")
    PRINCIPLE = "principle", _("принцип")
    GOAL = "goal", _("цел")


class StandardKind(models.TextChoices):
    GENERAL = "general", _("общ стандарт по НАО, чл. 20")
    LEGAL = "legal", _("законов срок")
    OWN = "own", _("собствен стандарт")


class LimitUnit(models.TextChoices):
    """What a standard's limit is counted in."""

    MINUTES = "minutes", _("минути")
    HOURS = "hours", _("часа")
    WORKING_DAYS = "working_days", _("работни дни")
    CALENDAR_DAYS = "calendar_days", _("дни")
    MONTHS = "months", _("месеца")
    VISITS = "visits", _("посещения")
    PERCENT = "percent", _("процента")
    DATE = "date", _("дата в годината")


class MeasuredFrom(models.TextChoices):
    RECORDS = "records", _("от преписките и заявленията")
    OBSERVATION = "observation", _("с наблюдение на място")
    SURVEY = "survey", _("с анкета")
    NONE = "none", _("не се измерва")


class Verdict(models.TextChoices):
    """What a figure says of a promise. Nothing to count is „no data“, never a kept promise.

    „Withheld“ is what `charter.measurement.telling` tells of no such period.
    """

    KEPT = "kept", _("спазен")
    BROKEN = "broken", _("неспазен")
    NO_DATA = "no_data", _("няма данни")
    NO_TARGET = "no_target", _("няма определена цел")
    NOT_MEASURED = "not_measured", _("не се измерва")
    WITHHELD = "withheld", _("твърде малко случаи")


class ReportStatus(models.TextChoices):
    DRAFT = "draft", _("проект")
    SUBMITTED = "submitted", _("предаден за одобрение")
    RETURNED = "returned", _("върнат за промени")
    APPROVED = "approved", _("одобрен")
    PUBLISHED = "published", _("публикуван")
    SUPERSEDED = "superseded", _("заменен с поправена версия")
    DISCARDED = "discarded", _("оставен")


class FindingKind(models.TextChoices):
    """What in the figures has to be explained before they are published."""

    NO_VOLUME = "no_volume", _("измерва се, но няма нито един случай")
    SAME_VOLUME = "same_volume", _("броят на случаите е един и същ в няколко поредни периода")
    VOLUME_JUMP = "volume_jump", _("броят на случаите се е променил рязко")
    SHARE_JUMP = "share_jump", _("делът се е променил рязко")
    MUCH_LEFT_OUT = "much_left_out", _("повече случаи са извън сметката, отколкото в нея")
    ENTERED_LATE = "entered_late", _("много случаи са вписани с по-ранна дата")


class Method(models.TextChoices):
    """How an observation was made (НАО, чл. 24)."""

    MYSTERY = "mystery", _("таен клиент")
    CHECKLIST = "checklist", _("проверка по списък")
    SAMPLE = "sample", _("преглед на извадка")


class Span(models.TextChoices):
    """What the time (or the visits) behind a figure is counted in; empty where a measure knows neither."""

    MINUTES = "minutes", _("минути")
    WORKING_DAYS = "working_days", _("работни дни")
    CALENDAR_DAYS = "calendar_days", _("дни")
    VISITS = "visits", _("посещения")


class ConsultationStage(models.TextChoices):
    """Where a consultation on a draft stands; followed from its days and moments, not stored."""

    DRAFT = "draft", _("проект")
    ANNOUNCED = "announced", _("предстои")
    OPEN = "open", _("отворено за коментари")
    CLOSED = "closed", _("затворено, отговаря се")
    ANSWERED = "answered", _("с отговори")


class Response(models.TextChoices):
    """What becomes of a comment."""

    ACCEPTED = "accepted", _("приема се")
    PARTLY = "partly", _("приема се отчасти")
    REFUSED = "refused", _("не се приема")
    NOTED = "noted", _("взето е предвид")
