"""Brings the database and the files up to date before the server starts; every step may be repeated.

One process for all the commands: starting Django once, not eight times, is what makes a second start quick.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import django
from django.core.management import CommandError, call_command
from django.utils import timezone

from samokov_portal.audit.origin import coming_from
from samokov_portal.launcher.console import say
from samokov_portal.launcher.messages import compile_messages
from samokov_portal.launcher.options import ROOT
from samokov_portal.launcher.static_files import collect_static

SEED = 1


def steps(cases: int, until: date) -> Iterator[tuple[str, list[str]]]:
    """What to tell, and the command with its arguments."""
    yield "Bringing the database up to date", ["migrate", "--no-input", "--skip-checks", "--verbosity=0"]
    yield "Loading roles", ["load_roles"]
    yield "Loading the charter", ["load_charter"]
    yield "Loading the catalogue of services", ["load_services"]
    yield "Loading competent bodies and texts of letters", ["load_letters"]
    if cases:
        sample = ["sample_data", f"--cases={cases}", f"--seed={SEED}", f"--until={until.isoformat()}"]
        yield f"Making {cases} sample cases, unless there are some", sample
        yield "Making sample filings by a program, unless there are some", ["sample_open311"]
        observed = ["sample_observations", f"--seed={SEED}", f"--until={until.isoformat()}"]
        yield "Making sample observations, unless there are some", observed
        yield "Making the demo staff", ["demo_staff"]
        yield "Publishing the demo reports", ["demo_reports"]
        yield "Counting the running quarter", ["count_running"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="prepare")
    parser.add_argument("--cases", type=int, required=True)
    options = parser.parse_args(arguments)
    compile_messages(ROOT / "locale")
    django.setup()
    # The edge that reads the clock for the sample: today is left to those who try the portal.
    yesterday = timezone.localdate() - timedelta(days=1)  # noqa: TID251
    for title, command in steps(options.cases, yesterday):
        say(title)
        try:
            with coming_from(f"command {command[0]}"):
                call_command(*command)
        except CommandError as error:
            say(f"{command[0]}: {error}")
            return error.returncode
    if collect_static():
        say("Static files collected")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
