"""Starts and stops everything that `make run` and `make test` need; standard library only until the packages are in."""

import sys

# Here, before any other module of the package is read: an older Python would stop at their syntax, not at this line.
if sys.version_info < (3, 11):  # noqa: UP036 - the check is for people who call us with an older Python
    sys.exit("samokov-portal: Python 3.11 or newer is needed, this is " + sys.version.split()[0])
