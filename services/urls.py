from django.urls import path

import samokov_portal.office.converters  # noqa: F401 (registers the converter of numbers)
from services.views import application, applications, catalogue, drafts, exchange, life_events, opinions

app_name = "services"

urlpatterns = [
    path("services/", catalogue.catalogue, name="catalogue"),
    path("services/<slug:slug>/", catalogue.detail, name="detail"),
    path("services/<slug:slug>/opinion/", opinions.opinion, name="opinion"),
    path("life-events/", life_events.life_events, name="life_events"),
    path("life-events/<slug:code>/", life_events.life_event, name="life_event"),
    path("desk/opinions/", opinions.opinions, name="opinions"),
    path("desk/catalogue/", drafts.drafts, name="drafts"),
    path("desk/catalogue/export/<slug:file_format>/", exchange.catalogue_export, name="catalogue_export"),
    path("desk/catalogue/imports/", exchange.catalogue_imports, name="catalogue_imports"),
    path("desk/catalogue/imports/<int:pk>/", exchange.catalogue_import, name="catalogue_import"),
    path("desk/catalogue/imports/<int:pk>/draft/", exchange.catalogue_import_draft, name="catalogue_import_draft"),
    path("desk/catalogue/new/", drafts.draft_new, name="draft_new"),
    path("desk/catalogue/services/<slug:slug>/", drafts.draft_begin, name="draft_begin"),
    *drafts.PAGES.urls("desk/catalogue/drafts/"),
    path("desk/applications/", applications.applications, name="applications"),
    path("desk/applications/ready/", applications.applications_ready, name="applications_ready"),
    path("desk/applications/<number:number>/", application.application, name="application"),
    path("desk/applications/<number:number>/code/", application.application_code, name="application_code"),
    path("desk/applications/<number:number>/visit/", application.application_visit, name="application_visit"),
    path("desk/applications/<number:number>/check/", application.application_check, name="application_check"),
    path("desk/applications/<number:number>/defects/", application.application_defects, name="application_defects"),
    path("desk/applications/<number:number>/mend/", application.application_mend, name="application_mend"),
    path("desk/applications/<number:number>/tell/", application.application_tell, name="application_tell"),
    path("desk/applications/<number:number>/set-fee/", application.application_set_fee, name="application_set_fee"),
    path("desk/applications/<number:number>/pay/", application.application_pay, name="application_pay"),
    path("desk/applications/<number:number>/finish/", application.application_finish, name="application_finish"),
    path("desk/applications/<number:number>/refuse/", application.application_refuse, name="application_refuse"),
    path("desk/applications/<number:number>/leave/", application.application_leave, name="application_leave"),
    path("desk/applications/<number:number>/withdraw/", application.application_withdraw, name="application_withdraw"),
    path(
        "desk/applications/<number:number>/hand-over/", application.application_hand_over, name="application_hand_over"
    ),
]
