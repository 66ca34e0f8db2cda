"""What the environment may ask for, and the secrets that are made once."""

from pathlib import Path

import pytest

from samokov_portal.launcher.console import LauncherError
from samokov_portal.launcher.options import (
    ROOT,
    Options,
    bench_cases,
    bench_growth,
    bench_peers,
    bench_seconds,
    kept_secret,
    make_data_dir,
    soak_cases,
    soak_minutes,
)


def test_nothing_set_gives_the_local_demo() -> None:
    assert Options.from_environment({}) == Options("127.0.0.1", 8000, ROOT / ".data", 2000, "")


def test_every_variable_is_heard(tmp_path: Path) -> None:
    environ = {"HOST": "::1", "PORT": "81", "DATA_DIR": str(tmp_path), "SAMPLE_CASES": "0", "DATABASE_URL": "x"}

    assert Options.from_environment(environ) == Options("::1", 81, tmp_path, 0, "x")


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "0"), ("PORT", "65536"), ("PORT", "осем"), ("PORT", "²"), ("SAMPLE_CASES", "-1")]
)
def test_bad_number_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(LauncherError, match=f"{name} must be"):
        Options.from_environment({name: value})


def test_secret_is_made_once_and_readable_to_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"

    made = kept_secret(path, 64)

    assert len(made) >= 64
    assert kept_secret(path, 64) == made
    assert path.stat().st_mode & 0o777 == 0o600


def test_empty_secret_of_a_killed_run_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.touch()
    (tmp_path / "secret.key.new").touch()

    assert kept_secret(path, 64) == path.read_text().strip() != ""


def test_data_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(LauncherError, match="cannot be made"):
        make_data_dir(tmp_path / "file" / "data")


def test_data_directory_cannot_be_listed_by_others(tmp_path: Path) -> None:
    make_data_dir(tmp_path / "data")

    assert (tmp_path / "data").stat().st_mode & 0o066 == 0


def test_each_line_is_driven_for_twelve_seconds_unless_said_otherwise() -> None:
    assert bench_seconds({}) == 12
    assert bench_seconds({"SECONDS": "30"}) == 30
    with pytest.raises(LauncherError, match="SECONDS"):
        bench_seconds({"SECONDS": "1"})


def test_a_load_lasts_three_minutes_at_twenty_thousand_cases_unless_said_otherwise() -> None:
    assert (soak_minutes({}), soak_cases({})) == (3, 20_000)
    assert (soak_minutes({"MINUTES": "30"}), soak_cases({"CASES": "1000"})) == (30, 1000)
    with pytest.raises(LauncherError, match="MINUTES"):
        soak_minutes({"MINUTES": "0"})


def test_a_benchmark_is_of_a_hundred_thousand_cases_unless_said_otherwise() -> None:
    assert bench_cases({}) == 100_000
    assert bench_cases({"CASES": "1000000"}) == 1_000_000


def test_growth_is_measured_at_the_numbers_that_are_named() -> None:
    assert bench_growth({}) == bench_growth({"GROWTH": " "}) == []
    assert bench_growth({"GROWTH": "10000, 100000,1000000"}) == [10_000, 100_000, 1_000_000]


def test_peers_are_measured_only_when_asked_for() -> None:
    assert not bench_peers({})
    assert not bench_peers({"PEERS": "0"})
    assert bench_peers({"PEERS": "1"})
    with pytest.raises(LauncherError, match="PEERS must be"):
        bench_peers({"PEERS": "да"})


@pytest.mark.parametrize("value", ["10000", "100,10", "10,10", "10,", "10,x", "0,10"])
def test_growth_between_no_two_numbers_is_refused(value: str) -> None:
    with pytest.raises(LauncherError, match="GROWTH must be"):
        bench_growth({"GROWTH": value})


@pytest.mark.parametrize("value", ["0", "10000001", "много", "-1"])
def test_a_bad_count_of_cases_is_refused(value: str) -> None:
    with pytest.raises(LauncherError, match="CASES must be"):
        bench_cases({"CASES": value})
