"""The plain search of the catalogue: words, numbers, other endings and slips of the finger."""

import pytest

from services.models import Service

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("2052", "Издаване на удостоверение за раждане – оригинал"),
        ("№ 2052", "Издаване на удостоверение за раждане – оригинал"),
        ("№2052", "Издаване на удостоверение за раждане – оригинал"),
        ("скица", "Издаване на скици за недвижими имоти"),
        ("СКИЦИ", "Издаване на скици за недвижими имоти"),
        ("удостоверние за наследници", "Издаване на удостоверение за наследници"),
        ("данъчна оценка", "Издаване на удостоверение за данъчна оценка на право на строеж"),
    ],
)
def test_service_is_found(query: str, name: str) -> None:
    assert name in [service.name for service in Service.objects.matching(query)]


@pytest.mark.parametrize("query", ["хладилник", "9999", "%", "_"])
def test_what_is_not_there_is_not_found(query: str) -> None:
    assert list(Service.objects.matching(query)) == []
