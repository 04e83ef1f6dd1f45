"""Watches the programs, starts again what dies, and stops them gently on the first signal and at once on the second."""

import signal
import time
from collections.abc import Callable
from types import FrameType

from console.embedded.programs import Program

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """A signal asked us to stop."""


class Supervisor:
    """`see_to_servers` keeps the servers there and returns their addresses; `say` talks to the person."""

    def __init__(
        self,
        programs: list[Program],
        environ: dict[str, str],
        *,
        see_to_servers: Callable[[], dict[str, str]],
        say: Callable[[str], None],
    ) -> None:
        self.programs = programs
        self.environ = environ
        self.see_to_servers = see_to_servers
        self.say = say
        self.signals = 0

    def listen(self) -> None:
        """Let signals end whatever we are doing by raising Stopped; a second one hurries the end."""
        for number in STOPPING:
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1
        if self.signals == 1:
            raise Stopped

    def start(self) -> None:
        """Start every program."""
        for program in self.programs:
            program.start(self.environ)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Keep programs and servers alive, until `until` says so or Stopped. Raises GivenUp, DidNotStart."""
        while not until():
            self._keep_servers()
            for program in self.programs:
                code = program.restart_if_dead(self.environ)
                if code is not None:
                    self.say(f"{program.name} ended with {code} and was started again; see {program.log}")
            time.sleep(0.2)

    def _keep_servers(self) -> None:
        urls = self.see_to_servers()
        if any(self.environ[name] != url for name, url in urls.items()):
            self.say("The servers came back under other addresses: starting every program again.")
            self.environ |= urls
            self.stop()
            self.start()

    def stop(self) -> None:
        """End every program in the opposite order of their start; a signal meanwhile makes it at once."""
        asked = self.signals
        for program in reversed(self.programs):
            program.ask_to_stop()
            deadline = time.monotonic() + program.seconds_to_stop
            while self._is_running(program) and self.signals == asked and time.monotonic() < deadline:
                time.sleep(0.05)
            program.stop(at_once=True)

    def _is_running(self, program: Program) -> bool:
        return program.process is not None and program.process.poll() is None
