"""`make run`, where the packages are: the database, the server and the worker, until one ends or we are stopped."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

from psycopg.conninfo import conninfo_to_dict

from samokov_portal.keys import make_key
from samokov_portal.launcher.cluster import running_cluster
from samokov_portal.launcher.console import LauncherError, say
from samokov_portal.launcher.lock import held
from samokov_portal.launcher.options import ROOT, Options, kept_secret, make_data_dir
from samokov_portal.launcher.processes import call, guarded, spawn, stop

DEMO_STAFF = ("clerk", "expert", "secretary", "mayor", "editor", "auditor")
HEALTH_TIMEOUT = 60.0
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# The server of a run that was killed a moment ago may not have let go yet.
PORT_PATIENCE = 3.0
# Where to knock when it listens everywhere.
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}

# When the launcher is killed, the database goes at the same moment, and a worker told to stop in order would try for
# half a minute to sign off from it.
ON_OUR_DEATH = {"server": signal.SIGTERM, "worker": signal.SIGKILL}

# A page gives up waiting for the database after some seconds; the worker's long jobs do not.
PATIENCE = {"server": {"DATABASE_PATIENCE_SECONDS": "5"}, "worker": {}}

Children = dict[str, subprocess.Popen[bytes]]


def run(options: Options) -> NoReturn:
    """Serve until told to stop, which is an Interrupted, or until a child ends, which is a failure."""
    make_data_dir(options.data_dir)
    children: Children = {}
    with ExitStack() as stack:
        stack.enter_context(held(options.data_dir / "launcher.lock", f"already running with {options.data_dir}"))
        refuse_taken_port(options.host, options.port)
        url, owner_url = options.database_url, options.owner_url or options.database_url
        if not url:
            cluster = stack.enter_context(running_cluster(options.data_dir))
            children["database"], url, owner_url = cluster.process, cluster.application_url, cluster.url
        env = environment(options, url, os.environ)
        prepare(options, env, owner_url)
        stack.enter_context(portal(options, env, children))
        wait_until_healthy(options, children)
        say(greeting(options, env))
        while True:
            refuse_dead(children)
            time.sleep(0.2)


def environment(options: Options, url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """What the settings read."""
    env = {
        **environ,
        "DATABASE_URL": url,
        "DATA_DIR": str(options.data_dir),
        "DJANGO_SETTINGS_MODULE": "samokov_portal.settings",
        "HOST": options.host,
        "PORT": str(options.port),
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": environ.get("SECRET_KEY") or kept_secret(options.data_dir / "secret.key", 64),
    }
    # What is served here is plain HTTP; who puts a proxy in front says otherwise.
    env.setdefault("HTTPS", "0")
    env["PORTAL_URL"] = environ.get("PORTAL_URL") or address(options).rstrip("/")
    if options.host not in LOOPBACK:
        # Listening everywhere, it may be called by any name.
        env.setdefault("ALLOWED_HOSTS", "*" if options.host in ANY_ADDRESS else f"{options.host},{','.join(LOOPBACK)}")
    env.pop("DEMO", None)
    if options.sample_cases:
        env["DEMO"] = "1"
        make_key(Path(environ.get("REPORT_KEY_FILE") or options.data_dir / "keys" / "report.key"))
        env["DEMO_PASSWORD"] = environ.get("DEMO_PASSWORD") or kept_secret(options.data_dir / "demo.password", 9)
    return env


def prepare(options: Options, env: Mapping[str, str], owner_url: str) -> None:
    """Bring the database up to date as its owner, for the role that `env` names."""
    arguments = ["-m", "samokov_portal.launcher.prepare", f"--cases={options.sample_cases}"]
    application = str(conninfo_to_dict(env["DATABASE_URL"]).get("user", ""))
    as_owner = {**env, "DATABASE_URL": owner_url, "DATABASE_APPLICATION_ROLE": application}
    if call([sys.executable, *arguments], env=as_owner, cwd=ROOT) != 0:
        raise LauncherError("the portal could not be prepared: the reason stands above")


@contextmanager
def portal(options: Options, env: Mapping[str, str], children: Children) -> Iterator[None]:
    """The web server and the worker. They stop before the database does, and are told together."""
    started: Children = {}
    try:
        for name, arguments in commands(options).items():
            started[name] = children[name] = spawn(
                [sys.executable, *arguments],
                env={**PATIENCE[name], **env},
                cwd=ROOT,
                on_parent_death=ON_OUR_DEATH[name],
            )
        yield
    finally:
        say("Stopping")
        for child in started.values():
            if child.poll() is None:
                child.terminate()
        for child in started.values():
            stop(child, [(signal.SIGTERM, 10)])


def commands(options: Options) -> dict[str, list[str]]:
    server = ["-m", "granian", "--interface", "wsgi", "samokov_portal.launcher.serving:application"]
    server += ["--host", options.host, "--port", str(options.port)]
    # One thread a process is the fastest, but a thread waits for a slow sender: two of those would stop the portal.
    server += ["--workers", "2", "--blocking-threads", "8", "--workers-kill-timeout", "3", "--respawn-failed-workers"]
    server += ["--no-access-log", "--log-level", "warning"]
    # Several jobs at once, so that a slow mail server does not hold up a report.
    worker = ["manage.py", "procrastinate", "worker", "--concurrency", "4", "--shutdown-graceful-timeout", "5"]
    return {"server": server, "worker": worker}


def refuse_taken_port(host: str, port: int) -> None:
    """Before the long work, not after it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise LauncherError(f"HOST {host} is not an address of this machine") from error
    deadline = time.monotonic() + PORT_PATIENCE
    while True:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                return probe.bind(address)
            except OSError as error:
                if time.monotonic() > deadline:
                    raise LauncherError(f"PORT {port} on {host} cannot be used: {error.strerror}") from error
        time.sleep(0.2)


def wait_until_healthy(options: Options, children: Children) -> None:
    deadline = time.monotonic() + HEALTH_TIMEOUT
    while not _answers(options):
        refuse_dead(children)
        if time.monotonic() > deadline:
            raise LauncherError(f"the server does not answer at {address(options)}healthz")
        time.sleep(0.1)


def _answers(options: Options) -> bool:
    host = ANY_ADDRESS.get(options.host, options.host)
    connection = http.client.HTTPConnection(host, options.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def address(options: Options) -> str:
    host = ANY_ADDRESS.get(options.host, options.host)
    return f"http://[{host}]:{options.port}/" if ":" in host else f"http://{host}:{options.port}/"


def greeting(options: Options, env: Mapping[str, str]) -> str:
    lines = ["", f"The portal is at {address(options)}"]
    if options.sample_cases:
        lines += [f"Staff desk: {address(options)}desk/", f"Demo logins: {', '.join(DEMO_STAFF)}"]
        lines += [f"Password of each: {env['DEMO_PASSWORD']}"]
    return "\n".join([*lines, "Ctrl-C stops it.", ""])


def refuse_dead(children: Children) -> None:
    for name, child in children.items():
        if (code := child.poll()) is not None:
            raise LauncherError(f"the {name} has ended by itself (code {code}), so everything stops")


if __name__ == "__main__":
    # To be stopped is how it ends well.
    sys.exit(guarded(lambda: run(Options.from_environment(os.environ)), when_stopped=0))
