from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from samokov_portal.staff.roles import sync_roles


class Command(BaseCommand):
    help = "Make the groups of staff say exactly what the table of roles says."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Roles: {', '.join(sync_roles())}.")
