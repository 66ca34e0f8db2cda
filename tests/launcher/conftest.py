"""Places that the database server's account can reach, and launchers in processes of their own, to be killed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from samokov_portal.launcher.cluster import running_cluster
from samokov_portal.launcher.options import ROOT
from samokov_portal.launcher.places import socket_directory

HOLDER = """
import sys, time
from pathlib import Path
from samokov_portal.launcher.cluster import running_cluster
with running_cluster(Path(sys.argv[1])) as cluster:
    print("ready", cluster.process.pid, flush=True)
    time.sleep(60)
"""

Holder = tuple[subprocess.Popen[str], int]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Python 3.12 and newer warn of a fork beside threads: those of xdist, the launcher itself has none."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"))


@pytest.fixture(autouse=True)
def fast_passwords() -> None:
    """Nothing here needs Django, nor the project's fixture of this name."""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A directory with spaces in its name, not under pytest's own, which only its owner can enter."""
    directory = Path(tempfile.mkdtemp(prefix="launcher tests ", dir="/tmp"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)
    shutil.rmtree(socket_directory(directory), ignore_errors=True)


@pytest.fixture(scope="session")
def new_cluster() -> Iterator[Path]:
    """A cluster as made on first use: once, because making one takes longer than all that is done to it."""
    directory = Path(tempfile.mkdtemp(prefix="launcher-tests-", dir="/tmp"))
    directory.chmod(0o711)
    with running_cluster(directory):
        pass
    yield directory / "postgres"
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def used_dir(data_dir: Path, new_cluster: Path) -> Path:
    """A data directory that an earlier run has used."""
    subprocess.run(["cp", "-a", new_cluster, data_dir / "postgres"], check=True)
    return data_dir


@pytest.fixture
def hold_cluster() -> Iterator[Callable[[Path], Holder]]:
    """Start a cluster from another process; that process and the number of its server."""
    started: list[subprocess.Popen[str]] = []

    def start(data_dir: Path) -> Holder:
        arguments = [sys.executable, "-c", HOLDER, str(data_dir)]
        holder = subprocess.Popen(arguments, cwd=ROOT, env={**os.environ}, stdout=subprocess.PIPE, text=True)
        started.append(holder)
        assert holder.stdout is not None
        for line in holder.stdout:
            if line.startswith("ready"):
                return holder, int(line.split()[1])
        raise AssertionError("the holder did not start its cluster")

    yield start
    for holder in started:
        holder.kill()
        holder.communicate()
