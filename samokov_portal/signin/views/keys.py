"""Security keys and passkeys of whoever asks: added and renamed."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samokov_portal.signin.forms import NamedKeyForm, NameForm
from samokov_portal.signin.passing import pass_again
from samokov_portal.signin.views.confirming import codes_page, confirm_first, may_try
from samokov_portal.staff import factors, keys
from samokov_portal.staff.desk import for_staff
from samokov_portal.staff.keys import KeyRefused
from samokov_portal.staff.requests import StaffRequest


@require_http_methods(["GET", "POST"])
@for_staff
def second_factor_key(request: StaffRequest) -> HttpResponse:
    """Add a security key or a passkey: a script asks the browser for it and sends what it answered."""
    asked = confirm_first(request)
    if asked is not None:
        return asked
    form = NamedKeyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and may_try(form, request.user):
        try:
            codes = keys.add_key(user=request.user, **form.cleaned_data)
        except KeyRefused:
            form.refuse()
        else:
            pass_again(request)
            return codes_page(request, codes)
    context = {"form": form, "key_options": keys.begin_adding(request.user)}
    return render(request, "staff/second_factor_key.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@for_staff
def second_factor_rename(request: StaffRequest, pk: int) -> HttpResponse:
    """Call a key otherwise, so that its owner knows which one it is."""
    row = get_object_or_404(Authenticator, user=request.user, type=factors.Type.WEBAUTHN, pk=pk)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": row.wrap().name})
    if form.is_bound and form.is_valid():
        keys.rename_key(row=row, name=form.cleaned_data["name"])
        messages.success(request, _("Ключът е преименуван."))
        return redirect("second_factor")
    context = {"form": form, "key": row}
    return render(request, "staff/second_factor_rename.html", context, status=422 if form.is_bound else 200)
