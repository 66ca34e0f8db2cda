from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class PageStoreConfig(AppConfig):
    name = "samokov_portal.pagestore"
    label = "pagestore"
    verbose_name = _("готови страници")

    def ready(self) -> None:
        from samokov_portal.pagestore.checks import check_watching  # noqa: PLC0415 - needs the loaded apps
        from samokov_portal.pagestore.stamps import (  # noqa: PLC0415 - needs the loaded apps
            stop_watching,
            watch_after_migrating,
        )

        pre_migrate.connect(stop_watching, sender=self)
        post_migrate.connect(watch_after_migrating, sender=self)
        register(check_watching, Tags.database)
