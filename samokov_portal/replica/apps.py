from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class ReplicaConfig(AppConfig):
    name = "samokov_portal.replica"
    label = "replica"
    verbose_name = _("копие на базата")

    def ready(self) -> None:
        from samokov_portal.replica.checks import check_replica  # noqa: PLC0415 - needs the settings

        register(check_replica, Tags.database, deploy=True)
