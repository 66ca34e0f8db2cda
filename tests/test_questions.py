"""Questions whose SQL is put together once find what their queryset finds, for every value, on every connection."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import NotSupportedError, connection, models, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from charter.models import RunningFigures
from feedback.models import Case, CaseEvent, Letter
from samokov_portal.questions import Unaskable, is_read_alike, nothing, question
from services.models import Application, LifeEvent, Service, Unit
from tests.factories import ApplicationFactory
from tests.feedback.test_register import register

pytestmark = pytest.mark.django_db


def of_unit(unit: int, name: str) -> Any:
    return Service.objects.filter(unit=unit).exclude(name=name).select_related("unit").order_by("name", "pk")


def test_each_value_finds_what_its_queryset_finds_by_one_query(django_assert_num_queries: Any) -> None:
    asked, found = question(of_unit), 0
    for unit in Unit.objects.all():
        services = list(of_unit(unit.pk, "няма такава"))
        with django_assert_num_queries(1):
            answered = asked(unit.pk, "няма такава")
            assert [(one.pk, one.name, one.unit.name) for one in answered] == [
                (one.pk, one.name, one.unit.name) for one in services
            ]
        found += len(services)
    assert found == Service.objects.exclude(unit=None).count() > 0
    one = Service.objects.exclude(unit=None).first()
    assert one is not None
    assert one.pk not in [service.pk for service in asked(one.unit_id, one.name)]


def test_the_queryset_is_made_the_first_time_only() -> None:
    made = []

    @question
    def unit(code: str) -> Any:
        made.append(code)
        return Unit.objects.filter(code=code)

    codes = list(Unit.objects.values_list("code", flat=True)[:3])
    assert unit(codes[0])[0].code == codes[0]
    before = list(made)
    assert [unit(code)[0].code for code in codes] == codes
    assert made == before
    # With marks, not with what somebody asked.
    assert not set(made) & set(codes)


def test_yes_and_no_are_two_questions() -> None:
    @question
    def units(code: str, has_code: bool) -> Any:
        return Unit.objects.filter(code=code) if has_code else Unit.objects.exclude(code=code)

    code = Unit.objects.values_list("code", flat=True)[0]
    assert [one.code for one in units(code, True)] == [code]
    assert len(units(code, False)) == Unit.objects.count() - 1


def test_keys_are_one_value_however_many_there_are() -> None:
    @question
    def units(keys: list[int]) -> Any:
        return Unit.objects.filter(pk__any_of=keys).order_by("pk").values_list("pk", flat=True)

    keys = list(Unit.objects.order_by("pk").values_list("pk", flat=True)[:5])
    assert units(keys) == keys
    assert units(keys[:1]) == keys[:1]
    assert units([]) == []


def test_days_moments_words_and_columns_come_as_django_reads_them() -> None:
    @question
    def services(on: date, at: datetime) -> Any:
        rows = Service.objects.annotate(day=models.Value(on), moment=models.Value(at)).order_by("pk")
        return rows.values_list("name", "day", "moment")[:2]

    on, at = date(2026, 11, 23), datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    names = list(Service.objects.order_by("pk").values_list("name", flat=True)[:2])
    assert services(on, at) == [(name, on, at) for name in names]


def refused(make: Any, *values: Any) -> bool:
    """Whether a question is refused, the first time and the second."""
    asked = question(make)
    for _time in range(2):
        with pytest.raises(Unaskable):
            asked(*values)
    return True


def test_what_is_no_value_of_its_own_is_refused() -> None:
    assert refused(lambda part: Unit.objects.filter(name__icontains=part), "община")
    assert refused(lambda code: Unit.objects.all(), "x")
    assert refused(lambda codes: Unit.objects.filter(code__in=codes), ("x",))
    assert refused(lambda code: Unit.objects.filter(code=code), None)
    assert refused(lambda code: Unit.objects.filter(code=code).prefetch_related("members"), "x")
    assert refused(lambda code: Unit.objects.filter(code=code).select_for_update(), "x")


def test_what_stands_once_as_it_is_and_once_changed_is_refused() -> None:
    on = date(2026, 11, 23)
    ahead = timedelta(days=3)

    assert refused(lambda word: Unit.objects.filter(Q(name=word) | Q(name__contains=word)), "община")
    assert refused(lambda most: Unit.objects.filter(pk=most)[:most], 3)
    assert refused(lambda day: Unit.objects.filter(valid_from=day, valid_until__lt=day + ahead), on)
    assert refused(lambda keys: Unit.objects.filter(pk__any_of=keys, pk__in=keys), [1])


def test_a_question_that_is_sure_to_find_nothing_finds_nothing() -> None:
    @question
    def units(code: str, may: bool) -> Any:
        found = Unit.objects.filter(code=code)
        return found if may else found.none()

    code = Unit.objects.values_list("code", flat=True)[0]
    assert [units(code, False), units(code, False)] == [[], []]
    assert len(units(code, True)) == 1


def test_a_percent_sign_is_a_percent_sign() -> None:
    @question
    def unit(code: str) -> Any:
        return Unit.objects.extra(where=["name NOT LIKE '%%няма%%'"]).filter(code=code)

    code = Unit.objects.values_list("code", flat=True)[0]
    assert [one.code for one in unit(code)] == [code]
    assert unit("100 %s") == []


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_by_its_own_connection() -> None:
    @question
    def process(code: str) -> Any:
        who = models.expressions.RawSQL("pg_backend_pid()", ())
        return Unit.objects.filter(code=code).annotate(process=who).values_list("process", flat=True)

    code = Unit.objects.values_list("code", flat=True)[0]
    here, there = process(code), []

    def ask() -> None:
        there.extend(process(code))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert here == process(code)
    assert len(there) == 1
    assert there != here


@question
def _units(code: str) -> Any:
    return Unit.objects.filter(code=code).values_list("code", flat=True)


def prepared() -> list[tuple[str, str]]:
    """What this connection has prepared: the text, and of what types its values are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, parameter_types::text FROM pg_prepared_statements")
        found: list[tuple[str, str]] = cursor.fetchall()
        return found


def test_a_question_is_prepared_once_with_what_never_changes_in_its_text() -> None:
    @question
    def units(code: str, key: int, keys: list[int]) -> Any:
        return Unit.objects.filter(code=code, pk__gt=key, pk__any_of=keys, name_en="").values_list("code", flat=True)

    before = prepared()
    units("а", 2**33, [2**40])
    units("б", 2**40, [2, 2**40])

    [(text, types)] = [one for one in prepared() if one not in before]
    assert types == "{text,bigint[],bigint}"
    assert "\"name_en\" = ''" in text
    list(Unit.objects.filter(code="в"))
    assert len(prepared()) == len(before) + 1


def test_nothing_else_is_prepared_and_no_other_text_is_kept_by_the_driver() -> None:
    _units("а")
    before = prepared()

    for _time in range(10):
        list(Unit.objects.filter(code="б"))

    assert prepared() == before
    assert connection.connection.prepare_threshold is None


def test_what_was_prepared_is_there_after_a_change_was_taken_back() -> None:
    code = Unit.objects.values_list("code", flat=True)[0]
    _units(code)
    before = prepared()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError

    assert _units(code) == [code]
    assert prepared() == before


def test_a_number_is_not_cut_to_the_size_of_its_column() -> None:
    @question
    def events(position: int) -> Any:
        return LifeEvent.objects.filter(position=position).values_list("position", flat=True)

    position = LifeEvent.objects.values_list("position", flat=True)[0]
    assert events(position) == [position]
    assert events(2**16 + position) == []
    assert events(2**32 + position) == []


def widen(length: int) -> None:
    """As a release does while others serve."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(f"ALTER TABLE services_unit ALTER COLUMN code TYPE varchar({length})")
    other.close()


@pytest.fixture
def code_length() -> Iterator[int]:
    length = Unit._meta.get_field("code").max_length
    assert length is not None
    yield length
    widen(length)


@pytest.mark.django_db(transaction=True)
def test_a_column_that_changes_meanwhile_is_asked_for_anew(code_length: int) -> None:
    code = Unit.objects.values_list("code", flat=True)[0]
    assert _units(code) == [code]

    widen(code_length + 10)

    assert _units(code) == [code]


@pytest.mark.django_db(transaction=True)
def test_in_a_transaction_it_is_refused_once(code_length: int) -> None:
    code = Unit.objects.values_list("code", flat=True)[0]
    assert _units(code) == [code]
    widen(code_length + 10)

    with pytest.raises(NotSupportedError), transaction.atomic():
        _units(code)
    # As at the end of the request.
    connection.close_if_unusable_or_obsolete()
    assert _units(code) == [code]


def test_nothing_asks_nothing_however_it_is_narrowed() -> None:
    with CaptureQueriesContext(connection) as captured:
        rows = nothing(Unit.objects.all())
        assert list(rows.filter(code="x").exclude(name="y").order_by("name")) == []
        assert rows.select_related("parent").first() is None
    assert len(captured) == 0


@question
def _whole_case(number: str) -> Any:
    return Case.objects.select_related("standard", "service").filter(number=number)


@question
def _whole_letters(case: int) -> Any:
    return Letter.objects.filter(case=case)


@question
def _whole_events(case: int) -> Any:
    return CaseEvent.objects.filter(case=case)


@question
def _whole_application(number: str) -> Any:
    return Application.objects.select_related("service", "unit").filter(number=number)


def facts(row: models.Model) -> dict[str, Any]:
    """Each value with what it is, and what a moment says of itself."""
    values = ((field.attname, getattr(row, field.attname)) for field in row._meta.concrete_fields)
    return {name: (type(value), value, str(value)) for name, value in values}


def test_what_travels_as_postgresql_keeps_it_is_what_travels_as_words() -> None:
    case = register(datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)).case
    application = ApplicationFactory(fee=Decimal("10.20"), text="Препис \\ „две“ 100 %\n")
    asked: list[tuple[Any, Any]] = [
        (_whole_case(case.number), Case.objects.filter(pk=case.pk)),
        (_whole_letters(case.pk), Letter.objects.filter(case=case)),
        (_whole_events(case.pk), CaseEvent.objects.filter(case=case)),
        (_whole_application(application.number), Application.objects.filter(pk=application.pk)),
        ([_whole_application(application.number)[0].service], Service.objects.filter(pk=application.service_id)),
    ]

    for found, rows in asked:
        assert [facts(row) for row in found] == [facts(row) for row in rows]
        assert found


def test_what_would_be_read_otherwise_travels_as_words() -> None:
    alike = {field.name: is_read_alike(field.get_col("t")) for field in RunningFigures._meta.concrete_fields}

    # Django makes an object of the text of a JSON value itself.
    assert alike == {"id": True, "period": True, "as_of": True, "lines": False}
