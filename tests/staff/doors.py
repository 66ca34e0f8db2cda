"""The doors of the staff, written out: each address, what may be asked of it and by whom. The code must say just this.

An address is written as the map of addresses has it, without the language. A verb that has no set is refused to all
with 405; anonymous visitors are sent to the login. In the administration pages a line is a table of rows.
"""

from dataclasses import dataclass

from feedback.choices import Kind

ROLES = ("clerk", "expert", "secretary", "mayor", "editor", "auditor")
EVERY = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()
DESK = frozenset({"clerk", "expert", "secretary", "mayor"})
COUNTER = frozenset({"clerk", "secretary"})
ANSWERING = frozenset({"clerk", "expert", "secretary"})
PREPARING = frozenset({"secretary", "mayor", "editor"})
PUBLISHING = frozenset({"secretary", "mayor"})
LISTENING = frozenset({"secretary", "editor"})  # observations and consultations
EDITOR = frozenset({"editor"})
RECORDS = frozenset({"editor", "auditor"})  # the administration pages

CASE = "desk/cases/<number:number>/"
APPLICATION = "desk/applications/<number:number>/"
LETTER = "desk/letters/<int:pk>/"
CONSULTATION = "desk/consultations/<int:pk>/"
COMMENT = f"{CONSULTATION}comments/<int:number>/"
REPORT = "desk/reports/<int:pk>/"
CHARTER_DRAFT = "desk/charter/<int:pk>/"
CATALOGUE_DRAFT = "drafts/<int:pk>/"
CATALOGUE_IMPORT = "desk/catalogue/imports/<int:pk>/"


@dataclass(frozen=True)
class Door:
    """An address of the staff, and who may read it and who may send to it; None where that is no verb of it."""

    route: str
    get: frozenset[str] | None
    post: frozenset[str] | None
    # What stands in the address for converters that are not keys of rows.
    given: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return "/".join([self.route.strip("/"), *(value for _name, value in self.given)])


def read(route: str, by: frozenset[str], **given: str) -> Door:
    return Door(route, by, None, tuple(given.items()))


def send(route: str, by: frozenset[str], **given: str) -> Door:
    return Door(route, None, by, tuple(given.items()))


def both(route: str, by: frozenset[str], **given: str) -> Door:
    return Door(route, by, by, tuple(given.items()))


DOORS: list[Door] = [
    read("desk/", DESK),
    *[both("desk/export/<slug:file_format>/", DESK, file_format=ending) for ending in ("csv", "xlsx")],
    read("desk/exports/<uuid:key>/", DESK),
    read("desk/exports/<uuid:key>/file/", DESK),
    send("desk/filters/save/", DESK),
    send("desk/filters/<int:pk>/remove/", DESK),
    # many papers at once
    read("desk/print/", COUNTER),
    send("desk/print/letters/", COUNTER),
    send("desk/print/labels/", COUNTER),
    read("desk/prints/<uuid:key>/", COUNTER),
    read("desk/prints/<uuid:key>/file/", COUNTER),
    send("desk/prints/<uuid:key>/again/", COUNTER),
    # cases
    both("desk/log/", COUNTER),
    read("desk/log/offers/", COUNTER),
    send("desk/log/people/", COUNTER),
    *[both("desk/log/<slug:kind>/", COUNTER, kind=kind) for kind in Kind.values],
    send("desk/cases/assign/", COUNTER),
    send("desk/cases/merge/", COUNTER),
    read(CASE, DESK),
    read(f"{CASE}files/<uuid:key>/", DESK),
    both(f"{CASE}receipt/", DESK),
    read(f"{CASE}protocol/", DESK),
    read(f"{CASE}label/", DESK),
    send(f"{CASE}attach/", COUNTER),
    read(f"{CASE}history/", DESK),
    send(f"{CASE}note/", DESK),
    send(f"{CASE}ask-extension/", ANSWERING),
    send(f"{CASE}refuse-extension/", frozenset({"mayor"})),
    send(f"{CASE}fill/", ANSWERING),
    send(f"{CASE}assign/", COUNTER),
    send(f"{CASE}requalify/", COUNTER),
    send(f"{CASE}merge/", COUNTER),
    send(f"{CASE}separate/", COUNTER),
    read(f"{CASE}similar/", COUNTER),
    send(f"{CASE}ask/", ANSWERING),
    send(f"{CASE}record-reply/", ANSWERING),
    send(f"{CASE}lapse/", ANSWERING),
    send(f"{CASE}forward/", ANSWERING),
    send(f"{CASE}extend/", ANSWERING | {"mayor"}),  # the ground says which of them
    send(f"{CASE}end/", ANSWERING),
    send(f"{CASE}answer/", ANSWERING),
    send(f"{CASE}notify/", ANSWERING),
    send(f"{CASE}close/", ANSWERING),
    send(f"{CASE}record-withdrawal/", ANSWERING),
    # the Secretary's page and the records behind its numbers
    read("desk/secretary/", PUBLISHING),
    send("desk/secretary/count/", PUBLISHING),
    read("desk/secretary/cases/<slug:heap>/", PUBLISHING, heap="breaking"),
    read("desk/secretary/standards/<slug:code>/", PUBLISHING, code="signal-decision"),
    # what is asked aloud, and letters
    both("desk/enquiries/", COUNTER),
    read("desk/letters/", COUNTER),
    send("desk/letters/handed/", COUNTER),
    read(LETTER, COUNTER),
    read(f"{LETTER}paper/", COUNTER),
    send(f"{LETTER}handed/", COUNTER),
    send(f"{LETTER}retry/", COUNTER),
    send(f"{LETTER}confirm/", COUNTER),
    # applications
    read("desk/applications/", DESK),
    read("desk/applications/ready/", DESK),
    read(APPLICATION, DESK),
    send(f"{APPLICATION}code/", ANSWERING),
    both(f"{APPLICATION}receipt/", DESK),
    read(f"{APPLICATION}protocol/", DESK),
    read(f"{APPLICATION}label/", DESK),
    send(f"{APPLICATION}visit/", COUNTER),
    send(f"{APPLICATION}check/", ANSWERING),
    send(f"{APPLICATION}defects/", ANSWERING),
    send(f"{APPLICATION}mend/", ANSWERING),
    send(f"{APPLICATION}tell/", ANSWERING),
    send(f"{APPLICATION}set-fee/", ANSWERING),
    send(f"{APPLICATION}pay/", ANSWERING),
    send(f"{APPLICATION}finish/", ANSWERING),
    send(f"{APPLICATION}refuse/", ANSWERING),
    send(f"{APPLICATION}leave/", ANSWERING),
    send(f"{APPLICATION}withdraw/", ANSWERING),
    send(f"{APPLICATION}hand-over/", ANSWERING),
    send(f"{APPLICATION}survey/", ANSWERING),
    # the catalogue
    read("desk/opinions/", frozenset({"editor"})),
    *[read(f"desk/catalogue/{page}", EDITOR) for page in ("", f"{CATALOGUE_DRAFT}preview/")],
    *[both(f"desk/catalogue/{page}", EDITOR) for page in ("new/", CATALOGUE_DRAFT, "imports/")],
    *[read("desk/catalogue/export/<slug:file_format>/", EDITOR, file_format=name) for name in ("csv", "xlsx", "json")],
    read(CATALOGUE_IMPORT, EDITOR),
    send(f"{CATALOGUE_IMPORT}draft/", EDITOR),
    both("desk/catalogue/services/<slug:slug>/", EDITOR, slug="2016-udostoverenie-za-naslednitsi"),
    *[
        send(f"desk/catalogue/{CATALOGUE_DRAFT}{step}/", EDITOR)
        for step in ("schedule", "publish", "withdraw", "rebase", "check")
    ],
    # the charter
    both("desk/charter/", EDITOR),
    both(CHARTER_DRAFT, EDITOR),
    read(f"{CHARTER_DRAFT}preview/", EDITOR),
    *[send(f"{CHARTER_DRAFT}{step}/", EDITOR) for step in ("schedule", "publish", "withdraw", "rebase", "check")],
    both("desk/observations/", LISTENING),
    send("desk/observations/<int:pk>/withdraw/", LISTENING),
    both("desk/consultations/", LISTENING),
    both(CONSULTATION, LISTENING),
    send(f"{CONSULTATION}announce/", LISTENING),
    send(f"{CONSULTATION}publish/", LISTENING),
    both(COMMENT, LISTENING),
    send(f"{COMMENT}hide/", LISTENING),
    # reports
    read("desk/reports/", PREPARING),
    send("desk/reports/prepare/", PREPARING),
    read(REPORT, PREPARING),
    read(f"{REPORT}pdf/", PREPARING),
    both(f"{REPORT}figures/<int:figure>/", PREPARING),
    send(f"{REPORT}<slug:step>/", PREPARING, step="submit"),
    send(f"{REPORT}<slug:step>/", PUBLISHING, step="send_back"),
    send(f"{REPORT}<slug:step>/", PUBLISHING, step="approve"),
    send(f"{REPORT}<slug:step>/", PUBLISHING, step="publish"),
    send(f"{REPORT}<slug:step>/", PREPARING, step="discard"),
    # what was kept when a session ended
    read("desk/kept/", EVERY),
    send("desk/kept/forget/", EVERY),
    # the second factor
    read("desk/second-factor/", EVERY),
    both("desk/second-factor/confirm/", EVERY),
    both("desk/second-factor/app/", EVERY),
    both("desk/second-factor/key/", EVERY),
    send("desk/second-factor/codes/", EVERY),
    both("desk/second-factor/<int:pk>/rename/", EVERY),
    send("desk/second-factor/<int:pk>/remove/", EVERY),
    # who looked, the calendar
    read("desk/deadlines/", DESK),
    read("desk/staff/", frozenset({"secretary", "auditor"})),
    read("desk/staff/<int:pk>/", frozenset({"secretary", "auditor"})),
    read("desk/looks/", frozenset({"secretary", "auditor"})),
    read("desk/calendar/", frozenset({"secretary", "editor", "auditor"})),
    send("desk/calendar/apply/", frozenset({"secretary"})),
]

# What one person ordered is there for that person alone (test_exports, test_ordered_prints).
OF_ONE_PERSON = frozenset(
    f"desk/{what}/<uuid:key>/{part}" for what in ("exports", "prints") for part in ("", "file/")
) | {"desk/second-factor/<int:pk>/rename/"}
# Addresses that need no permission, with the reason: they are tested in the files named here.
OPEN_DOORS = {
    "desk/login/": "the way in (test_login)",
    "desk/login/second/": "the second step of the way in (test_second_factor)",
    "desk/login/eauth/": "the way in by a provider, where the settings name one (test_eauth)",
    "desk/login/eauth/back/": "the way back from it (test_eauth)",
    "desk/logout/": "the way out (test_login)",
    "desk/admin/login/": "the way in to the administration pages (test_login)",
    "desk/admin/logout/": "the way out of the administration pages",
}


@dataclass(frozen=True)
class Table:
    """A table of the administration pages: who may read, add, change and remove its rows there."""

    view: frozenset[str] = NOBODY
    add: frozenset[str] = NOBODY
    change: frozenset[str] = NOBODY
    delete: frozenset[str] = NOBODY


# Tables in which nobody by role may do anything: they are for the administrator (a superuser).
ADMIN: dict[str, Table] = {
    "auth/group": Table(),
    "axes/accessattempt": Table(),
    "axes/accesslog": Table(),
    "axes/accessfailurelog": Table(),
    "procrastinate/procrastinatejob": Table(),
    "staff/staffuser": Table(),
    "search/synonym": Table(view=EDITOR, add=EDITOR, change=EDITOR),
    "search/vainsearch": Table(view=EDITOR),
    "office/workingdayoverride": Table(view=RECORDS, add=EDITOR),
    "services/service": Table(view=RECORDS),
    "services/repealedact": Table(view=EDITOR, add=EDITOR, change=EDITOR),
    "services/unit": Table(view=RECORDS, change=EDITOR),
    "services/authority": Table(view=RECORDS, change=EDITOR),
    "services/tenure": Table(view=RECORDS, add=EDITOR, change=EDITOR),
    "services/unitmember": Table(),
    "services/servicegroup": Table(view=EDITOR, change=EDITOR),
    "services/settlement": Table(),
    "services/lifeevent": Table(view=EDITOR, add=EDITOR, change=EDITOR),
    "feedback/body": Table(view=RECORDS, add=EDITOR, change=EDITOR),
    "feedback/lettertemplate": Table(view=RECORDS, change=EDITOR),
    "feedback/answertemplate": Table(view=RECORDS, add=EDITOR, change=EDITOR),
    "feedback/surveyresponse": Table(),
    "feedback/oralenquiry": Table(),
    "charter/standard": Table(view=RECORDS, change=EDITOR),
    "open311/apikey": Table(view=RECORDS, add=EDITOR, change=EDITOR),
}
# Of each table: what follows its name, which of the four is needed to read it, and to send to it.
PAGES_OF_A_TABLE: dict[str, tuple[str | None, str | None]] = {
    "": ("view", None),
    "add/": ("add", "add"),
    "<path:object_id>/history/": ("view", None),
    "<path:object_id>/change/": ("view", "change"),
    "<path:object_id>/delete/": ("delete", "delete"),
}
# The same of single tables.
MORE_OF_A_TABLE: dict[str, tuple[str | None, str | None]] = {
    "feedback/lettertemplate/<int:pk>/preview/": (None, "change"),
    "staff/staffuser/<id>/password/": ("change", "change"),
}
# What every table has beside: a short address that leads on to `change/`, and one version of a row's history.
LEADS_ON = "<path:object_id>/"
VERSION = "^([^/]+)/history/([^/]+)/$"
# Pages of the frame, open to whoever may enter the administration pages at all; they show no row.
FRAME = {
    "",
    "password_change/",
    "password_change/done/",
    "autocomplete/",
    "jsi18n/",
    "r/<path:content_type_id>/<path:object_id>/",
    "^(?P<app_label>{apps})/$",
    "(?P<url>.*)$",
}
