"""`python3 -m samokov_portal.launcher run|test|bench|soak|backup|restore`, as make calls it: standard library only."""

import os
import sys
from typing import NoReturn

from samokov_portal.launcher.bootstrap import MODULES, enter_environment
from samokov_portal.launcher.options import Options, bench_cases, bench_seconds, soak_minutes
from samokov_portal.launcher.processes import guarded


def main(command: str) -> NoReturn:
    # A bad variable is refused before the long work, not after it.
    Options.from_environment(os.environ)
    bench_cases(os.environ)
    bench_seconds(os.environ)
    soak_minutes(os.environ)
    enter_environment(command)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in MODULES:
        sys.exit(f"usage: python3 -m samokov_portal.launcher {'|'.join(MODULES)}")
    sys.exit(guarded(lambda: main(sys.argv[1]), when_stopped=0 if sys.argv[1] == "run" else 130))
