"""What of the charter, its promises and reports can be found by searching, and what one can do on the portal."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import override

from charter.models import CharterVersion, Report, Standard
from samokov_portal.office.templatetags.bulgarian import period_name
from samokov_portal.search.index import Item, replace
from samokov_portal.search.sources import CHARTER, PAGES, REPORTS, STANDARDS

LONGEST_TITLE = 120
# The address, what it is called, and how else people ask for it.
DEEDS = (
    ("feedback:new", ("signal",), "Подайте сигнал", "нередност оплакване повреда дупка улица осветление корупция"),
    ("feedback:new", ("proposal",), "Подайте предложение", "идея"),
    ("feedback:new", ("complaint",), "Подайте жалба срещу акт или отказ", "обжалване глоба"),
    ("feedback:new", ("enquiry",), "Задайте въпрос на общината", "запитване питане въпрос"),
    ("feedback:new", ("praise",), "Похвалете служител", "похвала благодарност"),
    ("feedback:new", ("information",), "Поискайте достъп до обществена информация", "здои искане документ"),
    ("feedback:track", (), "Проследете преписка", "проверка на сигнал номер и код докъде е стигнала"),
    ("charter:terms", (), "Изчислете срок по закон", "калкулатор срокове кога изтича срокът"),
    ("charter:verify", (), "Проверете дали доклад е наш и непроменен", "проверка на доклад pdf"),
)  # fmt: skip


def index_charter() -> int:
    """Make what can be found of the charter, its promises and the portal's deeds say what they say."""
    with override("bg"):
        return replace(STANDARDS, standards()) + replace(CHARTER, passages()) + replace(PAGES, deeds())


def index_reports() -> int:
    """The same for the published reports that no later version replaces."""
    with override("bg"):
        return replace(REPORTS, reports())


def standards() -> Iterator[Item]:
    for standard in Standard.objects.in_force():
        yield Item(
            key=standard.code,
            title=standard.title,
            title_en=standard.title_en,
            path=standard.get_absolute_url(),
            about=standard.text[:LONGEST_TITLE],
            text=standard.definition,
        )


def passages() -> Iterator[Item]:
    """Sections of the charter in force, each found by all of its words."""
    version = CharterVersion.objects.with_text().order_by("-number").first()
    if version is None:
        return
    for section in version.sections.all():
        yield Item(
            key=f"{version.number}-{section.position}",
            title=f"{section.numeral}. {section.title}",
            title_en=f"{section.numeral}. {section.title_en}" if section.title_en else "",
            path=f"{reverse('charter:charter')}#section-{section.position}",
            about=str(version),
            text=" ".join(passage.text for passage in section.passages.all()),
        )


def reports() -> Iterator[Item]:
    for report in Report.objects.standing().without_pdf():
        yield Item(
            key=report.period,
            title=f"Доклад за спазване на стандартите за {period_name(report.period)}",
            path=report.get_absolute_url(),
            alias=report.period,
        )


def deeds() -> Iterator[Item]:
    for view, arguments, title, alias in DEEDS:
        yield Item(key=" ".join((view, *arguments)), title=title, path=reverse(view, args=arguments), alias=alias)
