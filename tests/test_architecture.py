"""What the code base promises about itself."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
APPS = ("samokov_portal", "services", "feedback", "charter")
MODULES = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
LONGEST_MODULE = 400
LONGEST_TEMPLATE = 300
# Names by which the frameworks find a template; nothing of ours mentions them.
FOUND_BY_NAME = re.compile(r"^(portal/|registration/|admin/base_site\.html$|\d{3}\.html$)")
TOP_LEVEL = {
    *("manage.py", "samokov_portal", "charter", "services", "feedback", "templates", "static", "tests"),
    *("pyproject.toml", "README.md"),
    # what tools force there
    *("Makefile", ".ci", "requirements.txt", "locale", "LICENSE", "SECURITY.md", "CHANGELOG.md", ".gitignore"),
}


@pytest.fixture
def logs_go_on() -> Iterator[None]:
    """The linter silences every logger that there is, and later tests would find no line of theirs."""
    there = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    silent = {logger.name for logger in there if logger.disabled}
    yield
    for logger in there:
        logger.disabled = logger.name in silent


@pytest.mark.usefixtures("logs_go_on")
def test_import_contracts_are_kept() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


@pytest.mark.django_db
def test_models_have_their_migrations() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_small_enough_to_have_one_reason(path: Path) -> None:
    code = [line for line in path.read_text().splitlines() if line.strip() and not line.strip().startswith("#")]

    assert len(code) <= LONGEST_MODULE


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_has_nothing_inline_and_is_not_too_long(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text, re.IGNORECASE)
    assert text.count("\n") <= LONGEST_TEMPLATE


def test_every_template_is_used() -> None:
    sources = "\n".join(path.read_text() for path in [*TEMPLATES, *MODULES])
    names = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]

    unused = [name for name in names if not FOUND_BY_NAME.match(name) and f'"{name}"' not in sources]

    assert unused == []


def test_every_template_compiles() -> None:
    for path in TEMPLATES:
        get_template(str(path.relative_to(ROOT / "templates")))


def patterns(resolver: Any, namespace: str = "") -> list[tuple[str, URLPattern]]:
    """Every pattern of ours with its namespace; the administration pages are Django's."""
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                found += patterns(entry, entry.namespace or namespace)
        else:
            found.append((namespace, entry))
    return found


def test_address_has_the_name_of_its_view() -> None:
    ours = [(entry.name, entry.callback) for namespace, entry in patterns(get_resolver()) if namespace]

    wrong = [name for name, view in ours if view.__name__ != name]

    assert len(ours) > 30
    assert wrong == []


def test_locks_pin_every_package_with_hashes_and_name_no_host() -> None:
    peers = ROOT / "samokov_portal" / "benchmark" / "peers" / "requirements.txt"
    for lock, least in ((ROOT / "requirements.txt", 30), (ROOT / "tests" / "requirements.txt", 30), (peers, 10)):
        text = lock.read_text()
        pins = re.findall(r"^(\S+)==\S+", text, re.MULTILINE)

        assert "://" not in text
        assert len(pins) > least
        assert len(re.findall(r"^\S+==[^\n]*\\\n\s+--hash=sha256:", text, re.MULTILINE)) == len(pins)


def test_tests_install_what_the_portal_installs() -> None:
    pins = [
        set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "tests/requirements.txt")
    ]

    assert pins[0] <= pins[1]


def test_top_level_holds_what_was_agreed() -> None:
    kept_by_tools = {".git", ".venv", ".data", ".gitattributes"}
    caches = re.compile(r"^\.(coverage.*|hypothesis|.*_cache)$|^__pycache__$")

    found = {path.name for path in ROOT.iterdir() if not caches.match(path.name)} - kept_by_tools

    assert found <= TOP_LEVEL
