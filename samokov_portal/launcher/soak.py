"""`make soak`, where the packages are: the portal under a mixed load for some minutes."""

import os
import sys

from samokov_portal.launcher.benchmark import prepared_portal
from samokov_portal.launcher.console import say
from samokov_portal.launcher.options import ROOT, soak_cases, soak_minutes
from samokov_portal.launcher.processes import call, guarded


def soak() -> int:
    """The exit code: 1 where something was lost, refused, or grew."""
    cases, minutes = soak_cases(os.environ), soak_minutes(os.environ)
    with prepared_portal(cases) as (cluster, env):
        say(f"Under load at {cases:,} cases for {minutes} minutes")
        arguments = [f"--cases={cases}", f"--minutes={minutes}", f"--administrator={cluster.administrator_url}"]
        return call([sys.executable, "-m", "samokov_portal.benchmark.soak", *arguments], env=env, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(guarded(soak, when_stopped=130))
