"""Static files are collected when they have changed, and only then."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finder

from samokov_portal.launcher.static_files import collect_static


@pytest.fixture
def source(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The one static file of a project that stores its files as they are."""
    source = tmp_path / "source" / "page.css"
    source.parent.mkdir()
    source.write_text("a {}")
    settings.STATICFILES_DIRS = [source.parent]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    get_finder.cache_clear()
    yield source
    # Or the next test would be served from the finder of this one.
    get_finder.cache_clear()


def test_unchanged_files_are_collected_once(source: Path) -> None:
    assert [collect_static(), collect_static()] == [True, False]


def test_changed_file_is_collected_again(source: Path, tmp_path: Path) -> None:
    collect_static()
    source.write_text("a { color: red }")

    assert collect_static()
    assert (tmp_path / "static" / "page.css").read_text() == "a { color: red }"


def test_files_taken_away_are_collected_again(source: Path, tmp_path: Path) -> None:
    collect_static()
    (tmp_path / "static" / "page.css").unlink()
    (tmp_path / "static").rmdir()

    assert collect_static()
