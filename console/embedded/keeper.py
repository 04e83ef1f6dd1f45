"""Holds PostgreSQL and the broker as long as somebody uses them: `python -m console.embedded.keeper postgres broker`.

Everybody who uses the servers shares a lock on users.lock. When the keeper can have that lock alone, nobody is left,
and it stops them. So bin/up and any number of bin/manage share the same servers, whoever came first and whoever is
killed in between.
"""

import contextlib
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from console.embedded import tuning
from console.embedded.binaries import NotInstalled, runnable
from console.embedded.broker import Broker
from console.embedded.identity import server_identity
from console.embedded.locks import FileLock, Taken
from console.embedded.paths import Place, private_folder
from console.embedded.postgres import APP, DidNotStart, Postgres

# Commands that follow each other find the servers still there.
SECONDS_TO_LINGER = 2.0
MOST_RESTARTS_A_MINUTE = 3


class Keeper:
    """The servers of one data folder; `parts` is which of postgres and broker."""

    def __init__(self, place: Place, parts: list[str]) -> None:
        identity = server_identity()
        servers = place.servers(identity)
        before = read_state(place.state)
        self.place = place
        self.sockets = _sockets_of_before(before) or private_folder(identity)
        binaries = runnable(identity, servers)
        settings = tuning.lasting(tuning.memory_bytes(), os.cpu_count() or 1)
        logs = place.logs
        postgres = Postgres(
            binaries.postgres, servers / "postgres", self.sockets, logs / "postgres.log", settings, identity
        )
        port, password = int(before.get("broker_port", "0")), before.get("broker_password", "")
        broker = Broker(binaries.broker, servers / "broker", logs / "broker.log", port, password, identity)
        everything: dict[str, Postgres | Broker] = {"postgres": postgres, "broker": broker}
        self.servers = {name: everything[name] for name in parts}
        self.restarts: list[float] = []
        self.is_told_to_stop = False

    def run(self, users: FileLock) -> None:
        """Start, say where, and stay until nobody needs the servers. Raises DidNotStart."""
        signal.signal(signal.SIGTERM, self._hurry)
        try:
            for server in self.servers.values():
                server.start()
            self._write_state()
            self._stay(users)
            self.place.state.replace(self.place.state.with_suffix(".before.json"))
        finally:
            for server in reversed(self.servers.values()):
                server.stop()
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _stay(self, users: FileLock) -> None:
        unused_since: float | None = None
        while True:
            self._restart_dead()
            try:
                users.take()
            except Taken:
                unused_since = None
            else:
                unused_since = unused_since or time.monotonic()
                if self.is_told_to_stop or time.monotonic() - unused_since >= SECONDS_TO_LINGER:
                    return
                users.release()
            time.sleep(0.1)

    def _restart_dead(self) -> None:
        for name, server in self.servers.items():
            if server.process is not None and server.process.poll() is not None:
                say(f"{name} ended with {server.process.returncode}; starting it again.")
                now = time.monotonic()
                self.restarts = [at for at in self.restarts if now - at < 60] + [now]
                if len(self.restarts) > MOST_RESTARTS_A_MINUTE:
                    raise DidNotStart(f"{name} ended {MOST_RESTARTS_A_MINUTE} times in a minute.")
                server.start()
                self._write_state()

    def _hurry(self, number: int, frame: FrameType | None) -> None:
        self.is_told_to_stop = True

    def _write_state(self) -> None:
        state = {"keeper": str(os.getpid()), "sockets": str(self.sockets)}
        for server in self.servers.values():
            if isinstance(server, Postgres):
                state |= {"DATABASE_URL": server.url(user=APP), "DATABASE_OWNER_URL": server.url()}
            else:
                state["REDIS_URL"] = server.url
                state |= {"broker_port": str(server.port), "broker_password": server.password}
        write_state(self.place.state, state)


def read_state(path: Path) -> dict[str, str]:
    """What the running servers answer to, else what the last ones did; empty if there never were any."""
    for candidate in (path, path.with_suffix(".before.json")):
        try:
            found: dict[str, str] = json.loads(candidate.read_text())
            return found
        except (FileNotFoundError, ValueError):
            continue
    return {}


def write_state(path: Path, state: dict[str, str]) -> None:
    """Put the file there whole, readable by its owner only: it holds the broker's password."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(state, indent=1))
    fresh.replace(path)


def _sockets_of_before(before: dict[str, str]) -> Path | None:
    """The folder of a keeper that was killed: its users go on under the same address."""
    folder = Path(before.get("sockets") or "/nonexistent")
    if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid in _server_uids():
        return folder
    return None


def _server_uids() -> tuple[int, ...]:
    identity = server_identity()
    return (identity.uid,) if identity else (os.geteuid(),)


def say(line: str) -> None:
    """One line into the keeper's log."""
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}", flush=True)


def main(parts: list[str]) -> int:
    """Be the keeper of this data folder, or leave at once if there is one."""
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    place = Place.from_environment(dict(os.environ))
    alone = FileLock(place.keeper_lock)
    try:
        alone.take(seconds=1)
    except Taken:
        return 0
    with contextlib.suppress(FileNotFoundError):  # left by one that was killed
        place.state.replace(place.state.with_suffix(".before.json"))
    try:
        Keeper(place, parts).run(FileLock(place.users_lock))
    except (DidNotStart, NotInstalled) as problem:
        say(str(problem))
        return 1
    say("Nobody uses the servers any more: stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
