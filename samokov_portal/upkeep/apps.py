from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import pre_migrate
from django.utils.translation import gettext_lazy as _


class UpkeepConfig(AppConfig):
    name = "samokov_portal.upkeep"
    label = "upkeep"
    verbose_name = _("поддръжка")

    def ready(self) -> None:
        from samokov_portal.upkeep.patience import take_time  # noqa: PLC0415 - needs the loaded apps
        from samokov_portal.upkeep.sameness import check_sameness  # noqa: PLC0415 - needs the loaded apps

        register(check_sameness, Tags.database, deploy=True)
        pre_migrate.connect(take_time, sender=self)
