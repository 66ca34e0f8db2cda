from django.urls import path

import samokov_portal.office.converters  # noqa: F401 (registers the converter of numbers)
from services import views

app_name = "services"

urlpatterns = [
    path("services/", views.catalogue, name="catalogue"),
    path("services/<slug:slug>/", views.detail, name="detail"),
    path("desk/applications/", views.applications, name="applications"),
    path("desk/applications/new/", views.application_new, name="application_new"),
    path("desk/applications/<number:number>/", views.application, name="application"),
    path("desk/applications/<number:number>/visit/", views.application_visit, name="application_visit"),
    path("desk/applications/<number:number>/tell/", views.application_tell, name="application_tell"),
    path("desk/applications/<number:number>/complete/", views.application_complete, name="application_complete"),
    path("desk/applications/<number:number>/hand-over/", views.application_hand_over, name="application_hand_over"),
]
