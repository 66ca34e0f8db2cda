"""What COPY sends is what the question asks for."""

import pytest
from django.db import connection
from django.db.models import Count, F, IntegerField, Value
from django.db.models.expressions import RawSQL

from feedback.models import Case
from samokov_portal.copying import copied_rows
from samokov_portal.office.choices import Channel
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_question_in_its_order_and_of_its_types() -> None:
    for subject in ("Дупка\tпред блока", "Лампа, която „не свети“\nот вчера", "100 % \\N"):
        CaseFactory(subject=subject, channel=Channel.PHONE)
    asked = Case.objects.annotate(nothing=Value(None, IntegerField()), part=F("is_sample")).order_by("-pk")
    told = asked.values_list("subject", "channel", "due_on", "received_at", "waited_minutes", "part", "nothing")

    copied = list(copied_rows(told))

    assert copied == list(told)
    assert len(copied) == 3


def test_rows_may_be_counted_together() -> None:
    CaseFactory.create_batch(3, channel=Channel.PHONE)
    CaseFactory.create_batch(2, channel=Channel.EMAIL)

    counted = Case.objects.values_list("channel").annotate(count=Count("pk")).order_by("channel")

    assert list(copied_rows(counted)) == [(Channel.EMAIL, 2), (Channel.PHONE, 3)]


def test_of_nothing_there_are_no_rows() -> None:
    CaseFactory()

    assert list(copied_rows(Case.objects.none().values_list("pk"))) == []
    assert list(copied_rows(Case.objects.filter(pk=0).values_list("pk"))) == []


def test_they_may_take_longer_than_a_page() -> None:
    CaseFactory()
    slow = Case.objects.annotate(slept=RawSQL("pg_sleep(0.3)::text", [])).values_list("pk", "slept")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO '100ms'")

    assert list(copied_rows(slow)) == [(Case.objects.get().pk, "")]
