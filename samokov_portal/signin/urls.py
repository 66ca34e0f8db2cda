"""The ways in and out, and what staff may change of them."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from samokov_portal.signin.views import eauth, factors, keys, login, people

urlpatterns = [
    path("desk/login/", login.StaffLogin.as_view(), name="login"),
    path("desk/login/second/", login.login_second, name="login_second"),
    path("desk/login/eauth/", eauth.login_eauth, name="login_eauth"),
    path("desk/login/eauth/back/", eauth.login_eauth_back, name="login_eauth_back"),
    path("desk/logout/", LogoutView.as_view(), name="logout"),
    path("desk/second-factor/", factors.second_factor, name="second_factor"),
    path("desk/second-factor/confirm/", factors.second_factor_confirm, name="second_factor_confirm"),
    path("desk/second-factor/app/", factors.second_factor_app, name="second_factor_app"),
    path("desk/second-factor/key/", keys.second_factor_key, name="second_factor_key"),
    path("desk/second-factor/codes/", factors.second_factor_codes, name="second_factor_codes"),
    path("desk/second-factor/<int:pk>/rename/", keys.second_factor_rename, name="second_factor_rename"),
    path("desk/second-factor/<int:pk>/remove/", factors.second_factor_remove, name="second_factor_remove"),
    path("desk/staff/", people.staff, name="staff"),
    path("desk/staff/<int:pk>/", people.staff_member, name="staff_member"),
    path("desk/admin/login/", login.admin_login, name="admin_login"),
]
