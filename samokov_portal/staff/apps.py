from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "samokov_portal.staff"
    label = "staff"
    verbose_name = _("служители")
