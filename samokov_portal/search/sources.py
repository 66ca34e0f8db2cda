"""From where the pages come that can be found, in the order in which they are shown."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SERVICES = "service"
STANDARDS = "standard"
CHARTER = "charter"
REPORTS = "report"
PAGES = "page"

NAMES: dict[str, str | Promise] = {
    SERVICES: _("Услуги"),
    PAGES: _("Какво можете да направите тук"),
    STANDARDS: _("Обещания в Хартата"),
    CHARTER: _("Текст на Хартата"),
    REPORTS: _("Доклади"),
}
