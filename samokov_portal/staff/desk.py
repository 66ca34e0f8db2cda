"""What every page of the desk has in common: a login, a permission, and no page kept by browsers or proxies."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.views.decorators.cache import never_cache

View = Callable[..., Any]


def at_desk(permission: str) -> Callable[[View], View]:
    """A view for staff with `permission`: anonymous visitors are sent to the login, others without it get 403.

    The view says which one in `staff_permission`, so that every door of the staff can be found.
    """

    def decorate(view: View) -> View:
        guarded: Any = never_cache(login_required(permission_required(permission, raise_exception=True)(view)))
        guarded.staff_permission = permission
        return guarded

    return decorate


def for_staff(view: View) -> View:
    """A view for every member of staff, whatever they may do."""
    guarded: Any = never_cache(login_required(view))
    guarded.staff_permission = ""
    return guarded
