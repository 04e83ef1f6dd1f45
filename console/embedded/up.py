"""bin/up: the whole console on this machine, from servers to mail catcher, until Ctrl-C."""

import argparse
import contextlib
import http.client
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from console.embedded import processes
from console.embedded.binaries import NotInstalled
from console.embedded.environment import BadPort, complete, current, mail_pages_port, port, smtp_port
from console.embedded.keeper import read_state, write_state
from console.embedded.locks import FileLock, Taken
from console.embedded.paths import CHECKOUT, Place
from console.embedded.postgres import DidNotStart, tail
from console.embedded.programs import GivenUp, programs
from console.embedded.servers import Servers
from console.embedded.supervisor import Stopped, Supervisor

SECONDS_TO_ANSWER = 120
SECONDS_TO_PREPARE = 600
LARGEST_LOG = 10 * 1024 * 1024


class CannotStart(Exception):
    """Something stands in the way; the message says what to do."""


class Console:
    """One copy of the console: a data folder, ports, and what runs on them."""

    def __init__(self, place: Place, environ: dict[str, str], *, host: str, reload: bool) -> None:
        self.place = place
        self.given = environ
        self.host = host
        self.catches_mail = not environ.get("EMAIL_URL")
        # Said by its name where it is this machine: a passkey belongs to a name, never to a number.
        self.address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port(environ)}"
        self.servers = Servers(place, environ)
        running = programs(place, environ, host=host, reload=reload, catches_mail=self.catches_mail)
        self.supervisor = Supervisor(running, {}, see_to_servers=self.servers.see_to, say=say)

    def run(self) -> None:
        """Start everything, say where, and watch until a signal. Raises CannotStart, DidNotStart, GivenUp."""
        began = time.monotonic()
        self._check_ports()
        self.supervisor.listen()
        try:
            self._start(began)
            self.supervisor.watch()
        except Stopped:
            say("\nStopping; Ctrl-C again to stop at once.")
        finally:
            self.place.up.unlink(missing_ok=True)
            self.supervisor.stop()
            stopped = self.servers.let_go()
            say(
                "Stopped."
                if stopped
                else "Stopped, but for PostgreSQL and the broker, which a bin/manage still uses."
            )

    def _start(self, began: float) -> None:
        say(f"Starting PostgreSQL and the broker (data in {_short(self.place.data)}) …")
        environ = complete(self.place, self.given, self.servers.use())
        self.supervisor.environ |= environ
        self._prepare(environ)
        self.supervisor.start()
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        self.supervisor.watch(until=lambda: self._is_ready() or time.monotonic() > deadline)
        if not self._is_ready():
            web = self.place.logs / "web.log"
            raise CannotStart(f"{self.address}/readyz did not answer in {SECONDS_TO_ANSWER} s.\n{tail(web)}")
        write_state(self.place.up, {"address": self.address, "EMAIL_URL": environ["EMAIL_URL"]})
        self._say_where(time.monotonic() - began)

    def _prepare(self, environ: dict[str, str]) -> None:
        one_at_a_time = FileLock(self.place.tables_lock)
        one_at_a_time.take(seconds=SECONDS_TO_PREPARE)
        command = [
            sys.executable,
            str(CHECKOUT / "manage.py"),
            "prepare",
            "--sign-ins",
            str(self.place.sign_ins),
        ]
        process = processes.start(command, last_signal=signal.SIGKILL, environ=environ, cwd=CHECKOUT)
        try:
            if process.wait():
                raise CannotStart("The console could not be prepared; the reason stands above.")
        finally:
            processes.kill_session(process.pid)
            one_at_a_time.close()

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection(self.host, port(self.given), timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _say_where(self, seconds: float) -> None:
        say(f"\nTranche answers at {self.address} (after {seconds:.1f} s).")
        if self.place.sign_ins.exists():
            say(self.place.sign_ins.read_text().rstrip())
        if self.catches_mail:
            say(f"Mail that it sends is caught at http://127.0.0.1:{mail_pages_port(self.given)}")
        say(f"Logs are in {_short(self.place.logs)}. Ctrl-C stops everything.")

    def _check_ports(self) -> None:
        needed = [port(self.given)]
        if self.catches_mail:
            needed += [smtp_port(self.given), mail_pages_port(self.given)]
        for number in needed:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((self.host if number == needed[0] else "127.0.0.1", number))
                except OSError as problem:
                    other = "TRANCHE_PORT=8010 bin/up takes other ports."
                    raise CannotStart(f"Port {number} cannot be had ({problem.strerror}). {other}") from None


def say(line: str) -> None:
    """One line to the person at the terminal, who may have closed it."""
    with contextlib.suppress(OSError):
        print(line, flush=True)


def _short(path: Path) -> str:
    return str(path.relative_to(CHECKOUT)) if path.is_relative_to(CHECKOUT) else str(path)


def _rotate_logs(place: Place) -> None:
    for log in place.logs.glob("*.log"):
        if log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))


def main() -> int:
    """Be the one bin/up of this data folder."""
    parser = argparse.ArgumentParser(prog="bin/up", description=__doc__)
    parser.add_argument("--reload", action="store_true", help="restart the web server when the code changes")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    options = parser.parse_args()
    place = Place.from_environment(current())
    only = FileLock(place.up_lock)
    try:
        only.take()
        _rotate_logs(place)
        Console(place, current(), host=options.host, reload=options.reload).run()
    except Taken:
        address = read_state(place.up).get("address", "shortly: it is starting")
        say(f"bin/up already runs on {_short(place.data)} and answers at {address}.")
        return 1
    except (CannotStart, DidNotStart, NotInstalled, BadPort, GivenUp, subprocess.SubprocessError) as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
