from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from samokov_portal.reasoned_admin import ToldAdmin
from samokov_portal.staff.models import StaffUser

# Factors are set up by their owners and taken back by a command, each told of by an event; addresses are not used.
for model in (Authenticator, EmailAddress):
    admin.site.unregister(model)


@admin.register(StaffUser)
class StaffUserAdmin(ToldAdmin, UserAdmin):
    list_display = ("username", "first_name", "last_name", "position", "is_active")
