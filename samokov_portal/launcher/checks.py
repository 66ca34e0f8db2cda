"""`make test`, where the packages are: every check of the project, all of them run, the tests last."""

import os
import secrets
import sys
from collections.abc import Mapping

from samokov_portal.launcher.cluster import throwaway_cluster
from samokov_portal.launcher.console import say
from samokov_portal.launcher.messages import compile_messages
from samokov_portal.launcher.options import ROOT
from samokov_portal.launcher.processes import call, guarded

# pytest comes last, so that its summary closes the output.
CHECKS: dict[str, list[str]] = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "djlint format": ["-m", "djlint", "templates", "--check", "--quiet"],
    "djlint lint": ["-m", "djlint", "templates", "--lint", "--quiet"],
    "mypy": ["-m", "mypy"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "pytest": ["-m", "pytest", "-n", "2", "--dist", "worksteal", "--durations", "15"],
}
# What a server in production is told.
PRODUCTION = {
    "DEBUG": "0",
    "ALLOWED_HOSTS": "example.bg",
    "EMAIL_URL": "smtp+tls://portal:password@mail.example.bg:587",
    "PORTAL_URL": "https://example.bg",
}
# Two workers with their own databases, a live server and its worker in each.
CONNECTIONS = 200


def check_all() -> int:
    compile_messages(ROOT / "locale")
    with throwaway_cluster(max_connections=CONNECTIONS) as cluster:
        failed: list[str] = []
        for name, arguments in CHECKS.items():
            if name == "pytest" and failed:
                say(f"\nFailed so far: {', '.join(failed)}")
            say(f"\n=== {name}")
            if call([sys.executable, *arguments], env=environment(name, cluster.url, os.environ), cwd=ROOT) != 0:
                failed.append(name)
    if failed:
        say(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


def environment(name: str, url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The tests' own: what a person has set for `make run` must not decide what passes."""
    kept = {key: value for key, value in environ.items() if key not in {"DEMO", "DEMO_PASSWORD", "SAMPLE_CASES"}}
    env = {**kept, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "samokov_portal.settings"}
    env.setdefault("SECRET_KEY", secrets.token_urlsafe(64))
    return {**env, **PRODUCTION} if name == "deployment" else env


if __name__ == "__main__":
    sys.exit(guarded(check_all, when_stopped=130))
