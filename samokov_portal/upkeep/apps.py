from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class UpkeepConfig(AppConfig):
    name = "samokov_portal.upkeep"
    label = "upkeep"
    verbose_name = _("поддръжка")

    def ready(self) -> None:
        from samokov_portal.upkeep.sameness import check_sameness  # noqa: PLC0415 - needs the loaded apps

        register(check_sameness, Tags.database, deploy=True)
