from django.urls import path

from samokov_portal.open311 import views

app_name = "open311"
urlpatterns = [
    path("discovery.<slug:form>", views.discovery, name="discovery"),
    path("services.<slug:form>", views.services, name="services"),
    path("services/<str:code>.<slug:form>", views.service_definition, name="service_definition"),
    path("requests.<slug:form>", views.requests, name="requests"),
    path("requests/<str:number>.<slug:form>", views.one_request, name="one_request"),
    path("tokens/<str:token>.<slug:form>", views.number_of_token, name="number_of_token"),
]
