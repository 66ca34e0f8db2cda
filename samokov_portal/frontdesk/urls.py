from django.urls import path

import samokov_portal.office.converters  # noqa: F401 (registers the converter of numbers)
from samokov_portal.frontdesk.views import entry, papers, prints

app_name = "frontdesk"

urlpatterns = [
    path("desk/log/", entry.log, name="log"),
    path("desk/log/offers/", entry.log_offers, name="log_offers"),
    path("desk/log/people/", entry.log_people, name="log_people"),
    path("desk/log/<slug:kind>/", entry.log, name="log"),
    path("desk/cases/<number:number>/receipt/", papers.case_receipt, name="case_receipt"),
    path("desk/cases/<number:number>/protocol/", papers.case_protocol, name="case_protocol"),
    path("desk/cases/<number:number>/label/", papers.case_label, name="case_label"),
    path("desk/applications/<number:number>/receipt/", papers.application_receipt, name="application_receipt"),
    path("desk/applications/<number:number>/protocol/", papers.application_protocol, name="application_protocol"),
    path("desk/applications/<number:number>/label/", papers.application_label, name="application_label"),
    path("desk/letters/<int:pk>/paper/", papers.letter_paper, name="letter_paper"),
    path("desk/print/", prints.prints, name="prints"),
    path("desk/print/letters/", prints.print_letters, name="print_letters"),
    path("desk/print/labels/", prints.print_labels, name="print_labels"),
    path("desk/prints/<uuid:key>/", prints.print_order, name="print_order"),
    path("desk/prints/<uuid:key>/file/", prints.print_file, name="print_file"),
    path("desk/prints/<uuid:key>/again/", prints.print_again, name="print_again"),
]
