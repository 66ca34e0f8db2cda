"""Pages of an editor: the drafts of the catalogue and of the charter, and the files of the catalogue, seen by axe."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from charter.models import CharterDraft
from samokov_portal.history import save_with_history
from services.models import CatalogueImport, Service, ServiceDraft
from tests.audit.rows import BUILD
from tests.browser.touring import Place, Tour, at

pytestmark = pytest.mark.django_db(transaction=True)


def test_pages_of_an_editor_have_no_faults(open_page: Callable[..., Page], staff: dict[str, Any], log_in: Any) -> None:
    draft: Any = BUILD[ServiceDraft]()
    save_with_history(draft, by=None, why="проба")
    brought = CatalogueImport(
        name="регистър.csv",
        content=[[1, ["номер", "услуга"]], [2, ["1999", "Ново име"]], [3, ["9999", "Нова"]]],
        is_table=True,
        uploaded_by=staff["editor"],
        uploaded_at=timezone.now(),
    )
    save_with_history(brought, by=None, why="проба")
    charter: Any = BUILD[CharterDraft]()
    save_with_history(charter, by=None, why="проба")
    tour = Tour(log_in(open_page(), "editor"), "bg")

    def edited() -> Iterator[Place]:
        yield at("services:drafts")
        yield at("services:draft_new")
        yield at("services:draft_begin", Service.objects.get(number="1999").slug)
        yield at("services:draft", draft.pk)
        yield at("services:draft_preview", draft.pk)
        yield at("services:catalogue_imports")
        yield at("services:catalogue_import", brought.pk)
        yield at("charter:charter_drafts")
        yield at("charter:charter_draft", charter.pk)
        yield at("charter:charter_draft_preview", charter.pk)

    assert tour.in_both_languages(edited) == {}  # no faults
