"""An embedded Valkey: on loopback, behind a password that stands in no file of configuration and on no command line."""

import os
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from console.embedded import processes
from console.embedded.identity import Identity
from console.embedded.postgres import DidNotStart, tail

SECONDS_TO_LOAD = 120


@dataclass
class Broker:
    """One server: `program` is valkey-server, `data` its folder, `port` 0 for any free one."""

    program: Path
    data: Path
    log: Path
    port: int = 0
    password: str = ""
    identity: Identity | None = None
    is_lasting: bool = True
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        """The address, password included."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start on `port` if it is free, else on a free one. Raises DidNotStart."""
        self.password = self.password or secrets.token_hex(24)
        if not self.data.exists():
            self.data.mkdir(mode=0o700)
        if self.identity:
            self.identity.give(self.data)
        self.port = free_port(self.port)
        self.process = processes.start(
            [self.program, "-"],
            last_signal=signal.SIGTERM,
            environ={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            identity=self.identity,
            stdin=subprocess.PIPE,
            log=self.log,
            cwd=Path("/"),
        )
        if self.process.stdin:
            self.process.stdin.write(self._configuration().encode())
            self.process.stdin.close()
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Let it write its log of commands and end."""
        if self.process is not None:
            processes.stop(self.process, (signal.SIGTERM, 15))

    def _configuration(self) -> str:
        keep = "yes" if self.is_lasting else "no"
        lines = [
            *("bind 127.0.0.1", f"port {self.port}", f"requirepass {self.password}", f'dir "{self.data}"'),
            *(f"appendonly {keep}", 'save ""', "maxmemory-policy noeviction", "daemonize no", "databases 16"),
            "proc-title-template valkey-server",
        ]
        return "\n".join(lines) + "\n"

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_LOAD
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            if self._answers():
                return
            time.sleep(0.02)
        raise DidNotStart(f"The broker did not start in {self.data}.\n{tail(self.log)}")

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (part := connection.recv(200)):
                    answer += part
                return answer.endswith(b"+PONG\r\n")
        except OSError:
            return False


def free_port(wanted: int = 0) -> int:
    """`wanted` if nobody listens there, else any free port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
