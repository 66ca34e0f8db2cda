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
    """What a figure says of a promise. Nothing to count is „no data“, never a kept promise."""

    KEPT = "kept", _("спазен")
    BROKEN = "broken", _("неспазен")
    NO_DATA = "no_data", _("няма данни")
    NO_TARGET = "no_target", _("няма определена цел")
    NOT_MEASURED = "not_measured", _("не се измерва")


class ReportStatus(models.TextChoices):
    DRAFT = "draft", _("проект")
    PUBLISHED = "published", _("публикуван")


class Exclusion(models.TextChoices):
    """Why a record of the period is left out of the whole. The values are keys of `Share.excluded`."""

    IN_TERM = "in_term", _("още в срок")
    FORWARDED = "forwarded", _("препратени до компетентен орган")
    NO_PROCEEDINGS = "no_proceedings", _("без производство по закон")
    WITHDRAWN = "withdrawn", _("оттеглени от подателя")
    NOT_RECORDED = "not_recorded", _("без записано време на чакане")
