"""Signing in: the password, then the second factor; and the page on which staff set their factors up."""

from datetime import timedelta
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samokov_portal.office.limits import Limit, take
from samokov_portal.signin.forms import CodeForm
from samokov_portal.signin.passing import await_second, awaited, is_fresh, let_in, pass_again
from samokov_portal.staff import factors
from samokov_portal.staff.desk import for_staff
from samokov_portal.staff.devices import know_device
from samokov_portal.staff.factors import LastFactor, WrongCode
from samokov_portal.staff.forms import ShortUsername
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.requests import StaffRequest
from samokov_portal.staff.sessions import ENDED, KEPT

# Wrong codes of one person, from wherever they come: a code has six digits and lives for a minute and a half.
CODES = Limit("second-factor", 8, timedelta(minutes=15))
NEXT = "next"
SEED = "staff_seed"


class StaffLogin(LoginView):
    """The password. Who has a second factor goes on to it; whoever has no work list begins in the administration."""

    redirect_authenticated_user = True
    authentication_form = ShortUsername

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = ENDED in self.request.session
        minutes = settings.STAFF_IDLE_MINUTES
        return super().get_context_data(**kwargs, ended=ended, kept=KEPT in self.request.session, idle_minutes=minutes)

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


def first_page(user: Any) -> str:
    return reverse("feedback:work_list" if user.has_perm("feedback.view_case") else "admin:index")


def after_login(request: HttpRequest, user: StaffUser) -> str:
    """The page that was asked for, if it is ours; else the first one of this person."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else first_page(user)


@never_cache
def admin_login(request: HttpRequest) -> HttpResponse:
    """The administration pages have no way in of their own; who is in and was sent here may not enter them."""
    if request.user.is_authenticated:
        if not request.user.is_staff:
            raise PermissionDenied
        return redirect("admin:index")
    return redirect_to_login(request.GET.get(NEXT) or reverse("admin:index"))


def code_is_right(form: CodeForm, user: StaffUser) -> bool:
    """Whether the code is one of this person's, not used before, and not one of too many; else the form says why."""
    if not form.is_valid():
        return False
    if take(CODES, str(user.pk), timezone.now()).is_over:
        form.add_error("code", _("Твърде много опити. Изчакайте петнайсет минути."))
        return False
    try:
        factors.confirm_code(user=user, code=form.cleaned_data["code"])
    except WrongCode:
        form.refuse()
        return False
    return True


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def login_second(request: HttpRequest) -> HttpResponse:
    """The second step of the login: a code. Without the first one, or too late after it, back to the password."""
    user = awaited(request)
    if user is None:
        return redirect_to_login(request.GET.get(NEXT) or "")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and code_is_right(form, user):
        let_in(request, user, second=True)
        answer = redirect(after_login(request, user))
        know_device(request, answer, user, timezone.now())
        return answer
    context = {"form": form, "factors": factors.factors_of(user), "next": request.GET.get(NEXT, "")}
    return render(request, "staff/login_second.html", context, status=422 if form.is_bound else 200)


@require_safe
@for_staff
def second_factor(request: StaffRequest) -> HttpResponse:
    """The factors of whoever asks, and how to add one."""
    found = factors.factors_of(request.user)
    return render(request, "staff/second_factor.html", {"factors": found, "required": settings.STAFF_SECOND_FACTOR})


def confirm_first(request: StaffRequest) -> HttpResponse | None:
    """Ask for a code before the factors are changed, unless one was shown just now or there is none yet."""
    if is_fresh(request) or not factors.has_factor(request.user):
        return None
    return redirect(f"{reverse('second_factor_confirm')}?{urlencode({NEXT: reverse('second_factor')})}")


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@for_staff
def second_factor_confirm(request: StaffRequest) -> HttpResponse:
    """Show once more that it is you, before the factors are changed."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and code_is_right(form, request.user):
        pass_again(request)
        return redirect(after_login(request, request.user))
    context = {"form": form, "factors": factors.factors_of(request.user), "next": request.GET.get(NEXT, "")}
    return render(request, "staff/second_factor_confirm.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@for_staff
def second_factor_app(request: StaffRequest) -> HttpResponse:
    """Add an app that shows codes: its picture and its key, until a code of it proves that it was read."""
    asked = confirm_first(request)
    if asked is not None:
        return asked
    form = CodeForm(request.POST if request.method == "POST" else None)
    secret = seed_to_read(request, anew=not form.is_bound)
    if form.is_bound and form.is_valid():
        done = app_added(request, form, secret)
        if done is not None:
            return done
    address = get_adapter().build_totp_url(request.user, secret)
    context = {"form": form, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}
    context |= {"picture": get_adapter().build_totp_svg(address), "address": address}
    return render(request, "staff/second_factor_app.html", context, status=422 if form.is_bound else 200)


def seed_to_read(request: StaffRequest, *, anew: bool) -> str:
    """The seed that the app is being given; until it is added it lies in the session, encrypted too."""
    if anew or SEED not in request.session:
        request.session[SEED] = encrypt(generate_totp_secret())
    return str(decrypt(request.session[SEED]))


def app_added(request: StaffRequest, form: CodeForm, secret: str) -> HttpResponse | None:
    """The answer once the app is there: the recovery codes, which are shown this once. None when the code is wrong."""
    if take(CODES, str(request.user.pk), timezone.now()).is_over:
        form.add_error("code", _("Твърде много опити. Изчакайте петнайсет минути."))
        return None
    try:
        codes = factors.add_app(user=request.user, secret=secret, code=form.cleaned_data["code"])
    except WrongCode:
        form.refuse()
        return None
    request.session.pop(SEED, None)
    pass_again(request)
    return codes_page(request, codes)


def codes_page(request: StaffRequest, codes: list[str]) -> HttpResponse:
    if not codes:
        messages.success(request, _("Вторият фактор е добавен."))
        return redirect("second_factor")
    return render(request, "staff/recovery_codes.html", {"codes": codes})


@require_POST
@for_staff
def second_factor_codes(request: StaffRequest) -> HttpResponse:
    """New recovery codes, in the answer itself: they are shown this once."""
    asked = confirm_first(request)
    if asked is not None:
        return asked
    if not factors.has_factor(request.user):
        return redirect("second_factor")
    return codes_page(request, factors.renew_codes(user=request.user))


@require_POST
@for_staff
def second_factor_remove(request: StaffRequest, pk: int) -> HttpResponse:
    asked = confirm_first(request)
    if asked is not None:
        return asked
    row = get_object_or_404(Authenticator.objects.exclude(type=factors.Type.RECOVERY_CODES), user=request.user, pk=pk)
    try:
        factors.remove_factor(user=request.user, key=row.pk)
    except LastFactor:
        messages.error(request, _("Това е единственият Ви втори фактор. Първо добавете друг."))
    else:
        messages.success(request, _("Вторият фактор е премахнат."))
    return redirect("second_factor")
