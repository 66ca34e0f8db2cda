"""What is done to a member of staff beside the row itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffEventKind(models.TextChoices):
    ROLES = "roles", _("променени роли")
    PASSWORD = "password", _("сменена парола")
    APP_ADDED = "app_on", _("добавено приложение за кодове")
    APP_REMOVED = "app_off", _("премахнато приложение за кодове")
    KEY_ADDED = "key_on", _("добавен ключ за сигурност")
    KEY_REMOVED = "key_off", _("премахнат ключ за сигурност")
    DEVICE = "device", _("вход от ново устройство")
    CODES = "codes", _("нови резервни кодове")
    EAUTH_ADDED = "eauth_on", _("записан вход с електронна идентификация")
    EAUTH_REMOVED = "eauth_off", _("премахнат вход с електронна идентификация")
    FACTORS_RESET = "reset", _("премахнати всички втори фактори")
