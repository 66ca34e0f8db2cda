"""What `make run` tells the portal and the person, and what it refuses at once."""

import dataclasses
import socket
import sys
from datetime import date
from pathlib import Path

import pytest

from samokov_portal.launcher import demo
from samokov_portal.launcher.console import LauncherError
from samokov_portal.launcher.lock import held
from samokov_portal.launcher.options import Options
from samokov_portal.launcher.prepare import steps
from samokov_portal.launcher.processes import spawn

DAY = date(2026, 11, 23)


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options("127.0.0.1", 8000, tmp_path, 10, "")


def test_port_in_use_is_refused_before_any_work(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "PORT_PATIENCE", 0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(LauncherError, match=f"PORT {port} on 127.0.0.1 cannot be used"):
            demo.run(dataclasses.replace(options, port=port))

    assert [path.name for path in options.data_dir.iterdir()] == ["launcher.lock"]


def test_second_run_on_the_same_data_is_refused(options: Options) -> None:
    with held(options.data_dir / "launcher.lock", ""), pytest.raises(LauncherError, match="already running"):
        demo.run(options)


def test_demo_is_announced_to_the_settings_only_with_sample_cases(options: Options) -> None:
    with_cases = demo.environment(options, "url", {})
    without = demo.environment(dataclasses.replace(options, sample_cases=0), "url", {"DEMO": "1"})

    assert with_cases["DEMO"] == "1"
    assert "DEMO" not in without
    assert with_cases["SECRET_KEY"] == without["SECRET_KEY"]


def test_letters_name_the_address_that_is_served_unless_another_is_given(options: Options) -> None:
    served = demo.environment(dataclasses.replace(options, port=8123), "url", {})["PORTAL_URL"]
    given = demo.environment(options, "url", {"PORTAL_URL": "https://portal.example.bg"})["PORTAL_URL"]

    assert (served, given) == ("http://127.0.0.1:8123", "https://portal.example.bg")


def test_password_of_the_environment_goes_before_the_kept_one(options: Options) -> None:
    kept = demo.environment(options, "url", {})["DEMO_PASSWORD"]
    given = demo.environment(options, "url", {"DEMO_PASSWORD": "дадена"})["DEMO_PASSWORD"]

    assert (given, demo.environment(options, "url", {})["DEMO_PASSWORD"]) == ("дадена", kept)


def test_greeting_names_the_address_and_each_login(options: Options) -> None:
    text = demo.greeting(dataclasses.replace(options, host="::"), {"DEMO_PASSWORD": "парола"})

    assert "http://[::1]:8000/" in text
    assert "clerk, expert, secretary, mayor, editor, auditor" in text
    assert "парола" in text


def test_end_of_a_child_is_the_end_of_all(options: Options) -> None:
    child = spawn([sys.executable, "-c", "raise SystemExit(3)"], env={})
    child.wait()

    with pytest.raises(LauncherError, match=r"the worker has ended by itself \(code 3\)"):
        demo.refuse_dead({"worker": child})


def test_no_sample_cases_means_no_demo_staff() -> None:
    commands = [command[0] for _, command in steps(0, DAY)]

    assert commands == ["migrate", "load_roles", "load_charter", "load_services", "load_letters"]


def test_sample_reaches_up_to_today() -> None:
    assert ["sample_data", "--cases=5", "--seed=1", "--until=2026-11-23"] in [command for _, command in steps(5, DAY)]
