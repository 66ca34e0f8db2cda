from django.urls import path

import samokov_portal.office.converters  # noqa: F401 (registers the converter of numbers)
from services.views import applications, catalogue

app_name = "services"

urlpatterns = [
    path("services/", catalogue.catalogue, name="catalogue"),
    path("services/<slug:slug>/", catalogue.detail, name="detail"),
    path("desk/applications/", applications.applications, name="applications"),
    path("desk/applications/new/", applications.application_new, name="application_new"),
    path("desk/applications/<number:number>/", applications.application, name="application"),
    path("desk/applications/<number:number>/visit/", applications.application_visit, name="application_visit"),
    path("desk/applications/<number:number>/tell/", applications.application_tell, name="application_tell"),
    path("desk/applications/<number:number>/complete/", applications.application_complete, name="application_complete"),
    path(
        "desk/applications/<number:number>/hand-over/", applications.application_hand_over, name="application_hand_over"
    ),
]
