"""How a change is stored with its history: who made it and why."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from django.db.models import OuterRef, Subquery
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from samokov_portal.inserting import KeptInsert
from samokov_portal.reading import PlainRead

# Within `one_snapshot`: what was found of each history and moment, whether anything was changed after it.
_changed: ContextVar[dict[tuple[Any, datetime], bool] | None] = ContextVar("changed", default=None)


class Sealed(PlainRead, KeptInsert, models.Model):
    """What a row bears for its seal; the database fills it in, whatever it is given."""

    # For the seals: random bytes beside the personal columns, and after an erasure the digest of what was there.
    history_salt = models.BinaryField(null=True, editable=False)
    history_erased = models.BinaryField(null=True, editable=False)
    # The count in which it was written; a seal covers the counts since the seal before it.
    history_seal = models.BigIntegerField(default=0, editable=False, db_index=True)

    class Meta:
        abstract = True


class Trace(Sealed):
    """What each history row says of its own writing; the database fills it in, whatever it is given."""

    history_origin = models.CharField(max_length=200, blank=True, editable=False)
    history_xid = models.BigIntegerField(null=True, editable=False)
    history_recorded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class PastManager(HistoryManager):
    """The library's manager, whose class is put together once and not each time somebody asks for a `history`."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


def history(excluded_fields: Sequence[str] = ()) -> HistoricalRecords:
    """The history of a model, with room for a reason of any length."""
    # Null, not empty, where nobody said why: the library writes so.
    reason = models.TextField(null=True)
    return HistoricalRecords(
        excluded_fields=list(excluded_fields),
        history_change_reason_field=reason,
        bases=[Trace],
        history_manager=PastManager,
    )


@contextmanager
def one_snapshot() -> Iterator[None]:
    """All that is read inside is read as it stood at one moment, so what is known of now may be read from today's rows.

    Nothing is to be written inside, because whether a history goes on after a moment is looked up once. Between other
    statements of a transaction that is not to be had any more; then `versions_at` reads the history.
    """
    if _changed.get() is not None or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        token = _changed.set({})
        try:
            yield
        finally:
            _changed.reset(token)


def versions_at(questions: Any, model: type[models.Model], as_of: datetime) -> Any:
    """The rows of `model` as the store knew them at the aware moment `as_of`, read from its history.

    `questions` is the queryset class whose questions are to be asked of them. A row that was removed by then is not
    among them; one that was changed or removed since stands as it stood.
    """
    past = model.history.model  # type: ignore[attr-defined]
    if not _may_have_changed(past, as_of):
        # Nothing was changed since, so each row of today is its own newest version: the database refuses any other.
        return questions(model)
    known = past._default_manager.filter(id=OuterRef("id"), history_date__lte=as_of)
    newest = known.order_by("-history_date", "-history_id").values("history_id")[:1]
    return questions(past).filter(history_date__lte=as_of, history_id=Subquery(newest)).exclude(history_type="-")


def _may_have_changed(past: Any, as_of: datetime) -> bool:
    """Whether a history goes on after `as_of`; outside one snapshot it may at any time."""
    found = _changed.get()
    if found is None:
        return True
    if (past, as_of) not in found:
        found[past, as_of] = past._default_manager.filter(history_date__gt=as_of).exists()
    return found[past, as_of]


def names_at(model: Any, as_of: datetime, name: Callable[[Any], str] = str) -> dict[Any, str]:
    """What each row of `model` was called at the aware moment `as_of`, by its key; two queries.

    What was loaded later than that has the name with which it was loaded.
    """
    first = {row.id: name(row.instance) for row in model.history.filter(history_type="+").order_by("-history_id")}
    then = versions_at(models.QuerySet, model, as_of)
    return first | {row.id: name(row.instance) for row in then}


def newest_change(row: Any) -> int | None:
    """The key of the newest history row of `row`, by which it is seen whether somebody changed it meanwhile."""
    key: int | None = row.history.aggregate(newest=models.Max("history_id"))["newest"]
    return key


@transaction.atomic(savepoint=False)
def save_with_history(instance: models.Model, *, by: Any, why: str, fields: list[str] | None = None) -> None:
    """Save `instance` (only `fields`, if given) with a history row: who (`by`, None for the system) and why."""
    instance._history_user = by  # type: ignore[attr-defined]
    instance._change_reason = why  # type: ignore[attr-defined]
    instance.save(update_fields=fields)


def upsert(
    model: Any, *, key: dict[str, Any], values: dict[str, Any], why: str, revive: bool = True
) -> tuple[Any, bool]:
    """The row with `key`, made or brought to `values` by a loader whose reason in the history is `why`.

    A row that somebody else changed last is left as it is: what people entered is worth more than what a file says.
    With `revive=False` a row that somebody removed, or gave another key, is not made again. Saved (with history) only
    when something differs. Returns the row and whether it was written.
    """
    row = model._default_manager.filter(**key).first()
    if row is None:
        if not revive and model.history.filter(**key).exists():
            return None, False
        row = model(**key, **values)
    elif not is_last_changed_for(row, why) or all(getattr(row, name) == value for name, value in values.items()):
        return row, False
    for name, value in values.items():
        setattr(row, name, value)
    save_with_history(row, by=None, why=why)
    return row, True


def is_last_changed_for(row: Any, why: str) -> bool:
    """Whether the last change of `row` was made for the reason `why`."""
    newest = row.history.order_by("-history_date", "-history_id").first()
    return newest is not None and newest.history_change_reason == why
