"""`make bench`, where the packages are: a database that is thrown away afterwards, filled and measured."""

import os
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from samokov_portal.keys import make_key
from samokov_portal.launcher.cluster import Cluster, throwaway_cluster
from samokov_portal.launcher.console import LauncherError, say
from samokov_portal.launcher.demo import environment, prepare
from samokov_portal.launcher.options import ROOT, Options, bench_cases, bench_growth, bench_peers, bench_seconds
from samokov_portal.launcher.processes import call, guarded

# So many lives are made one by one; the rest are their copies.
LIVES = 2000
# The same rows whenever it is measured.
LAST_DAY = "2026-11-20"
OUT = ROOT / ".data"
PEERS, PEERS_LOCK = OUT / "peers", ROOT / "samokov_portal" / "benchmark" / "peers" / "requirements.txt"
# All requests come from one address. What it sends is counted and compared as ever, but is never too much.
NEVER_TOO_MUCH = dict.fromkeys(
    ("FILINGS_AN_HOUR_PER_ADDRESS", "FILINGS_AN_HOUR_PER_NETWORK", "FILINGS_UNTIMED"), str(10**9)
)


def bench() -> int:
    """The exit code of the measurement: 1 where a bar does not hold."""
    seconds, sizes = bench_seconds(os.environ), bench_growth(os.environ)
    OUT.mkdir(exist_ok=True)
    if not sizes:
        return measure(bench_cases(os.environ), seconds, OUT / "bench.json")
    files = [OUT / f"bench-{cases}.json" for cases in sizes]
    # One that misses a bar has measured all the same; one that ended early has written nothing.
    for cases, file in zip(sizes, files, strict=True):
        file.unlink(missing_ok=True)
        measure(cases, seconds, file)
        if not file.exists():
            raise LauncherError(f"nothing was measured at {cases:,} cases: the reason stands above")
    growth = ["-m", "samokov_portal.benchmark.growth", f"--out={OUT / 'growth.json'}", *map(str, files)]
    return call([sys.executable, *growth], env=dict(os.environ), cwd=ROOT)


def measure(cases: int, seconds: int, out: Path) -> int:
    """Measure every line at so many cases, each for so many seconds, and write the table to `out`."""
    with prepared_portal(cases) as (cluster, env):
        say(f"Measuring at {cases:,} cases")
        arguments = [f"--cases={cases}", f"--seconds={seconds}", f"--out={out}", f"--owner={cluster.url}"]
        arguments += [f"--administrator={cluster.administrator_url}"]
        arguments += [f"--peers={peers_python()}"] if bench_peers(os.environ) else []
        return call([sys.executable, "-m", "samokov_portal.benchmark", *arguments], env=env, cwd=ROOT)


def peers_python() -> Path:
    """The Python of the peers, with the packages of their lock, in an environment beside the portal's own."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        venv.create(PEERS, with_pip=True)
    if call([str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(PEERS_LOCK)]):
        raise LauncherError("the packages of the peers could not be installed: the reason stands above")
    return python


@contextmanager
def prepared_portal(cases: int) -> Iterator[tuple[Cluster, Mapping[str, str]]]:
    """A cluster of its own with a whole portal and the first of so many made-up cases, and what the settings read."""
    # As in production everything is synced to disk: that is what a filing waits for.
    with throwaway_cluster(durable=True) as cluster, tempfile.TemporaryDirectory(prefix="samokov-bench-") as folder:
        # Without the demonstration's people and reports; their cases come below.
        options = Options.from_environment({"DATA_DIR": folder, "SAMPLE_CASES": "0"})
        make_key(Path(folder) / "keys" / "report.key")
        base = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REPORT_KEY_FILE"}}
        env = {**environment(options, cluster.application_url, base), **NEVER_TOO_MUCH}
        prepare(options, env, cluster.url)
        lives = [sys.executable, "manage.py", "sample_data", f"--cases={min(cases, LIVES)}", f"--until={LAST_DAY}"]
        # As the owner, who alone may tell of another time.
        if call(lives, env={**env, "DATABASE_URL": cluster.url}, cwd=ROOT):
            raise LauncherError("the made-up cases could not be made: the reason stands above")
        yield cluster, env


if __name__ == "__main__":
    sys.exit(guarded(bench, when_stopped=130))
