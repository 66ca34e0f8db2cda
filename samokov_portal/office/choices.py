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
