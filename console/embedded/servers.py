"""How programs come to their servers: those that DATABASE_URL and REDIS_URL name, else the embedded ones."""

import os
import subprocess
import sys
import time

from console.embedded.keeper import read_state
from console.embedded.locks import FileLock, is_held
from console.embedded.paths import CHECKOUT, Place
from console.embedded.postgres import DidNotStart, tail

PARTS = {"postgres": "DATABASE_URL", "broker": "REDIS_URL"}


def use_servers(place: Place, environ: dict[str, str]) -> dict[str, str]:
    """The URLs of the embedded servers that `environ` does not replace.

    They stay as long as this process, or what it becomes by exec, lives. Raises DidNotStart.
    """
    missing = [part for part, name in PARTS.items() if not environ.get(name)]
    if not missing:
        return {}
    FileLock(place.users_lock, inheritable=True).share()
    state = _running(place)
    if state is None:
        state = _start_keeper(place, missing)
    if lacking := [part for part in missing if PARTS[part] not in state]:
        raise DidNotStart(
            f"The servers that run in {place.data} came without {lacking[0]}: stop bin/up first."
        )
    return {PARTS[part]: state[PARTS[part]] for part in missing}


def are_running(place: Place) -> bool:
    """Whether a keeper holds the servers of this data folder now."""
    return is_held(place.keeper_lock)


def _running(place: Place) -> dict[str, str] | None:
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
    while True:
        if state := _running(place):
            return state
        if keeper.poll() is not None and not are_running(place):
            raise DidNotStart(f"The embedded servers did not start.\n{tail(log)}")
        time.sleep(0.02)
