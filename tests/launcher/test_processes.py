"""Nothing that the launcher starts outlives it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from samokov_portal.launcher.options import ROOT
from samokov_portal.launcher.processes import call, spawn, stop

PARENT = """
import os, sys, time
from samokov_portal.launcher.processes import spawn
child = spawn([sys.executable, "-c", "import time; time.sleep(60)"], env=os.environ)
print(child.pid, flush=True)
time.sleep(60)
"""
UNDER_MAKE = """
import os, time
from samokov_portal.launcher.processes import guarded
def work():
    print(os.getpid(), flush=True)
    time.sleep(60)
    return 1
raise SystemExit(guarded(work, when_stopped=0))
"""


def ended(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def first_number(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def test_child_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        child = first_number(parent)

        parent.kill()

        assert ended(child)


def test_stop_ends_grandchildren_and_a_child_that_will_not_listen() -> None:
    script = "trap '' TERM; sleep 60 & echo $!; while :; do sleep 60; done"
    child = spawn(["/bin/sh", "-c", script], env={"PATH": os.environ["PATH"]}, output=subprocess.PIPE)
    assert child.stdout is not None
    with child.stdout:
        grandchild = int(child.stdout.readline())

        stop(child, [(signal.SIGTERM, 0.2)])

    assert child.returncode == -signal.SIGKILL
    assert ended(grandchild)


def test_call_gives_the_exit_code() -> None:
    assert call(["/bin/sh", "-c", "exit 7"]) == 7


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_launcher_ends_with_the_make_that_started_it(
    tmp_path: Path, signum: signal.Signals, start_make: Callable[[], subprocess.Popen[str]]
) -> None:
    make = start_make()
    launcher = first_number(make)

    # To make alone, as kill does; a terminal would tell its whole group.
    make.send_signal(signum)

    assert ended(launcher)
    make.communicate(timeout=10)


@pytest.fixture
def start_make(tmp_path: Path) -> Callable[[], subprocess.Popen[str]]:
    (tmp_path / "work.py").write_text(UNDER_MAKE)
    (tmp_path / "Makefile").write_text(f"all:\n\t@'{sys.executable}' work.py\n")
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["make", "-C", str(tmp_path), "--no-print-directory"],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=listen_again,
        )

    return start


def listen_again() -> None:
    """Undo what `nohup` or a shell's `&` does to whoever runs the tests: make would inherit deafness to these."""
    for signum in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(signum, signal.SIG_DFL)
