"""Debian packages: looked for at each start, which is cheap, and installed only if missing and allowed."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from samokov_portal.launcher.console import say

PANGO = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
FONT_PACKAGE = "fonts-dejavu-core"
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
BROWSER = Path("/usr/bin/chromium")


def ensure_pdf_libraries() -> None:
    """What WeasyPrint loads; the portal runs without, all but its PDF."""
    missing = [package for package, library in PANGO.items() if not _loads(library)]
    if not FONT.exists():
        missing.append(FONT_PACKAGE)
    if missing and not install(missing):
        say(f"Reports will not be rendered as PDF: install {' '.join(missing)}")


def ensure_browser() -> None:
    if not BROWSER.exists() and not install(["chromium"]):
        say("Tests that drive a browser will fail: install chromium")


def ensure_driver() -> None:
    """What sends requests as fast as they are answered."""
    if shutil.which("wrk") is None and not install(["wrk"]):
        say("Pages cannot be measured under load: install wrk")


def install(packages: Sequence[str]) -> bool:
    """Whether apt installed the packages; False, at once, where it may not."""
    prefix = _as_administrator()
    if prefix is None:
        return False
    say(f"Installing {' '.join(packages)} with apt")
    # Not stopped with the launcher: a half-configured dpkg would be left to the administrator.
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=120"]
    if not _quietly([*apt, "update"]):
        say("apt-get update failed; going on with the package lists that are here")
    return _quietly([*apt, "install", "--no-install-recommends", *packages])


def _as_administrator() -> list[str] | None:
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _quietly(["sudo", "-n", "true"], verbose=False):
        return ["sudo", "-n"]
    return None


def _quietly(arguments: Sequence[str], *, verbose: bool = True) -> bool:
    done = subprocess.run(
        arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if verbose and done.returncode != 0:
        say(done.stdout.strip())
    return done.returncode == 0


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
