"""Children do not outlive their parent, on either way of arranging it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from console.embedded import processes


def wait_until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Running, not merely waiting to be buried."""
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "\nState:\tZ" not in status.read_text()


@pytest.mark.parametrize("on_linux", [True, False], ids=["by the kernel", "by a leash"])
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path, on_linux: bool) -> None:
    pid_file = tmp_path / "pid"
    code = f"""
import os, signal, time
from console.embedded import processes
processes.ON_LINUX = {on_linux}
child = processes.start(
    ["sh", "-c", "echo $$ > {pid_file}; exec sleep 60"], last_signal=signal.SIGTERM, environ=dict(os.environ)
)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code])
    wait_until(lambda: pid_file.exists() and pid_file.read_text().strip().isdigit())
    child = int(pid_file.read_text())
    assert is_alive(child)
    parent.kill()
    parent.wait()
    wait_until(lambda: not is_alive(child))


def test_a_leash_hands_on_signals_and_the_exit_code() -> None:
    trap = "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done"
    command = [
        sys.executable,
        "-m",
        "console.embedded.leash",
        str(int(signal.SIGKILL)),
        "--",
        "sh",
        "-c",
        trap,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as leash:
        assert leash.stdout
        assert leash.stdout.readline() == b"ready\n"
        leash.send_signal(signal.SIGTERM)
        assert leash.wait(10) == 7


def test_stopping_goes_on_to_the_next_signal_and_leaves_no_grandchild(tmp_path: Path) -> None:
    log = tmp_path / "log"
    deaf = "trap '' TERM; sleep 61 & echo $!; wait; while :; do sleep 0.05; done"
    child = processes.start(["sh", "-c", deaf], last_signal=signal.SIGKILL, environ=dict(os.environ), log=log)
    wait_until(lambda: log.read_text().strip().isdigit())
    grandchild = int(log.read_text())
    assert processes.stop(child, (signal.SIGTERM, 0.2)) == -signal.SIGKILL
    wait_until(lambda: not is_alive(grandchild))


def test_a_number_used_by_another_program_is_not_ours() -> None:
    assert processes.is_running(os.getpid(), name=Path(f"/proc/{os.getpid()}/comm").read_text().strip())
    assert not processes.is_running(os.getpid(), name="postgres")
