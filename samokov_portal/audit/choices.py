"""What a member of staff may look at."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class LookKind(models.TextChoices):
    CASE = "case", _("преписка")
    APPLICATION = "application", _("заявление")
    FILE = "file", _("приложен файл")
    LETTER = "letter", _("писмо")
    LIST = "list", _("списък")
    SEARCH = "search", _("търсене")
    EXPORT = "export", _("изнасяне на данни")


# What a look was at that is no number; with a dash at the end, what begins so.
SUBJECTS: dict[str, Any] = {
    "work-list": _("работно място"),
    "applications": _("заявления"),
    "staff": _("служители"),
    "letters": _("писма"),
    "labels": _("етикети за папки"),
    "people": _("хора от по-ранни преписки и заявления"),
    "cases-assign": _("възлагане на избрани преписки"),
    "cases-merge": _("сливане на избрани преписки"),
    "print-letters": _("отпечатани писма"),
    "print-labels": _("отпечатани етикети"),
    "print-": _("отпечатани документи"),
    "watched-": _("списък от страницата на секретаря"),
    "standard-": _("случаи зад стандарт"),
}


def in_words(subject: str) -> tuple[str, str]:
    """What was looked at: in words, and the number or code that follows them. One of the two may be empty."""
    if subject in SUBJECTS:
        return str(SUBJECTS[subject]), ""
    kind, dash, rest = subject.partition("-")
    if dash and kind + dash in SUBJECTS:
        return str(SUBJECTS[kind + dash]), rest
    return "", subject
