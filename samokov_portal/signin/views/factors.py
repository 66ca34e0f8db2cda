"""The page on which staff set their second factors up."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samokov_portal.signin.forms import CodeForm
from samokov_portal.signin.passing import pass_again
from samokov_portal.signin.views.confirming import (
    after_login,
    ask_page,
    codes_page,
    confirm_first,
    is_confirmed,
    may_try,
    sent_form,
)
from samokov_portal.staff import factors
from samokov_portal.staff.desk import for_staff
from samokov_portal.staff.factors import LastFactor, WrongCode
from samokov_portal.staff.people import devices_of
from samokov_portal.staff.requests import StaffRequest
from samokov_portal.staff.words import role_words

SEED = "staff_seed"


@require_safe
@for_staff
def second_factor(request: StaffRequest) -> HttpResponse:
    """The account of whoever asks: factors and how to add one, roles, and from where they logged in."""
    context = {
        "factors": factors.factors_of(request.user),
        "required": settings.STAFF_SECOND_FACTOR,
        "roles": sorted(role_words(name) for name in request.user.groups.values_list("name", flat=True)),
        "devices": devices_of(request.user),
    }
    return render(request, "staff/second_factor.html", context)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@for_staff
def second_factor_confirm(request: StaffRequest) -> HttpResponse:
    """Show once more that it is you, before the factors are changed."""
    form = sent_form(request)
    if not is_confirmed(form, request.user):
        return ask_page(request, "staff/second_factor_confirm.html", form, request.user)
    pass_again(request)
    return redirect(after_login(request, request.user))


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
    if form.is_bound and may_try(form, request.user):
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
    try:
        codes = factors.add_app(user=request.user, secret=secret, code=form.cleaned_data["code"])
    except WrongCode:
        form.refuse()
        return None
    request.session.pop(SEED, None)
    pass_again(request)
    return codes_page(request, codes)


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
