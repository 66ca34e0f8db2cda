"""Showing a second factor: a code, or the answer of a security key."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from samokov_portal.office.limits import Limit, take
from samokov_portal.signin.forms import CodeForm, KeyForm
from samokov_portal.signin.passing import is_fresh
from samokov_portal.staff import factors, keys
from samokov_portal.staff.factors import WrongCode
from samokov_portal.staff.keys import KeyRefused
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.requests import StaffRequest

# Wrong codes of one person, from wherever they come: a code has six digits and lives for a minute and a half.
CODES = Limit("second-factor", 8, timedelta(minutes=15))
NEXT = "next"


def first_page(user: Any) -> str:
    return reverse("feedback:work_list" if user.has_perm("feedback.view_case") else "admin:index")


def after_login(request: HttpRequest, user: StaffUser, wanted: str = "") -> str:
    """The page that was asked for, if it is ours; else the first one of this person."""
    wanted = wanted or after_wanted(request)
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else first_page(user)


def may_try(form: CodeForm | KeyForm, user: StaffUser) -> bool:
    """Whether the form can be read and is not one of too many; else it says why."""
    if not form.is_valid():
        return False
    if take(CODES, str(user.pk), timezone.now()).is_over:
        form.add_error(form.ASKED, _("Твърде много опити. Изчакайте петнайсет минути."))
        return False
    return True


def is_confirmed(form: CodeForm | KeyForm, user: StaffUser) -> bool:
    """Whether the code or the key is one of this person's, not used before; else the form says why."""
    if not form.is_bound or not may_try(form, user):
        return False
    try:
        if isinstance(form, KeyForm):
            keys.confirm_key(user=user, credential=form.cleaned_data["credential"])
        else:
            factors.confirm_code(user=user, code=form.cleaned_data["code"])
    except (WrongCode, KeyRefused):
        form.refuse()
        return False
    return True


def sent_form(request: HttpRequest) -> CodeForm | KeyForm:
    """What was sent to confirm who somebody is; an empty form when nothing was."""
    if request.method != "POST":
        return CodeForm()
    return KeyForm(request.POST) if "credential" in request.POST else CodeForm(request.POST)


def ask_page(request: HttpRequest, template: str, form: CodeForm | KeyForm, user: StaffUser) -> HttpResponse:
    """The page that asks `user` for a second factor, by a key where they have one; 422 after a wrong one."""
    found = factors.factors_of(user)
    context: dict[str, Any] = {"form": form, "factors": found, "next": after_wanted(request)}
    context["code_form"] = form if isinstance(form, CodeForm) else CodeForm()
    if found.keys:
        context["key_options"] = keys.begin_confirming(user)
    return render(request, template, context, status=422 if form.is_bound else 200)


def after_wanted(request: HttpRequest) -> str:
    """The page that was asked for before, as it was sent: nothing is led to without a check."""
    return request.POST.get(NEXT) or request.GET.get(NEXT) or ""


def confirm_first(request: StaffRequest) -> HttpResponse | None:
    """Ask for a code before the factors are changed, unless one was shown just now or there is none yet."""
    if is_fresh(request) or not factors.has_factor(request.user):
        return None
    return redirect(f"{reverse('second_factor_confirm')}?{urlencode({NEXT: reverse('second_factor')})}")


def codes_page(request: StaffRequest, codes: list[str]) -> HttpResponse:
    if not codes:
        messages.success(request, _("Вторият фактор е добавен."))
        return redirect("second_factor")
    return render(request, "staff/recovery_codes.html", {"codes": codes})
