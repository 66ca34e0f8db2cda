import os
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from samokov_portal.history import upsert
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.roles import ADMIN_ROLES, ROLES
from services.models import Unit, UnitMember

# Invented people: the first name is the role, so that nobody takes them for the real ones.
POSITIONS = {
    "clerk": "служител в Деловодство",
    "expert": "експерт в дирекция",
    "secretary": "секретар на общината",
    "mayor": "кмет на общината",
    "editor": "редактор на хартата и каталога",
    "auditor": "одитор",
}
EXPERT_UNIT = "hdettos"
WHY = "примерен служител"


class Command(BaseCommand):
    help = "Make one demonstration account for each role, all with the password in DEMO_PASSWORD; only for DEMO=1."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration accounts are made only for the demonstration (DEMO=1).")
        password = os.environ.get("DEMO_PASSWORD", "")
        if not password:
            raise CommandError("DEMO_PASSWORD is not set.")
        for role in ROLES:
            self._account(role, password)
        unit = Unit.objects.get(code=EXPERT_UNIT)
        expert = StaffUser.objects.get(username="expert")
        upsert(UnitMember, key={"user": expert}, values={"unit": unit}, why=WHY)
        self.stdout.write(f"Accounts: {', '.join(ROLES)}.")

    def _account(self, role: str, password: str) -> None:
        values = {
            "first_name": POSITIONS[role].split()[0].capitalize(),
            "last_name": "(пример)",
            "position": POSITIONS[role],
            "is_staff": role in ADMIN_ROLES,
        }
        user: Any = upsert(StaffUser, key={"username": role}, values=values, why=WHY)[0]
        if not user.check_password(password):
            user.set_password(password)
            # The password is not part of the history, so this is not a change that history should show.
            user.save_without_historical_record(update_fields=["password"])
        user.groups.set(Group.objects.filter(name=role))
