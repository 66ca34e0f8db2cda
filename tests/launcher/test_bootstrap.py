"""When the virtual environment is made, filled and left alone."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from samokov_portal.launcher import bootstrap
from samokov_portal.launcher.console import LauncherError


class Environment:
    """The calls that would be made, with the exit code that each gets."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.code = 0

    def call(self, arguments: Sequence[str], **_: object) -> int:
        self.calls.append(arguments[2])
        return self.code


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    found = Environment()
    venv = tmp_path / ".venv"
    venv.mkdir()
    (tmp_path / "requirements.txt").write_text("a==1\n")
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "STAMP", venv / ".installed")
    monkeypatch.setattr(bootstrap, "UNFINISHED", venv / ".installing")
    monkeypatch.setattr(bootstrap, "RUN_LOCK", tmp_path / "requirements.txt")
    monkeypatch.setattr(bootstrap, "call", found.call)
    return found


def test_packages_are_installed_once_for_a_lock(environment: Environment) -> None:
    bootstrap._ensure_packages([bootstrap.RUN_LOCK])
    bootstrap._ensure_packages([bootstrap.RUN_LOCK])

    assert environment.calls == ["pip"]


def test_changed_lock_is_installed(environment: Environment) -> None:
    bootstrap._ensure_packages([bootstrap.RUN_LOCK])
    bootstrap.RUN_LOCK.write_text("a==2\n")
    bootstrap._ensure_packages([bootstrap.RUN_LOCK])

    assert environment.calls == ["pip", "pip"]


def test_lock_of_the_tests_serves_the_run_too(environment: Environment, tmp_path: Path) -> None:
    tests = tmp_path / "tests.txt"
    tests.write_text("a==1\nb==1\n")

    bootstrap._ensure_packages([tests, bootstrap.RUN_LOCK])
    bootstrap._ensure_packages([bootstrap.RUN_LOCK])

    assert environment.calls == ["pip"]


def test_failed_install_is_said_and_tried_again(environment: Environment) -> None:
    environment.code = 1
    with pytest.raises(LauncherError, match="could not be installed"):
        bootstrap._ensure_packages([bootstrap.RUN_LOCK])

    environment.code = 0
    bootstrap._ensure_packages([bootstrap.RUN_LOCK])

    assert environment.calls == ["pip", "pip"]
    assert not bootstrap.UNFINISHED.exists()


def test_killed_install_is_not_trusted(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.code = -9
    with pytest.raises(LauncherError):
        bootstrap._ensure_packages([bootstrap.RUN_LOCK])
    monkeypatch.setattr(bootstrap, "_works", lambda: True)
    environment.code = 0

    bootstrap._ensure_venv()

    assert environment.calls == ["pip", "venv"]


def test_environment_that_does_not_start_is_made_anew(environment: Environment) -> None:
    bootstrap._ensure_venv()

    assert environment.calls == ["venv"]


def test_link_in_place_of_the_environment_is_not_followed(environment: Environment, tmp_path: Path) -> None:
    bootstrap.VENV.rmdir()
    (tmp_path / "elsewhere").mkdir()
    os.symlink(tmp_path / "elsewhere", bootstrap.VENV)

    bootstrap._ensure_venv()

    assert (tmp_path / "elsewhere").is_dir()
    assert not bootstrap.VENV.is_symlink()
