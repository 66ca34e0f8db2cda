"""What the settings need before pytest-django reads them: a database of its own and a data directory of its own.

Loaded by `-p tests.environment` in pyproject.toml, because that is earlier than any conftest. `make test` brings a
database in DATABASE_URL; a bare `python -m pytest` starts one and throws it away at the end.
"""

import atexit
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from samokov_portal.launcher.cluster import throwaway_cluster

if "TEST_DATA_DIR" not in os.environ:  # the workers of xdist are given the directory and the database of the first
    stack = ExitStack()
    atexit.register(stack.close)
    data_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="samokov-tests-")))
    (data_dir / "static").mkdir()
    os.environ["TEST_DATA_DIR"] = os.environ["DATA_DIR"] = str(data_dir)
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = stack.enter_context(throwaway_cluster(max_connections=200)).url
    os.environ["SECRET_KEY"] = "a key for tests only, long enough for every check that asks for fifty letters"
    # The live server speaks plain HTTP and serves static files from where they lie.
    os.environ |= {
        "HTTPS": "0",
        "HASHED_STATIC": "0",
        "DEMO": "0",
        "DEBUG": "0",
        # What a test changes is seldom committed, so no page would learn of it.
        "PUBLIC_PAGES_KEPT_SECONDS": "0",
        # A test that logs somebody in wants their pages; those of the second factor switch it on.
        "STAFF_SECOND_FACTOR": "0",
        "ALLOWED_HOSTS": "localhost,testserver",
    }
