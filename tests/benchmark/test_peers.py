"""A peer gets a database of its own in the portal's cluster, and is asked for a report that nothing has kept."""

import os
import subprocess
import sys

SITE = "samokov_portal.benchmark.peers.helpdesk"


def test_settings_of_a_peer_lead_to_its_own_database_and_to_no_mail_server() -> None:
    # In a process of its own, because it is another site than the one of the tests.
    said = f"""
from {SITE} import settings
found = settings.DATABASES["default"]
print(found["NAME"], found["USER"], found["HOST"], settings.EMAIL_BACKEND, sep="\\n")
"""
    env = {
        **os.environ,
        "DATABASE_URL": "postgresql://owner@/samokov?host=/run/a%20folder&port=5432",
        "PEER_DATABASE": "helpdesk",
    }

    told = subprocess.run([sys.executable, "-c", said], env=env, capture_output=True, text=True, check=True)

    assert told.stdout.splitlines() == [
        "helpdesk",
        "owner",
        "/run/a folder",
        "django.core.mail.backends.dummy.EmailBackend",
    ]
