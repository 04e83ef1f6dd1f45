"""The programs of a running console, and how each is started, watched and stopped."""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGQUIT, SIGTERM, Signals

from console.embedded import processes
from console.embedded.environment import mail_pages_port, port, smtp_port
from console.embedded.paths import CHECKOUT, Place

MOST_RESTARTS_A_MINUTE = 3


class GivenUp(Exception):
    """A program ended too often to be started again; the message names its log."""


@dataclass
class Program:
    """One long-running program. `last_signal` makes it end at once, its own children included, when we are killed."""

    name: str
    argv: list[str]
    log: Path
    last_signal: Signals = SIGTERM
    seconds_to_stop: float = 10
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    deaths: list[float] = field(default_factory=list, init=False)

    def start(self, environ: dict[str, str]) -> None:
        """Start it; it is watched by `restart_if_dead` from then on."""
        self.process = processes.start(
            self.argv, last_signal=self.last_signal, environ=environ, log=self.log, cwd=CHECKOUT
        )

    def restart_if_dead(self, environ: dict[str, str]) -> int | None:
        """Start it again if it has ended, and say with which code it had. Raises GivenUp after three in a minute."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        processes.kill_session(self.process.pid)
        now = time.monotonic()
        self.deaths = [at for at in self.deaths if now - at < 60] + [now]
        if len(self.deaths) > MOST_RESTARTS_A_MINUTE:
            raise GivenUp(
                f"{self.name} ended {MOST_RESTARTS_A_MINUTE} times in a minute; its log is {self.log}."
            )
        self.start(environ)
        return code

    def ask_to_stop(self) -> None:
        """Tell it to finish what it is doing and end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(SIGTERM)

    def stop(self, *, at_once: bool = False) -> None:
        """Have it ended, with nothing of it left."""
        if self.process is not None:
            processes.stop(self.process, (SIGTERM, 0 if at_once else self.seconds_to_stop))


def programs(
    place: Place, environ: dict[str, str], *, host: str, reload: bool, catches_mail: bool
) -> list[Program]:
    """The programs of the console in the order they start; they stop in the opposite one. Raises BadPort."""
    gunicorn = [
        *(
            "gunicorn",
            "console.wsgi:application",
            "--bind",
            f"{host}:{port(environ)}",
            "--worker-class",
            "gthread",
        ),
        *("--workers", environ.get("WEB_WORKERS") or "2", "--threads", environ.get("WEB_THREADS") or "4"),
        *(
            "--graceful-timeout",
            "10",
            "--keep-alive",
            "5",
        ),
        *(("--reload",) if reload else ()),
    ]
    celery = ["celery", "--app", "console.celery:app"]
    beat = ["beat", "--pidfile", "", "--schedule", str(place.data / "beat-schedule")]
    catcher = ["console.embedded.mail.catcher", str(place.data / "mail")]
    listed = [
        # A worker that is not yet connected swallows SIGQUIT, and looks for its broker for good.
        _module(place, "worker", [*celery, "worker", "--hostname", f"tranche-{port(environ)}@%h"], SIGKILL),
        _module(place, "beat", [*celery, *beat], SIGTERM),
        _module(place, "indexes", ["manage", "index_attributes", "--watch"], SIGKILL),
        _module(place, "web", gunicorn, SIGQUIT),
    ]
    if catches_mail:
        ports = [str(smtp_port(environ)), str(mail_pages_port(environ))]
        listed.insert(0, _module(place, "mail", [*catcher, *ports], SIGTERM))
    return listed


def _module(place: Place, name: str, arguments: list[str], last_signal: Signals) -> Program:
    return Program(name, [sys.executable, "-m", *arguments], place.logs / f"{name}.log", last_signal)
