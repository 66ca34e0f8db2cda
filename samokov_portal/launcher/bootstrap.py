"""From a bare Python to one that has the packages of the lock, in `.venv`."""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from samokov_portal.launcher import system_packages
from samokov_portal.launcher.console import LauncherError, say
from samokov_portal.launcher.options import ROOT
from samokov_portal.launcher.processes import call, replace_process

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUN_LOCK = ROOT / "requirements.txt"
# Everything in RUN_LOCK with the same pins, and the tools.
TEST_LOCK = ROOT / "tests" / "requirements.txt"
# Hashes of the locks that the environment now satisfies.
STAMP = VENV / ".installed"
# There while pip works: whatever it was doing when killed, it cannot be trusted to see what it left undone.
UNFINISHED = VENV / ".installing"
# What goes on where the packages are, in the environment's Python.
MODULES = {
    "run": "samokov_portal.launcher.demo",
    "test": "samokov_portal.launcher.checks",
    "bench": "samokov_portal.launcher.benchmark",
    "soak": "samokov_portal.launcher.soak",
    "backup": "samokov_portal.launcher.backup",
    "restore": "samokov_portal.launcher.restore",
}


def enter_environment(command: str) -> NoReturn:
    """Become the environment's Python, made and filled first if need be; does not return."""
    _ensure_venv()
    _ensure_packages([TEST_LOCK, RUN_LOCK] if command == "test" else [RUN_LOCK])
    system_packages.ensure_pdf_libraries()
    if command == "test":
        system_packages.ensure_browser()
    if command in ("test", "bench"):
        system_packages.ensure_driver()
    os.chdir(ROOT)
    replace_process([str(PYTHON), "-m", MODULES[command]], os.environ)


def _ensure_venv() -> None:
    if Path(sys.prefix).resolve() == VENV.resolve():
        # Called with the environment's own Python: it cannot be rebuilt from under itself.
        return
    if _works() and not UNFINISHED.exists():
        return
    if not importlib.util.find_spec("ensurepip") and not system_packages.install(["python3-venv"]):
        raise LauncherError("Python's venv module is not complete: install python3-venv")
    say(f"Creating {VENV}")
    # Never through a link: --clear would empty what it points to.
    if VENV.is_symlink():
        VENV.unlink()
    if call([sys.executable, "-m", "venv", "--clear", str(VENV)]) != 0:
        raise LauncherError(f"the virtual environment {VENV} could not be created")


def _works() -> bool:
    """Whether the environment's Python starts, is of our version, and knows where it is and has pip."""
    question = "import sys, pip; print(sys.prefix, *sys.version_info[:2], sep='\\n')"
    try:
        answer = subprocess.run(
            [PYTHON, "-I", "-c", question], capture_output=True, text=True, check=True, timeout=60
        ).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return False
    return answer == [str(VENV), *map(str, sys.version_info[:2])]


def _ensure_packages(locks: list[Path]) -> None:
    """Install the first lock unless the stamp says that it is; it satisfies the others too."""
    hashes = [hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks]
    if not UNFINISHED.exists() and STAMP.exists() and hashes[0] in STAMP.read_text(encoding="ascii").split():
        return
    say("Installing Python packages: a minute or two the first time")
    STAMP.unlink(missing_ok=True)
    UNFINISHED.touch()
    arguments = ["install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes", "-r"]
    # A user install, asked for by somebody's configuration, is refused inside an environment.
    environ = {**os.environ, "PIP_USER": "0"}
    code = call([str(PYTHON), "-m", "pip", *arguments, str(locks[0])], env=environ)
    # pip undoes what failed, so there is nothing to distrust; a signal that killed it is another matter.
    if code >= 0:
        UNFINISHED.unlink()
    if code != 0:
        raise LauncherError("the Python packages could not be installed")
    STAMP.write_text("\n".join(hashes) + "\n", encoding="ascii")
