"""Children that never outlive their parent, each in its own session so that Ctrl-C reaches only the parent."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from signal import Signals
from typing import IO

from console.embedded.identity import Identity, as_identity

PR_SET_PDEATHSIG = 1
ON_LINUX = sys.platform == "linux"


def start(
    argv: Sequence[str | Path],
    *,
    last_signal: Signals,
    environ: dict[str, str],
    identity: Identity | None = None,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    log: Path | None = None,
    cwd: Path | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a program that gets `last_signal` when we die, however we die. Call it from the main thread only:
    Linux counts the thread that forked as the parent. Output goes to the end of `log`, or where ours goes."""
    command = [str(part) for part in argv]
    if not ON_LINUX:
        command = [sys.executable, "-m", "console.embedded.leash", str(int(last_signal)), "--", *command]
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env=environ,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_die_with_parent(last_signal) if ON_LINUX else None,
            **as_identity(identity),
        )
    finally:
        if output:
            output.close()


def _die_with_parent(last_signal: Signals) -> Callable[[], None]:
    return partial(die_with, os.getpid(), last_signal, ctypes.CDLL(None).prctl)


def die_with(parent: int, last_signal: Signals, prctl: Callable[[int, int], int]) -> None:
    """Have this process get `last_signal` when its parent dies, or end here if that is dead already. On Linux."""
    prctl(PR_SET_PDEATHSIG, int(last_signal))
    if os.getppid() != parent:
        os._exit(1)


def stop(process: "subprocess.Popen[bytes]", *steps: tuple[Signals, float]) -> int:
    """Send each signal in turn, wait its seconds, then kill what is left of the session. Returns the exit code."""
    for step, seconds in steps:
        if process.poll() is not None:
            break
        process.send_signal(step)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    kill_session(process.pid)
    return process.wait()


def kill_session(leader: int) -> None:
    """Kill at once whatever is left of the session that `leader` began."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def is_running(pid: int, *, name: str) -> bool:
    """Whether a process of that number lives and is that program: numbers come again after a restart."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    comm = Path(f"/proc/{pid}/comm")
    if comm.exists():
        return comm.read_text().strip() == name
    shown = subprocess.run(
        ["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False
    ).stdout
    return Path(shown.strip()).name == name
