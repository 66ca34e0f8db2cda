"""Children that cannot outlive the launcher, and signals that end it in order."""

import ctypes
import multiprocessing
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

from samokov_portal.launcher.accounts import Account, own_account
from samokov_portal.launcher.console import LauncherError, say

PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
# Loaded before any fork: between fork and exec only the call itself is safe.
_LIBC = ctypes.CDLL(None, use_errno=True)


class Interrupted(BaseException):
    """A signal asked the launcher to stop. Not an Exception, so that no handler of errors swallows it."""

    def __init__(self, signum: int) -> None:
        super().__init__(signal.Signals(signum).name)
        self.signum = signum


def die_with_parent(parent: int, signum: int) -> bool:
    """Have the kernel send `signum` to this process when its parent ends; False if the parent has ended already."""
    if _LIBC.prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    return os.getppid() == parent


def end_with_parent() -> None:
    """Have this process of a server killed together with the one that forked it; nothing where none did."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None and not die_with_parent(parent.pid, signal.SIGKILL):
        os._exit(1)


def _before_exec(parent: int, signum: int) -> None:
    # Runs after the change of user, which would have cleared the setting.
    if not die_with_parent(parent, signum):
        os._exit(1)


def spawn(
    arguments: Sequence[str],
    *,
    env: Mapping[str, str],
    account: Account | None = None,
    on_parent_death: signal.Signals = signal.SIGTERM,
    output: IO[bytes] | int | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """A child in a process group of its own: Ctrl-C reaches the launcher alone, which then stops children in order.

    The kernel watches the *thread* that calls this: call it from one that lives as long as the child should.
    """
    account = account or own_account()
    return subprocess.Popen(
        arguments,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        process_group=0,
        preexec_fn=partial(_before_exec, os.getpid(), on_parent_death),
        user=account.switch_uid,
        group=account.switch_gid,
        extra_groups=account.switch_groups,
    )


def call(
    arguments: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    output: IO[bytes] | int | None = None,
    cwd: Path | None = None,
) -> int:
    """Run a child to its end, or stop it when the launcher is stopped; its exit code."""
    child = spawn(arguments, env=os.environ if env is None else env, account=account, output=output, cwd=cwd)
    try:
        return child.wait()
    finally:
        stop(child, [(signal.SIGTERM, 10)])


def stop(child: subprocess.Popen[bytes], steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal and wait its seconds; then kill what is left of the child's process group."""
    for signum, seconds in steps:
        if child.poll() is None:
            child.send_signal(signum)
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=seconds)
    # The group outlives its leader while a grandchild does, so this reaches orphans too.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def raise_on_signals() -> None:
    """Turn the first request to stop into an exception; later ones cannot disturb the clean-up, whose waits all end."""
    for signum in STOP_SIGNALS:
        # nohup asks for the hang-up to be ignored.
        if not (signum == signal.SIGHUP and signal.getsignal(signum) == signal.SIG_IGN):
            signal.signal(signum, _interrupt)


def _interrupt(signum: int, _frame: FrameType | None) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(signum)


def end_with_make() -> None:
    """Stop when the make that started us ends, is killed, or has been asked to stop and waits for us."""
    if "MAKELEVEL" not in os.environ:
        return
    parent = os.getppid()
    if not die_with_parent(parent, signal.SIGTERM):
        raise Interrupted(signal.SIGTERM)
    caught = _caught_signals(parent)

    def look(signum: int, frame: FrameType | None) -> None:
        # A signal sent to make alone: it takes its handler off, then waits for its children without telling them.
        if os.getppid() != parent or caught & ~_caught_signals(parent):
            _interrupt(signal.SIGTERM, frame)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)


def _caught_signals(pid: int) -> int:
    """The signals that a process handles, of those that mean stop, as a mask."""
    stopping = sum(1 << (signum - 1) for signum in STOP_SIGNALS)
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("SigCgt:"):
                return int(line.split()[1], 16) & stopping
    return 0


def replace_process(arguments: Sequence[str], env: Mapping[str, str]) -> NoReturn:
    """Go on as another program with the same process id, so that make's child stays make's child."""
    # The timer would survive the exec, its handler would not.
    signal.setitimer(signal.ITIMER_REAL, 0)
    os.execve(arguments[0], list(arguments), dict(env))


def guarded(work: Callable[[], int], *, when_stopped: int) -> int:
    """Do the launcher's work, watched for signals and the end of make; its exit code, a failure said in one line."""
    try:
        raise_on_signals()
        end_with_make()
        return work()
    except LauncherError as error:
        say(f"samokov-portal: {error}")
        return 1
    except Interrupted:
        return when_stopped
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
