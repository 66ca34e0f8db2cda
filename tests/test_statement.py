"""The statement of accessibility tells of a real run, and the file of the run is whole and of the portal as it is."""

import json
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern

from samokov_portal import accessibility, views
from samokov_portal.accessibility import DATA, Fault, Run, last_run, read
from tests.browser.pages import NO_PAGE, named
from tests.browser.statement import Look, said_of, view_at

LOOKS = [
    Look("home", "bg", False, ()),
    Look("home", "en", True, ("color-contrast",)),
    Look("feedback:case", "bg", False, ("color-contrast", "label")),
    Look("", "bg", False, ()),  # no such page
]
SEEN: dict[str, Any] = {
    "tests": ["test_keyboard", "test_displays", "test_displays", "test_search"],
    "failed": ["test_displays", "test_looks", "test_search"],
    "chromium": "147.0",
    "widths": [320, 1280],
    "today": date(2026, 11, 23),
}


def said() -> dict[str, Any]:
    return json.loads(DATA.read_text(encoding="utf-8"))


def administered() -> set[str]:
    """The names of the administration pages."""
    sites = admin.site.get_urls()
    models = [entry for model in admin.site._registry.values() for entry in model.get_urls()]
    return {f"admin:{entry.name}" for entry in [*sites, *models] if isinstance(entry, URLPattern)}


def test_the_file_has_every_field_and_no_other() -> None:
    run = read(said())

    assert run.states.keys() == {"bg", "en"}
    assert run.widths == [320, 1280]
    assert run.schemes == ["dark", "light"]
    assert run.failed == 0


@pytest.mark.parametrize("name", Run.__dataclass_fields__)
def test_a_file_without_a_field_is_refused(name: str) -> None:
    without = {key: value for key, value in said().items() if key != name}

    with pytest.raises((TypeError, KeyError)):
        read(without)


def test_a_field_that_nobody_reads_is_refused() -> None:
    with pytest.raises(TypeError):
        read({**said(), "score": 100})


def test_the_file_names_only_pages_that_there_are() -> None:
    run = read(said())
    told = {*run.pages, *run.not_seen, *(page for fault in run.faults for page in fault.pages)}

    assert told - named() - administered() == set()


def test_a_run_tells_what_it_saw_and_what_was_wrong() -> None:
    run = read(said_of(LOOKS, **SEEN))

    assert (run.tested_on, run.chromium, run.failed) == (date(2026, 11, 23), "147.0", 1)
    assert run.axe.count(".") == 2
    assert (run.pages, run.states, run.schemes) == (["feedback:case", "home"], {"bg": 3, "en": 1}, ["dark", "light"])
    assert run.faults == [Fault("color-contrast", ["feedback:case", "home"]), Fault("label", ["feedback:case"])]
    assert run.checks == {"keyboard": 1, "displays": 2}
    assert set(run.not_seen) == named() - NO_PAGE - {"home", "feedback:case"}


@pytest.mark.parametrize(
    ("path", "view"),
    [
        ("/en/", "home"),
        ("/enquiries/", ""),
        ("/en/desk/cases/%D0%A1-2026-000001/", "feedback:case"),
        ("/desk/admin/", "admin:index"),
    ],
)
def test_a_page_is_known_by_its_address_in_both_languages(path: str, view: str) -> None:
    assert view_at(path) == view


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Run:
    run = read(said_of(LOOKS, **SEEN))
    monkeypatch.setattr(views, "last_run", lambda: run)
    return run


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "day", "words"),
    [
        ("/accessibility/", "23.11.2026\xa0г.", "2 страници"),
        ("/en/accessibility/", "23\xa0November\xa02026", "2 pages"),
    ],
)
def test_the_page_tells_of_the_run(client: Client, clock: Any, told: Run, path: str, day: str, words: str) -> None:
    text = client.get(path).content.decode()

    assert day in text
    assert f"axe {told.axe}, Chromium 147.0" in text
    assert "color-contrast" in text
    assert words in " ".join(text.split())
    assert "notice-warning" not in text


@pytest.mark.django_db
def test_a_run_of_more_than_a_year_ago_is_said_to_be_old(
    client: Client, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = read({**said_of(LOOKS, **SEEN), "tested_on": "2025-11-22"})
    monkeypatch.setattr(views, "last_run", lambda: run)

    assert "отпреди повече от година" in client.get("/accessibility/").content.decode()
    assert not read({**said_of(LOOKS, **SEEN), "tested_on": "2025-11-23"}).is_old(date(2026, 11, 23))


def test_the_file_is_read_once() -> None:
    assert last_run() is accessibility.last_run()
