"""The request of somebody who is logged in, for the signatures of the desk's views."""

from django.http import HttpRequest

from samokov_portal.staff.models import StaffUser


class StaffRequest(HttpRequest):
    """Behind `login_required` the user is a member of staff."""

    user: StaffUser
