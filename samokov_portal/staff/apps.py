from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "samokov_portal.staff"
    label = "staff"
    verbose_name = _("служители")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 - needs the loaded apps
        from django.db.models.signals import m2m_changed  # noqa: PLC0415

        from samokov_portal.staff.membership import note_membership  # noqa: PLC0415
        from samokov_portal.staff.models import StaffUser  # noqa: PLC0415
        from samokov_portal.staff.sessions import begin  # noqa: PLC0415

        m2m_changed.connect(note_membership, sender=StaffUser.groups.through)
        m2m_changed.connect(note_membership, sender=StaffUser.user_permissions.through)
        user_logged_in.connect(begin)
