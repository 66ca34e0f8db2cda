"""`make bench`, where the packages are: a database that is thrown away afterwards, filled and measured."""

import os
import sys
import tempfile
from pathlib import Path

from samokov_portal.keys import make_key
from samokov_portal.launcher.cluster import Cluster, throwaway_cluster
from samokov_portal.launcher.console import say
from samokov_portal.launcher.demo import environment, prepare
from samokov_portal.launcher.options import ROOT, Options, bench_cases
from samokov_portal.launcher.processes import call, guarded

# So many lives are made one by one; the rest are their copies.
LIVES = 2000
# The same rows whenever it is measured.
LAST_DAY = "2026-11-20"


def bench() -> int:
    """The exit code of the measurement: 1 where a bar does not hold."""
    cases = bench_cases(os.environ)
    # As in production everything is synced to disk: that is what a filing waits for.
    with throwaway_cluster(durable=True) as cluster, tempfile.TemporaryDirectory(prefix="samokov-bench-") as folder:
        return _measured(cluster, Path(folder), cases)


def _measured(cluster: Cluster, folder: Path, cases: int) -> int:
    # Without the demonstration's people and reports; their cases come below.
    options = Options.from_environment({"DATA_DIR": str(folder), "SAMPLE_CASES": "0"})
    make_key(folder / "keys" / "report.key")
    base = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REPORT_KEY_FILE"}}
    env = environment(options, cluster.application_url, base)
    prepare(options, env, cluster.url)
    lives = [sys.executable, "manage.py", "sample_data", f"--cases={min(cases, LIVES)}", f"--until={LAST_DAY}"]
    # As the owner, who alone may tell of another time.
    if code := call(lives, env={**env, "DATABASE_URL": cluster.url}, cwd=ROOT):
        return code
    out = ROOT / ".data" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    say(f"Measuring at {cases:,} cases")
    arguments = [f"--cases={cases}", f"--out={out}", f"--owner={cluster.url}"]
    arguments += [f"--administrator={cluster.administrator_url}"]
    return call([sys.executable, "-m", "samokov_portal.benchmark", *arguments], env=env, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(guarded(bench, when_stopped=130))
