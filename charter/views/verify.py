"""Verifying a file that may be one of our reports, and the keys by which anybody may do so without us."""

import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from charter import moved
from charter.forms import VerifyForm
from charter.inspection import verify_apart
from charter.models import Report, Standard
from charter.verification import Check, first_difference
from samokov_portal.files.cell import CellFailed
from samokov_portal.files.refusals import Busy
from samokov_portal.keys import PublicKeys, as_pem, known_keys

logger = logging.getLogger(__name__)

OK: dict[str, Any] = {
    "file": gettext_lazy("Файлът е PDF и се чете."),
    "manifest": gettext_lazy("Има опис на доклада за %(period)s, версия %(version)s."),
    "signature": gettext_lazy("Описът е подписан с ключ %(key)s на портала."),
    "attachment": gettext_lazy("Приложеният файл %(name)s е непроменен."),
    "pages": gettext_lazy("Всички страници (%(count)s) са непроменени и в своя ред."),
    "document": gettext_lazy("Заглавието, метаданните и текстът за екранни четци са непроменени."),
    "recount": gettext_lazy("Всички резултати (%(count)s) излизат същите от приложените случаи."),
    "pades": gettext_lazy("Във файла има електронен подпис на %(signer)s и той е цял. Удостоверението не е проверено."),
}
PROBLEMS: dict[tuple[str, str], Any] = {
    ("file", "not_pdf"): gettext_lazy("Файлът не е PDF."),
    ("file", "encrypted"): gettext_lazy("Файлът е защитен с парола, а докладите ни не са."),
    ("file", "damaged"): gettext_lazy("Файлът е повреден и не може да се прочете до края."),
    ("file", "too_heavy"): gettext_lazy("Файлът е много по-тежък от всеки наш доклад и не може да се отвори."),
    ("manifest", "missing"): gettext_lazy(
        "Във файла няма опис: не е наш доклад или е отпреди да има описи. Тогава за него говори само отпечатъкът."
    ),
    ("manifest", "unreadable"): gettext_lazy("Описът във файла не може да се прочете."),
    ("signature", "missing"): gettext_lazy("Описът не е подписан, затова не личи чий е."),
    ("signature", "unknown_key"): gettext_lazy("Описът е подписан с ключ %(key)s, който не е на портала."),
    ("signature", "wrong"): gettext_lazy("Описът е променен: подписът не е за него."),
    ("attachment", "changed"): gettext_lazy("Приложеният файл %(name)s е променен. Различни резултати: %(figures)s."),
    ("attachment", "missing"): gettext_lazy("Приложеният файл %(name)s липсва."),
    ("attachment", "added"): gettext_lazy("Файлът %(name)s е добавен после."),
    ("page", "changed"): gettext_lazy("Страница %(page)s е променена. Стандарти на нея: %(figures)s."),
    ("page", "removed"): gettext_lazy("Страница %(page)s липсва. Стандарти на нея: %(figures)s."),
    ("page", "added"): gettext_lazy("Страница %(page)s е добавена после."),
    ("page", "moved"): gettext_lazy("Страница %(page)s е преместена. Стандарти на нея: %(figures)s."),
    ("document", "title"): gettext_lazy("Заглавието на документа е променено."),
    ("document", "metadata"): gettext_lazy("Метаданните на документа са променени."),
    ("document", "text"): gettext_lazy("Текстът за екранни четци е променен."),
    ("document", "frame"): gettext_lazy("Променено е съдържанието, връзките или действията на документа."),
    ("recount", "no_records"): gettext_lazy("Към доклада не са приложени случаи, затова няма какво да се преброи."),
    ("recount", "not_countable"): gettext_lazy("Приложените случаи не могат да се преброят."),
    ("recount", "differs"): gettext_lazy(
        "Стандарт %(figure)s: за %(number)s в доклада пише %(said)s, а от случаите излиза %(counted)s."
    ),
    ("pades", "none"): gettext_lazy("Във файла няма квалифициран електронен подпис."),
    ("pades", "broken"): gettext_lazy("Електронният подпис във файла е нарушен."),
}


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether an uploaded file is one of our reports: known to the register, and as it was made."""
    is_signing = settings.REPORT_KEY_FILE.exists()
    if request.method != "POST":
        return render(request, "charter/verify.html", {"form": VerifyForm(), "is_signing": is_signing})
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "charter/verify.html", {"form": form, "is_signing": is_signing}, status=422)
    content = form.cleaned_data["file"].read()
    try:
        checks = verify_apart(content, our_keys())
    except Busy:
        form.add_error("file", _("В момента се проверяват други файлове. Опитайте отново след минута."))
        return render(request, "charter/verify.html", {"form": form, "is_signing": is_signing}, status=503)
    except CellFailed:
        logger.exception("a report could not be looked at")
        checks = []
    digest = hashlib.sha256(content).hexdigest()
    row = Report.objects.published().without_pdf().with_digest(digest).first()
    titles = dict(Standard.objects.in_force().values_list("code", "title"))
    context = {
        "form": VerifyForm(),
        "is_signing": is_signing,
        "checked": True,
        "report": row,
        "newer": newer_than(row),
        "digest": digest,
        "checks": [(check, said(check, titles)) for check in checks],
        "difference": first_difference(checks),
        "is_whole": bool(checks) and first_difference(checks) is None,
        "ours": None if row else signed_as(checks),
    }
    return render(request, "charter/verify.html", context)


def signed_as(checks: list[Check]) -> Report | None:
    """The published report that the file says it is, where our own key signed what it says."""
    good = {check.what: check.facts for check in checks if not check.problem}
    if not {"manifest", "signature"} <= good.keys():
        return None
    said = good["manifest"]
    reports = Report.objects.published().without_pdf().of_period(said["period"])
    return reports.filter(version=int(said["version"])).first()


def newer_than(row: Report | None) -> Report | None:
    """The standing report that took the place of `row`, if one did."""
    if row is None:
        return None
    standing = Report.objects.standing().of_period(row.period).newest_first().without_pdf().first()
    return standing if standing is not None and standing.version > row.version else None


def said(check: Check, titles: Mapping[str, str]) -> str:
    """A check in words; `titles` are those of the standards by their codes."""
    words = PROBLEMS[check.what, check.problem] if check.problem else OK[check.what]
    return str(words) % {name: fact_in_words(check, name, titles) or _("няма") for name in check.facts}


def fact_in_words(check: Check, name: str, titles: Mapping[str, str]) -> str:
    """A fact of a check as people write it. What the file says is not ours: a code that we do not know stays a code."""
    value = check.facts[name]
    if name in ("figure", "figures"):
        return ", ".join(f"„{titles.get(code, code)}“" for code in value.split(", ") if code)
    if name == "number":
        return f"„{moved.NAMES.get(value, value)}“"
    if name in ("said", "counted"):
        return number_in_words(check.facts["number"], value)
    return value


def number_in_words(column: str, value: str) -> str:
    """A number of a figure that came as text, as the pages write it; anything else as it is."""
    try:
        read = json.loads(value)
    except ValueError:
        read = None if value == "None" else value
    try:
        return "" if read is None else moved.said(column, read)
    except (ValueError, TypeError, AttributeError):
        return value


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys by which reports are checked, in PEM, the present one first."""
    text = "".join(f"# {name}\n{as_pem(key)}" for name, key in our_keys().items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def our_keys() -> PublicKeys:
    return known_keys(settings.REPORT_KEY_FILE, settings.REPORT_PUBLIC_KEYS)
