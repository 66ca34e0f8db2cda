from django.urls import path, register_converter

from charter.views import (
    charter,
    consultations,
    desk,
    desk_consultations,
    drafts,
    observations,
    records,
    reports,
    secretary,
    terms,
    verify,
)


class PeriodConverter:
    """The code of a period in an address: 2026, 2026-H1, 2026-Q3, 2026-07."""

    regex = r"20[0-9]{2}(?:-(?:Q[1-4]|H[12]|0[1-9]|1[0-2]))?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class FileConverter:
    """The name of a file of a report in an address: figures.json, cases.csv."""

    regex = r"[a-z]{1,30}\.(?:csv|json)"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PeriodConverter, "period")
register_converter(FileConverter, "file")

app_name = "charter"

urlpatterns = [
    path("charter/", charter.charter, name="charter"),
    path("charter/versions/<int:number>/", charter.version, name="version"),
    path("charter/standards/", charter.standards, name="standards"),
    path("charter/standards/<slug:code>/", charter.standard, name="standard"),
    path("charter/standards/<slug:code>/cases/", records.standard_cases, name="standard_cases"),
    path("charter/standards/<slug:code>/cases.csv", records.standard_cases_csv, name="standard_cases_csv"),
    path("charter/consultations/", consultations.consultations, name="consultations"),
    path("charter/consultations/<int:pk>/", consultations.consultation, name="consultation"),
    path("charter/consultations/<int:pk>/comments.csv", consultations.consultation_csv, name="consultation_csv"),
    path("terms/", terms.terms, name="terms"),
    path("reports/", reports.reports, name="reports"),
    path("reports/verify/", verify.verify, name="verify"),
    path("reports/keys/", verify.keys, name="keys"),
    path("reports/<period:period>/", reports.report, name="report"),
    path("reports/<period:period>.pdf", reports.report_pdf, name="report_pdf"),
    path("reports/<period:period>.csv", reports.report_csv, name="report_csv"),
    path("reports/<period:period>.json", reports.report_json, name="report_json"),
    path("reports/<period:period>/<file:name>", reports.report_file, name="report_file"),
    path("reports/<period:period>/versions/<int:number>/", reports.report, name="report"),
    path("reports/<period:period>/versions/<int:number>/report.pdf", reports.report_pdf, name="report_pdf"),
    path("reports/<period:period>/versions/<int:number>/<file:name>", reports.report_file, name="report_file"),
    path("desk/secretary/", secretary.secretary, name="secretary"),
    path("desk/secretary/count/", secretary.secretary_count, name="secretary_count"),
    path("desk/secretary/standards/<slug:code>/", secretary.secretary_standard, name="secretary_standard"),
    path("desk/observations/", observations.observations, name="observations"),
    path("desk/observations/<int:pk>/withdraw/", observations.observation_withdraw, name="observation_withdraw"),
    path("desk/consultations/", desk_consultations.desk_consultations, name="desk_consultations"),
    path("desk/consultations/<int:pk>/", desk_consultations.desk_consultation, name="desk_consultation"),
    path(
        "desk/consultations/<int:pk>/announce/",
        desk_consultations.desk_consultation_announce,
        name="desk_consultation_announce",
    ),
    path(
        "desk/consultations/<int:pk>/publish/",
        desk_consultations.desk_consultation_publish,
        name="desk_consultation_publish",
    ),
    path("desk/consultations/<int:pk>/comments/<int:number>/", desk_consultations.desk_comment, name="desk_comment"),
    path(
        "desk/consultations/<int:pk>/comments/<int:number>/hide/",
        desk_consultations.desk_comment_hide,
        name="desk_comment_hide",
    ),
    path("desk/charter/", drafts.charter_drafts, name="charter_drafts"),
    *drafts.PAGES.urls("desk/charter/"),
    path("desk/reports/", desk.desk_reports, name="desk_reports"),
    path("desk/reports/prepare/", desk.desk_report_prepare, name="desk_report_prepare"),
    path("desk/reports/<int:pk>/", desk.desk_report, name="desk_report"),
    path("desk/reports/<int:pk>/pdf/", desk.desk_report_pdf, name="desk_report_pdf"),
    path("desk/reports/<int:pk>/figures/<int:figure>/", desk.desk_figure, name="desk_figure"),
    path("desk/reports/<int:pk>/<slug:step>/", desk.desk_report_step, name="desk_report_step"),
]
