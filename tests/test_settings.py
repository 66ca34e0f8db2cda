"""The settings are read from the environment, and what makes no sense there is refused at the start."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"EAUTH_ISSUER": "http://eauth.example"}, "EAUTH_ISSUER"),
        ({"EAUTH_ISSUER": "https://eauth.example"}, "EAUTH_CLIENT_ID"),
        ({"EAUTH_CLAIM": "email"}, "EAUTH_CLAIM"),
        ({"REOPEN_DAYS": "0"}, "REOPEN_DAYS"),
    ],
)
def test_a_bad_setting_stops_the_start_with_its_name(variables: dict[str, str], message: str) -> None:
    code = "import samokov_portal.settings"
    environment = {"SECRET_KEY": "x", "DATABASE_URL": "postgres://x@/x", **variables}

    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert message in done.stderr.splitlines()[-1]
