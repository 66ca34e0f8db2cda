"""What tests of Open311 ask for: a key, and what a program sends with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from feedback.models import Case
from samokov_portal.open311.keys import make_key
from samokov_portal.open311.models import ApiKey, Filing
from tests.factories import CaseFactory, at

REQUESTS = "/open311/v2/requests.json"


@pytest.fixture
def key(db: None) -> str:
    return make_key("Чист град", by=None, why="проба", now=at("2026-03-01"))


@pytest.fixture
def told(key: str) -> dict[str, str]:
    """A signal as a program sends it."""
    return {
        "api_key": key,
        "service_code": "signal",
        "address_string": "ул. „Македония“ № 34",
        "description": "Не свети лампа\nОт седмица е тъмно.",
        "first_name": "Мария",
        "last_name": "Стоянова",
        "email": "maria@example.bg",
    }


@pytest.fixture
def send(client: Client, told: dict[str, str], clock: datetime) -> Callable[..., Any]:
    """Files it at noon of 23.11.2026, with changes; an empty value leaves a parameter out."""

    def post(path: str = REQUESTS, /, **changes: Any) -> Any:
        return client.post(path, {name: value for name, value in {**told, **changes}.items() if value})

    return post


@pytest.fixture
def filed(key: str) -> Callable[..., Case]:
    """A case that came through Open311."""

    def make(**values: Any) -> Case:
        case: Case = CaseFactory(**values)
        Filing.objects.create(case=case, key=ApiKey.objects.get())
        return case

    return make
