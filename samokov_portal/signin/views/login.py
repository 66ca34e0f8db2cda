"""Signing in: the password, then the second factor."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from samokov_portal.signin.passing import await_second, awaited, let_in
from samokov_portal.signin.views.confirming import NEXT, after_login, ask_page, first_page, is_confirmed, sent_form
from samokov_portal.staff import factors
from samokov_portal.staff.devices import know_device
from samokov_portal.staff.forms import ShortUsername
from samokov_portal.staff.sessions import ENDED, KEPT


class StaffLogin(LoginView):
    """The password. Who has a second factor goes on to it; whoever has no work list begins in the administration."""

    redirect_authenticated_user = True
    authentication_form = ShortUsername

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = ENDED in self.request.session
        minutes = settings.STAFF_IDLE_MINUTES
        return super().get_context_data(
            **kwargs,
            ended=ended,
            kept=KEPT in self.request.session,
            idle_minutes=minutes,
            eauth=settings.EAUTH_ISSUER and settings.EAUTH_NAME,
        )

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        if not factors.has_factor(user):
            answer = super().form_valid(form)
            know_device(self.request, answer, user, timezone.now())
            return answer
        await_second(self.request, user)
        after = self.get_redirect_url()
        return redirect(f"{reverse('login_second')}{'?' + urlencode({NEXT: after}) if after else ''}")

    def get_default_redirect_url(self) -> str:
        return first_page(self.request.user)


@never_cache
def admin_login(request: HttpRequest) -> HttpResponse:
    """The administration pages have no way in of their own; who is in and was sent here may not enter them."""
    if request.user.is_authenticated:
        if not request.user.is_staff:
            raise PermissionDenied
        return redirect("admin:index")
    return redirect_to_login(request.GET.get(NEXT) or reverse("admin:index"))


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def login_second(request: HttpRequest) -> HttpResponse:
    """The second step of the login. Without the first one, or too late after it, back to the password."""
    user = awaited(request)
    if user is None:
        return redirect_to_login(request.GET.get(NEXT) or "")
    form = sent_form(request)
    if not is_confirmed(form, user):
        return ask_page(request, "staff/login_second.html", form, user)
    let_in(request, user, second=True)
    answer = redirect(after_login(request, user))
    know_device(request, answer, user, timezone.now())
    return answer
