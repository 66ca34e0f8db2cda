from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PageStoreConfig(AppConfig):
    name = "samokov_portal.pagestore"
    label = "pagestore"
    verbose_name = _("готови страници")

    def ready(self) -> None:
        from samokov_portal.pagestore.stamps import watch_after_migrating  # noqa: PLC0415 - needs the loaded apps

        post_migrate.connect(watch_after_migrating, sender=self)
