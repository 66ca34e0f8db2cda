from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "samokov_portal.audit"
    label = "audit"
    verbose_name = _("одит")

    def ready(self) -> None:
        from simple_history.signals import pre_create_historical_record  # noqa: PLC0415 - needs the loaded apps

        from samokov_portal.audit.checks import check_guards, check_owner, check_years  # noqa: PLC0415
        from samokov_portal.audit.guards import put_guards_after_migrating  # noqa: PLC0415
        from samokov_portal.audit.origin import write_origin  # noqa: PLC0415
        from samokov_portal.audit.privileges import grant_after_migrating  # noqa: PLC0415
        from samokov_portal.audit.years import make_years_after_migrating  # noqa: PLC0415

        # First: what is made then needs guards and rights.
        post_migrate.connect(make_years_after_migrating, sender=self)
        post_migrate.connect(put_guards_after_migrating, sender=self)
        post_migrate.connect(grant_after_migrating, sender=self)
        register(check_guards, Tags.database)
        register(check_years, Tags.database)
        register(check_owner, Tags.database, deploy=True)
        pre_create_historical_record.connect(write_origin)
