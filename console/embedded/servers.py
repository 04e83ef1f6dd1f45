"""How programs come to their servers: those that DATABASE_URL and REDIS_URL name, else the embedded ones."""

import os
import signal
import subprocess
import sys
import time

from console.embedded.keeper import read_state
from console.embedded.locks import FileLock, is_held, is_shared
from console.embedded.paths import CHECKOUT, Place
from console.embedded.postgres import DidNotStart, tail

PARTS = {"postgres": "DATABASE_URL", "broker": "REDIS_URL"}
OWNER_URL = "DATABASE_OWNER_URL"
SECONDS_TO_LET_GO = 90
# Keepers that we started: they outlive us, but while we are their parent only we can see that they have died.
_started: "list[subprocess.Popen[bytes]]" = []


class Servers:
    """The servers of one data folder, as one of their users; `environ` may replace them by its own URLs."""

    def __init__(self, place: Place, environ: dict[str, str]) -> None:
        self.place = place
        self.missing = [part for part, name in PARTS.items() if not environ.get(name)]
        self.share = FileLock(place.users_lock, inheritable=True)

    def use(self) -> dict[str, str]:
        """The URLs of the embedded servers that nothing replaces, started if they do not run.

        They stay until `let_go`, or as long as this process, or what it becomes by exec, lives. Raises DidNotStart.
        """
        if not self.missing:
            return {}
        self.share.share()
        try:
            return self.see_to()
        except DidNotStart:
            self.share.release()
            raise

    def see_to(self) -> dict[str, str]:
        """For who uses them already: the same URLs, with servers started anew if their keeper was killed."""
        if not self.missing:
            return {}
        state = _running(self.place) or _start_keeper(self.place, self.missing)
        if lacking := [part for part in self.missing if PARTS[part] not in state]:
            raise DidNotStart(
                f"The servers in {self.place.data} run without {lacking[0]}: stop bin/up first."
            )
        urls = {PARTS[part]: state[PARTS[part]] for part in self.missing}
        return urls | ({OWNER_URL: state[OWNER_URL]} if "postgres" in self.missing else {})

    def let_go(self) -> bool:
        """Have the servers stopped, unless somebody else uses them; whether they have stopped."""
        self.share.release()
        if state := _running(self.place):
            os.kill(int(state["keeper"]), signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_LET_GO
        while (
            are_running(self.place) and time.monotonic() < deadline and not is_shared(self.place.users_lock)
        ):
            time.sleep(0.05)
        return not are_running(self.place)


def are_running(place: Place) -> bool:
    """Whether a keeper holds the servers of this data folder now."""
    return is_held(place.keeper_lock)


def _running(place: Place) -> dict[str, str] | None:
    _started[:] = [keeper for keeper in _started if keeper.poll() is None]
    if place.state.exists() and are_running(place):
        state = read_state(place.state)
        return state if _is_alive(int(state.get("keeper", "0"))) else None
    return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except ProcessLookupError:
        return False
    return pid > 0


def _start_keeper(place: Place, parts: list[str]) -> dict[str, str]:
    log = place.logs / "keeper.log"
    with log.open("ab") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "console.embedded.keeper", *parts],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=CHECKOUT,
            env=dict(os.environ) | {"TRANCHE_DATA": str(place.data)},
            start_new_session=True,
        )
    _started.append(keeper)
    while True:
        if state := _running(place):
            return state
        if keeper.poll() is not None and not are_running(place):
            raise DidNotStart(f"The embedded servers did not start.\n{tail(log)}")
        time.sleep(0.02)
