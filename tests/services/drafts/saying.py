"""What a draft says of a service, and what a colleague changes of it meanwhile."""

from typing import Any

from samokov_portal.history import save_with_history
from services.documents import Document, document_of
from services.models import Service

NUMBER = "2016"


def said(service: Service, **changes: Any) -> Document:
    return {**document_of(service), **changes}


def statement(field: str, text: str, provider: str = "samokov", **more: Any) -> Document:
    plain = {"field": field, "variant": "", "provider": provider, "text": text}
    return {**plain, "is_verified": False, "source": "", "leva": [], **more}


def changed_meanwhile(service: Service) -> None:
    service.note = "Друго, междувременно"
    save_with_history(service, by=None, why="проба")
