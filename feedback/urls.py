from django.urls import path

import samokov_portal.office.converters  # noqa: F401 (registers the converter of numbers)
from feedback.views import citizen, desk

app_name = "feedback"

urlpatterns = [
    path("feedback/", citizen.choose, name="choose"),
    path("feedback/new/<slug:kind>/", citizen.new, name="new"),
    path("feedback/track/", citizen.track, name="track"),
    path("desk/", desk.work_list, name="work_list"),
    path("desk/log/", desk.log, name="log"),
    path("desk/log/<slug:kind>/", desk.log_new, name="log_new"),
    path("desk/cases/<number:number>/", desk.case, name="case"),
    path("desk/cases/<number:number>/assign/", desk.case_assign, name="case_assign"),
    path("desk/cases/<number:number>/forward/", desk.case_forward, name="case_forward"),
    path("desk/cases/<number:number>/extend/", desk.case_extend, name="case_extend"),
    path("desk/cases/<number:number>/answer/", desk.case_answer, name="case_answer"),
    path("desk/cases/<number:number>/close/", desk.case_close, name="case_close"),
]
