"""Asking in tests what the store knew: rows as they stood, and what they say of a promise."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from simple_history.signals import pre_create_historical_record

from charter.measurement.tally import tally
from samokov_portal.legal.holidays import Calendar
from samokov_portal.office.choices import Fact


def punctuality(facts: Any, *left_out: str) -> dict[str, int]:
    """The counts of a queryset with facts: `part`, `whole`, and one for each reason to be left out."""
    share = tally([facts], left_out=[Fact(reason) for reason in left_out], span="", calendar=Calendar())
    return {"part": share.part, "whole": share.whole, **share.excluded}


def decisions(rows: Any, as_of: datetime) -> dict[str, int]:
    """What `rows` say of their answers at the moment `as_of`."""
    return punctuality(rows.decision_facts(as_of), "in_term", "forwarded", "no_proceedings", "withdrawn")


def keys(rows: Any) -> list[int]:
    """The keys of rows of now or of then."""
    return list(rows.values_list("id", flat=True))


@contextmanager
def known_by_its_moments() -> Iterator[None]:
    """Whatever is stored inside is known from the latest moment that the row itself names, not from today."""

    def date_it(sender: Any, *, instance: Any, history_instance: Any, **_more: Any) -> None:
        values = (getattr(instance, field.attname) for field in instance._meta.concrete_fields)
        moments = [value for value in values if isinstance(value, datetime)]
        history_instance.history_date = max(moments, default=history_instance.history_date)

    pre_create_historical_record.connect(date_it)
    try:
        yield
    finally:
        pre_create_historical_record.disconnect(date_it)


@contextmanager
def known_from(moment: datetime) -> Iterator[None]:
    """Whatever is stored inside is known from `moment` on, as if the clock stood there."""

    def date_it(sender: Any, *, history_instance: Any, **_more: Any) -> None:
        history_instance.history_date = moment

    pre_create_historical_record.connect(date_it)
    try:
        yield
    finally:
        pre_create_historical_record.disconnect(date_it)
