"""What is new, for those who follow by a feed reader: entries with a stable name, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from charter.models import CharterVersion, Consultation, Report
from samokov_portal.office.templatetags.bulgarian import day, period_name
from services.models import Service

NEWEST = 50


@dataclass(frozen=True)
class Entry:
    """Something new: when it came, where it stands, and what tells it from another for ever."""

    name: str
    title: str
    about: str
    path: str
    at: datetime


def reports() -> list[Entry]:
    """The published reports, and each correction of one."""
    rows = Report.objects.published().without_pdf().order_by("-published_at", "-pk")[:NEWEST]
    return [
        Entry(
            name=f"report-{row.period}-{row.version}",
            title=_("Доклад за %(period)s") % {"period": period_name(row.period)},
            about=row.correction_reason,
            path=row.get_absolute_url(),
            at=row.published_at,
        )
        for row in rows
        if row.published_at is not None
    ]


def charter() -> list[Entry]:
    """New texts of the charter, drafts laid open for comments, and what was answered to them."""
    return newest([*_versions(), *_consultations()])


def _versions() -> Iterable[Entry]:
    added = CharterVersion.history.filter(history_type="+").order_by("-history_date", "-history_id")[:NEWEST]
    for row in added:
        version = row.instance
        yield Entry(
            name=f"charter-{version.number}",
            title=f"{version.title} ({version.adopted_year})",
            about=version.note,
            path=version.get_absolute_url(),
            at=row.history_date,
        )


def _consultations() -> Iterable[Entry]:
    for row in Consultation.objects.filter(announced_at__isnull=False).order_by("-announced_at", "-pk")[:NEWEST]:
        if row.announced_at is None:
            continue
        path = row.get_absolute_url()
        until = _("Коментари от %(first)s до %(last)s") % {"first": day(row.opens_on), "last": day(row.closes_on)}
        yield Entry(f"consultation-{row.pk}", row.title, f"{until}. {row.why}", path, row.announced_at)
        if row.answered_at is not None:
            title = _("Отговори на коментарите: %(title)s") % {"title": row.title}
            yield Entry(f"consultation-{row.pk}-answered", title, "", path, row.answered_at)


def services() -> list[Entry]:
    """Services that joined the catalogue and are still in it."""
    added = Service.history.filter(history_type="+", id__in=Service.objects.values("pk"))
    rows = list(added.order_by("-history_date", "-history_id")[:NEWEST])
    present = Service.objects.with_frame().in_bulk([row.id for row in rows])
    entries = []
    for row in rows:
        service = present[row.id]
        path = service.get_absolute_url()
        entries.append(Entry(f"service-{service.pk}", service.name, service.group.name, path, row.history_date))
    return entries


def newest(entries: list[Entry]) -> list[Entry]:
    """At most so many as a feed holds, the newest first."""
    return sorted(entries, key=lambda entry: (entry.at, entry.name), reverse=True)[:NEWEST]
