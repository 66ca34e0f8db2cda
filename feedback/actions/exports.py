"""Work lists as files, and filters under names: what people at the desk order for themselves."""

from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from feedback.actions.ordered import TooMany, mark, refuse_too_many
from feedback.choices import ExportFormat
from feedback.models import Export, SavedFilter
from feedback.worklist import Asked
from feedback.worklist.table import headings, rows_of
from samokov_portal.files import shelf
from samokov_portal.office.tables import as_csv, write_xlsx
from samokov_portal.staff.models import StaffUser

# A person has no use for more, and a page none for a longer row of links.
MOST_SAVED = 30
ROWS_BETWEEN_MARKS = 1000


@transaction.atomic
def order_export(*, query: str, file_format: str, language: str, by: StaffUser, now: datetime) -> Export:
    """Order the work list that `query` asks for as a file, and have the worker write it. Raises TooMany."""
    refuse_too_many(Export, by=by, now=now)
    export = Export.objects.create(
        query=query, format=ExportFormat(file_format), language=language, ordered_by=by, ordered_at=now, moved_at=now
    )
    app.configure_task("portal.write_export").defer(export_id=export.pk)
    return export


def write_export(export: Export, asked: Asked, *, clock: Any) -> None:
    """Write the ordered file and say on the way how far it is; `clock` gives the present moment."""
    with override(export.language), TemporaryFile() as file:
        mark(export, whole=asked.count(), moved_at=clock())
        write_table(file, ExportFormat(export.format), _marked(export, rows_of(asked.lines()), clock))
        stored = shelf.put(file)
    mark(export, stored=stored, finished_at=clock(), moved_at=clock())


def write_table(file: IO[bytes], file_format: ExportFormat, rows: Iterator[Any]) -> None:
    """The rows of a work list as a whole file."""
    if file_format == ExportFormat.CSV:
        file.writelines(as_csv(headings(), rows))
    else:
        write_xlsx(file, _("Списък за работа"), headings(), rows)


def _marked(export: Export, rows: Iterator[Any], clock: Any) -> Iterator[Any]:
    for number, row in enumerate(rows, start=1):
        yield row
        if number % ROWS_BETWEEN_MARKS == 0:
            mark(export, written=number, moved_at=clock())


@transaction.atomic
def save_filter(*, name: str, query: str, by: StaffUser) -> SavedFilter:
    """Keep a question to the work list under a name; the same name again takes the new one. Raises TooMany."""
    mine = SavedFilter.objects.filter(user=by)
    if mine.count() >= MOST_SAVED and not mine.filter(name=name).exists():
        raise TooMany
    # A second press may have stored it between the look and the write.
    saved, _is_new = SavedFilter.objects.update_or_create(user=by, name=name, defaults={"query": query})
    return saved


def remove_filter(*, filter_id: int, by: StaffUser) -> bool:
    """Forget a filter of one's own; whether there was one."""
    removed, _by_model = SavedFilter.objects.filter(user=by, pk=filter_id).delete()
    return bool(removed)
