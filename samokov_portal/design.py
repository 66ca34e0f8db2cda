"""The design page: each component of the portal in each of its states, drawn by the templates that draw it elsewhere.

It is for those who build the portal, so it is there with DEBUG only. Its samples are fixed and of nobody.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from charter.choices import ReportStatus, Verdict
from charter.measurement import Share
from charter.measurement.shares import Spread
from charter.report import Line, beside
from feedback.choices import Kind, Status
from feedback.forms.uploads import FilesField
from feedback.timeline import Entry
from feedback.views.rows import WorkTab, links_to
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.terms import deadline, in_force
from samokov_portal.office.forms import plain_helper

DAY = date(2026, 11, 23)  # Monday
TARGET = Decimal(95)
MOMENT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TREND: list[dict[str, Any]] = [
    {"period": "2025-Q3", "part": 9, "whole": 10, "share": 90.0},
    {"period": "2025-Q4", "part": 0, "whole": 0, "share": None},
    {"period": "2026-Q1", "part": 39, "whole": 40, "share": 97.5},
    {"period": "2026-Q2", "part": 1200, "whole": 1200, "share": 100.0},
]


class EveryField(forms.Form):
    """A field of each sort, with and without a hint, required and not."""

    text = forms.CharField(label=gettext_lazy("Ред текст"), help_text=gettext_lazy("Пояснение към полето."))
    words = forms.CharField(label=gettext_lazy("Дълъг текст"), widget=forms.Textarea(attrs={"rows": 4}))
    number = forms.IntegerField(label=gettext_lazy("Число"), required=False, min_value=0)
    day = forms.DateField(label=gettext_lazy("Дата"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    choice = forms.ChoiceField(label=gettext_lazy("Избор от списък"), choices=Kind.choices)
    one = forms.ChoiceField(
        label=gettext_lazy("Едно от няколко"), choices=Kind.choices[:3], widget=forms.RadioSelect, required=True
    )
    several = forms.MultipleChoiceField(
        label=gettext_lazy("Няколко от няколко"), choices=Kind.choices[:3], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label=gettext_lazy("Съгласие"), help_text=gettext_lazy("Пояснение към отметката."))
    attached = FilesField(label=gettext_lazy("Файлове"), required=False)
    closed = forms.CharField(label=gettext_lazy("Поле, което не се променя"), disabled=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.fields["closed"].initial = "С-2026-000001"

    @property
    def kept(self) -> list[SimpleNamespace]:
        """A file that came already, as a form has them that is sent again."""
        return [SimpleNamespace(key=f"{self.prefix}-1", name="снимка.jpg", size=123_456)]


class Buttons(forms.Form):
    """No fields: the buttons of the pack."""

    def __init__(self) -> None:
        super().__init__()
        self.helper = plain_helper()
        self.helper.add_input(Submit("send", _("Главен бутон")))
        self.helper.add_input(Submit("other", _("Друг бутон"), css_class="secondary"))
        self.helper.add_input(Submit("remove", _("Опасен бутон"), css_class="danger"))
        self.helper.add_input(Submit("never", _("Недостъпен бутон"), disabled=True))


def line(verdict: Verdict, share: Share | None, target: Decimal | None = TARGET) -> Line:
    """A promise with this result; its title is the verdict."""
    details = beside(share, "working_days") | {"trend": TREND} if share and share.spread else {}
    return Line(
        code="enquiry-answer",
        kind="own",
        title=str(verdict.label).capitalize(),
        text=_("Отговаряме на всяко писмено запитване в срок от седем работни дни."),
        definition=_("Запитвания, чийто срок е изтекъл през периода; спазени са отговорените до последния ден."),
        target=target,
        part=share.part if share else None,
        whole=share.whole if share else None,
        excluded=dict(share.excluded) if share else {},
        verdict=verdict,
        is_reconstructed=target is None,
        not_measured_reason="",
        details=details,
    )


def lines() -> list[Line]:
    """A promise for each verdict that a measured one may have."""
    return [
        line(Verdict.KEPT, Share(1200, 1200, {"withdrawn": 3}, extended=(7, 7), spread=Spread(3, 6, 9))),
        line(Verdict.BROKEN, Share(9, 10)),
        line(Verdict.NO_TARGET, Share(39, 40), None),
        line(Verdict.NO_DATA, Share(0, 0)),
        line(Verdict.WITHHELD, None),
    ]


def entries() -> list[Entry]:
    """One of each sort of what happened to a case."""
    titles = {
        "event": _("Постъпи"),
        "letter": _("Писмо"),
        "file": _("Файл: %(name)s") % {"name": "снимка.jpg"},
        "note": _("Вътрешна бележка"),
        "look": _("Преглед"),
    }
    return [Entry(MOMENT, kind, title, text="" if kind == "look" else "…") for kind, title in titles.items()]


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Every component in every state; not found unless DEBUG is on."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "design.html", shown())


def shown() -> dict[str, Any]:
    """What the parts of the page are drawn from."""
    pages = Paginator(range(3), 1)
    counts = [SimpleNamespace(label=label, count=count) for label, count in ((_("Сигнал"), 12), (_("Похвала"), None))]
    return {
        "buttons": Buttons(),
        "empty": EveryField(prefix="empty"),
        "asking": EveryField(prefix="asking"),
        "refused": EveryField({"refused-text": ""}, prefix="refused"),
        "levels": ("", "success", "warning", "error"),
        "statuses": Status.choices,
        "report_statuses": ReportStatus.choices,
        "verdicts": Verdict.values,
        "lines": lines(),
        "deadline": deadline(in_force("enquiry-answer", DAY), DAY, Calendar({})),
        "trend": TREND,
        "nothing": [{**step, "part": 0, "whole": 0, "share": None} for step in TREND],
        "pages": [pages.page(number) for number in (1, 2, 3)],
        "links": links_to(
            [WorkTab(_("Чакащи"), "tab=mine", "3", is_current=True), WorkTab(_("Всички"), "tab=all", "10 000+")]
        ),
        "entries": entries(),
        "counts": counts,
        "letter": SimpleNamespace(
            about=SimpleNamespace(number="С-2026-000001"),
            created_at=MOMENT,
            recipient=_("Получател"),
            address="",
            means="paper",
            subject=_("Отговор"),
            text=_("Това е примерно писмо.\n\nТо има два абзаца."),
        ),
    }
