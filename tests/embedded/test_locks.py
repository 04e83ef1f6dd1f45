"""Locks belong to whoever holds them, and to nobody once the holder is dead."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from console.embedded.locks import FileLock, Taken, is_held, is_shared


def holder(path: Path, how: str) -> "subprocess.Popen[bytes]":
    """Another process that holds the lock."""
    code = f"""
from pathlib import Path; from console.embedded.locks import FileLock; import time
FileLock(Path({str(path)!r})).{how}(); print("held", flush=True); time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    return process


def end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_lock_held_alone_is_taken_until_its_holder_is_killed(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    other = holder(lock, "take")
    assert is_held(lock)
    with pytest.raises(Taken):
        FileLock(lock).take(seconds=0.1)
    end(other)
    assert not is_held(lock)
    FileLock(lock).take()


def test_a_shared_lock_is_no_bar_to_others_who_share_it(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    other = holder(lock, "share")
    mine = FileLock(lock)
    mine.share()
    assert not is_held(lock)
    assert is_shared(lock)
    end(other)
    assert is_shared(lock)
    mine.release()
    assert not is_shared(lock)
    mine.close()
