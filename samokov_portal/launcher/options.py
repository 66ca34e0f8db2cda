"""What the environment asks of the launcher, and the secrets that it makes once and keeps."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from samokov_portal.launcher.console import LauncherError

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Options:
    host: str
    port: int
    data_dir: Path
    sample_cases: int
    database_url: str
    # Of the role that owns the tables; empty where DATABASE_URL names it.
    owner_url: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        return cls(
            host=environ.get("HOST") or "127.0.0.1",
            port=_number(environ, "PORT", default=8000, low=1, high=65535),
            data_dir=(ROOT / (environ.get("DATA_DIR") or ".data")).resolve(),
            sample_cases=_number(environ, "SAMPLE_CASES", default=2000, low=0, high=1_000_000),
            database_url=environ.get("DATABASE_URL", ""),
            owner_url=environ.get("DATABASE_OWNER_URL", ""),
        )


def bench_cases(environ: Mapping[str, str]) -> int:
    """At how many cases `make bench` measures."""
    return _number(environ, "CASES", default=100_000, low=1, high=10_000_000)


def bench_growth(environ: Mapping[str, str]) -> list[int]:
    """At which numbers of cases `make bench` measures one after another, to say how cost grows; none by default."""
    sizes = [_number({"GROWTH": text}, "GROWTH", default=0, low=1, high=10_000_000) for text in _parts(environ)]
    if len(sizes) == 1 or sorted(set(sizes)) != sizes:
        raise LauncherError("GROWTH must be two numbers of cases or more, each larger than the one before")
    return sizes


def bench_peers(environ: Mapping[str, str]) -> bool:
    """Whether `make bench` measures other people's portals in the same run; their packages are installed then."""
    return _number(environ, "PEERS", default=0, low=0, high=1) == 1


def _parts(environ: Mapping[str, str]) -> list[str]:
    text = environ.get("GROWTH", "").strip()
    return [part.strip() for part in text.split(",")] if text else []


def soak_cases(environ: Mapping[str, str]) -> int:
    """At how many cases `make soak` loads the portal."""
    return _number(environ, "CASES", default=20_000, low=1, high=10_000_000)


def soak_minutes(environ: Mapping[str, str]) -> int:
    """For how long."""
    return _number(environ, "MINUTES", default=3, low=1, high=24 * 60)


def bench_seconds(environ: Mapping[str, str]) -> int:
    """How long `make bench` drives each line; as much again goes to its floor."""
    return _number(environ, "SECONDS", default=12, low=4, high=3600)


def _number(environ: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise LauncherError(f"{name} must be a whole number from {low} to {high}, not {text!r}")
    return int(text)


def make_data_dir(data_dir: Path) -> None:
    """Nobody else may look inside; started by root, the database server's own account must be able to pass through."""
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        if not data_dir.is_dir():
            data_dir.mkdir()
            data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise LauncherError(f"DATA_DIR {data_dir} cannot be made: {error.strerror}") from error


def kept_secret(path: Path, length: int) -> str:
    """The secret in the file; made on first use and readable to its owner only."""
    try:
        if kept := path.read_text(encoding="ascii").strip():
            return kept
    except FileNotFoundError:
        pass
    made = secrets.token_urlsafe(length)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(made + "\n")
    # Renamed only when whole: a launcher killed in between leaves no empty secret behind.
    draft.replace(path)
    return made
