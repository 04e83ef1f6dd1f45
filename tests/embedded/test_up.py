"""bin/up and bin/manage as a person meets them: one start, a kill in the middle, a second copy, nothing left."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.embedded.broker import free_port
from console.embedded.environment import MAIL_PAGES_ABOVE, SMTP_ABOVE
from console.embedded.identity import server_identity
from console.embedded.paths import Place
from console.embedded.postgres import Postgres
from tests import seed
from tests.embedded.test_processes import is_alive, wait_until

UP = [sys.executable, "-m", "console.embedded.up"]
REPLACED = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "HTTPS")


def room_for_three() -> int:
    """A port with room for the mail catcher's two above it."""
    while True:
        first = free_port()
        wanted = [first + SMTP_ABOVE, first + MAIL_PAGES_ABOVE]
        if wanted[-1] < 65535 and [free_port(number) for number in wanted] == wanted:
            return first


@pytest.fixture(scope="module")
def environ(data: Path) -> dict[str, str]:
    """A data folder and ports of our own, no demo bank, and tables that need not be made again."""
    kept = seed.current().folder
    if kept.exists():
        place, identity = Place.from_environment({"TRANCHE_DATA": str(data)}), server_identity()
        servers = place.servers(identity)
        Postgres(Path(), servers / "postgres", Path(), Path(), {}, identity).copy_of(kept)
    own = {
        "TRANCHE_DATA": str(data),
        "TRANCHE_PORT": str(room_for_three()),
        "TRANCHE_DEMO": "0",
        "WEB_WORKERS": "1",
        "WORKER_CONCURRENCY": "1",
    }
    return {name: value for name, value in os.environ.items() if name not in REPLACED} | own


@pytest.fixture
def up(environ: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], "Up"]]:
    """Starts a bin/up and waits until it has said where; at the end none is left."""
    running: list[Up] = []

    def start() -> Up:
        running.append(Up(environ, tmp_path / f"said-{len(running)}"))
        return running[-1]

    yield start
    for one in running:
        one.process.kill()
        one.process.wait()
    wait_until(lambda: not any(one.left() for one in running), seconds=60)


class Up:
    """A running bin/up, once it has said where."""

    def __init__(self, environ: dict[str, str], said: Path) -> None:
        self.environ, self.said = environ, said
        with said.open("w") as output:
            self.process = subprocess.Popen(UP, env=environ, stdout=output, stderr=subprocess.STDOUT)
        wait_until(lambda: "Tranche answers at" in self.text or self.process.poll() is not None, seconds=180)
        assert self.process.poll() is None, self.text

    @property
    def text(self) -> str:
        return self.said.read_text()

    def status(self, path: str) -> int:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.environ['TRANCHE_PORT']}{path}", timeout=20
        ) as answer:
            return int(answer.status)

    def left(self) -> list[int]:
        """Living processes that belong to this data folder."""
        mark = self.environ["TRANCHE_DATA"].encode()
        return [pid for pid in processes() if _has(pid, mark)]


def processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _has(pid: int, mark: bytes) -> bool:
    texts = (f"/proc/{pid}/cmdline", f"/proc/{pid}/environ")
    try:
        return pid != os.getpid() and is_alive(pid) and any(mark in Path(text).read_bytes() for text in texts)
    except OSError:
        return False


def manage(environ: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """bin/manage, without the step that installs."""
    command = [sys.executable, "-m", "console.embedded.command", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=180)


def test_manage_starts_what_it_needs_and_passes_the_exit_code_on(environ: dict[str, str], data: Path) -> None:
    assert manage(environ, "help").returncode == 0
    assert not (data / "servers.json").exists()
    command = [sys.executable, "-m", "console.embedded.command", "shell", "-c"]
    two = [subprocess.Popen([*command, f"raise SystemExit({code})"], env=environ) for code in (3, 4)]
    assert [process.wait(180) for process in two] == [3, 4]
    wait_until(lambda: not (data / "servers.json").exists(), seconds=60)


def test_a_kill_leaves_nothing_and_loses_nothing(up: Callable[[], "Up"], environ: dict[str, str]) -> None:
    first = up()
    assert first.status("/readyz") == 200
    assert re.search(r"caught at http://127\.0\.0\.1:\d+", first.text)
    second = subprocess.run(UP, env=environ, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert f"answers at http://localhost:{environ['TRANCHE_PORT']}" in second.stdout
    code = "from console.organizations.models import User; User.objects.create(email='kept@example.cz')"
    assert manage(environ, "shell", "-c", code).returncode == 0
    first.process.kill()
    first.process.wait()
    wait_until(lambda: not first.left(), seconds=30)
    again = up()
    code = "from console.organizations.models import User; raise SystemExit(User.objects.count())"
    assert manage(environ, "shell", "-c", code).returncode == 1
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(60) == 0
    assert again.text.rstrip().endswith("Stopped.")
    assert not again.left()


def test_a_port_in_use_is_said_before_anything_starts(tmp_path: Path) -> None:
    taken = room_for_three()
    environ = os.environ | {"TRANCHE_DATA": str(tmp_path), "TRANCHE_PORT": str(taken)}
    with subprocess.Popen([sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(taken)]) as other:
        try:
            wait_until(lambda: free_port(taken) != taken)
            done = subprocess.run(UP, env=environ, capture_output=True, text=True, check=False, timeout=60)
        finally:
            other.kill()
    assert done.returncode == 1
    assert f"Port {taken} cannot be had" in done.stdout
    environ["TRANCHE_PORT"] = "eighty"
    done = subprocess.run(UP, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert "TRANCHE_PORT is 'eighty'" in done.stdout
