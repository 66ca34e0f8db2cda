"""The map: Bulgarian at the root, English under /en/; open data and health have no language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from charter.views import charter, open_cases, terms
from samokov_portal import looking, views
from samokov_portal.design import design
from samokov_portal.openness.sitemaps import SITEMAPS
from samokov_portal.openness.views import calendars, schema
from samokov_portal.openness.views import files as openness
from samokov_portal.staff import views as staff
from services.views.catalogue import api_services

handler400 = "samokov_portal.intake.bad_request"
handler500 = "samokov_portal.outage.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("api/v1/standards/", charter.api_standards, name="api_standards"),
    path("api/v1/cases/", open_cases.api_cases, name="api_cases"),
    path("api/v1/cases.csv", open_cases.api_cases_csv, name="api_cases_csv"),
    path("api/v1/schema/", schema.api_schema, name="api_schema"),
    path("api/v1/services/", api_services, name="api_services"),
    path("api/v1/seals/", views.api_seals, name="api_seals"),
    path("api/v1/term/", terms.api_term, name="api_term"),
    path("robots.txt", openness.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path(".well-known/security.txt", openness.security, name="security"),
    path("api/v1/catalogue.<slug:form>", openness.api_cpsv, name="api_cpsv"),
    path("api/v1/open-data.<slug:form>", openness.api_dcat, name="api_dcat"),
    path("calendar/<str:key>.ics", calendars.deadlines_calendar, name="deadlines_calendar"),
    path("open311/v2/", include("samokov_portal.open311.urls")),
    *i18n_patterns(
        path("", views.home, name="home"),
        # Before the others: addresses are tried one after another, and what is here is made anew for each person.
        path("", include("feedback.urls")),
        path("seals/", views.seals, name="seals"),
        path("feeds/reports.atom", openness.feed_reports, name="feed_reports"),
        path("feeds/charter.atom", openness.feed_charter, name="feed_charter"),
        path("feeds/services.atom", openness.feed_services, name="feed_services"),
        path("about/", views.about, name="about"),
        path("accessibility/", views.accessibility, name="accessibility"),
        path("privacy/", views.privacy, name="privacy"),
        path("design/", design, name="design"),
        path("", include("charter.urls")),
        path("", include("services.urls")),
        path("", include("samokov_portal.frontdesk.urls")),
        path("", include("samokov_portal.search.urls")),
        path("", include("samokov_portal.signin.urls")),
        path("desk/kept/", staff.kept, name="kept"),
        path("desk/kept/forget/", staff.kept_forget, name="kept_forget"),
        path("desk/looks/", looking.looks, name="looks"),
        path("desk/deadlines/", calendars.deadlines, name="deadlines"),
        path("desk/calendar/", views.calendar, name="calendar"),
        path("desk/calendar/apply/", views.calendar_apply, name="calendar_apply"),
        path("desk/admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
