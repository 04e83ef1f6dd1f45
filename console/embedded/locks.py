"""Locks on files, which the kernel lets go when their holder dies, however it dies."""

import contextlib
import fcntl
import os
import time
from pathlib import Path


class Taken(Exception):
    """Somebody else holds the lock."""


class FileLock:
    """An open lock; closing it or dying lets it go. `inheritable` keeps it through exec."""

    def __init__(self, path: Path, *, inheritable: bool = False) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        os.set_inheritable(self.descriptor, inheritable)

    def share(self) -> None:
        """Wait until nobody holds it alone, then hold it together with others."""
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def take(self, *, seconds: float = 0) -> None:
        """Hold it alone. Raises Taken if that cannot be had within so many seconds."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise Taken from None
                time.sleep(0.02)

    def release(self) -> None:
        """Let it go, ready to be had again."""
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let it go for good."""
        os.close(self.descriptor)


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock alone now."""
    lock = FileLock(path)
    try:
        fcntl.flock(lock.descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        lock.close()


def is_shared(path: Path) -> bool:
    """Whether others share the lock now, and nobody holds it alone."""
    lock = FileLock(path)
    try:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        return not is_held(path)
    finally:
        lock.close()
