"""A server's process has everything that pages need before the first one is asked for."""

import os
import subprocess
import sys

READY = """
import gc, sys
from samokov_portal.wsgi import application
before = set(sys.modules)
from django.urls import get_resolver
for entry in get_resolver().url_patterns:
    getattr(entry, "url_patterns", None)
print(*sorted(name for name in set(sys.modules) - before if name.partition(".")[0] in OURS))
print(gc.get_freeze_count() > 0.9 * (gc.get_freeze_count() + len(gc.get_objects())))
"""


def test_views_are_loaded_and_out_of_the_collectors_way_also_while_the_database_is_down() -> None:
    script = f"OURS = ('samokov_portal', 'services', 'feedback', 'charter')\n{READY}"
    without = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}

    done = subprocess.run([sys.executable, "-c", script], env=without, capture_output=True, text=True, check=True)

    assert done.stdout.split("\n")[:2] == ["", "True"]
