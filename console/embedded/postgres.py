"""An embedded PostgreSQL: made once, started and stopped by us, reached through a socket in a private folder."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql

from console.embedded import processes
from console.embedded.identity import Identity, as_identity

OWNER = "tranche"
APP = "tranche_app"
ROLES = Path(__file__).with_name("roles.sql")
SUPERUSER = "postgres"
SECONDS_TO_RECOVER = 600
SECONDS_TO_STOP = 60


class DidNotStart(Exception):
    """A server ended or never answered; the message ends with what it logged."""


@dataclass
class Postgres:
    """One cluster: `programs` is PostgreSQL's bin folder, `sockets` a private folder, `settings` what tuning says."""

    programs: Path
    data: Path
    sockets: Path
    log: Path
    settings: dict[str, str]
    identity: Identity | None = None
    is_lasting: bool = True
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def url(self, database: str = OWNER, user: str = OWNER) -> str:
        """The address of a database for its owner, or for APP, in the form that libpq and django-environ both read."""
        return f"postgres://{user}@/{database}?host={quote(str(self.sockets))}"

    def renew_database(self) -> None:
        """Make the owner's database anew from what the template holds now."""
        with self._connect("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(OWNER)))
        self._prepare_database()

    def copy_of(self, seed: Path) -> None:
        """Begin as a copy of a stopped cluster."""
        shutil.copytree(seed, self.data, symlinks=True)
        if self.identity:
            self.identity.give_all(self.data)

    def keep_as(self, seed: Path) -> None:
        """Keep a copy of this cluster, which must be stopped, unless somebody else was faster."""
        fresh = Path(tempfile.mkdtemp(prefix=f"{seed.name}.", dir=seed.parent))
        shutil.copytree(self.data, fresh, symlinks=True, dirs_exist_ok=True)
        try:
            fresh.rename(seed)
        except OSError:
            shutil.rmtree(fresh)

    def start(self) -> None:
        """Make the cluster if there is none, start it, make the owner and the database. Raises DidNotStart."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._wait_for_predecessor()
        self._write_settings()
        self.process = processes.start(
            [self.programs / "postgres", "-D", self.data, "-k", self.sockets],
            last_signal=signal.SIGINT,
            environ=self._environ(),
            identity=self.identity,
            log=self.log,
            cwd=Path("/"),
        )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Close connections and write everything down; at once after a minute, with nothing lost either way."""
        if self.process is not None:
            signals = (signal.SIGINT, SECONDS_TO_STOP), (signal.SIGQUIT, 10)
            processes.stop(self.process, *signals)

    def _initialise(self) -> None:
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.identity:
            self.identity.give(fresh)
        command = [
            *(self.programs / "initdb", "-D", fresh, "-U", SUPERUSER, "--encoding=UTF8", "--locale=C"),
            *(
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--auth-local=trust",
                "--auth-host=reject",
            ),
            *("--no-instructions", "--set", "log_timezone=UTC", "--set", "timezone=UTC"),
            *(() if self.is_lasting else ("--no-sync", "--no-data-checksums")),
        ]
        with self.log.open("ab") as log:
            done = subprocess.run(
                command,
                stdout=log,
                stderr=log,
                cwd="/",
                env=self._environ(),
                check=False,
                **as_identity(self.identity),
            )
        if done.returncode:
            raise DidNotStart(f"initdb failed in {fresh}.\n{tail(self.log)}")
        with (fresh / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude 'tranche.conf'\n")
        fresh.rename(self.data)

    def _write_settings(self) -> None:
        lines = [f"{name} = {value}\n" for name, value in sorted(self.settings.items())]
        path = self.data / "tranche.conf"
        path.write_text("# Written at every start; ALTER SYSTEM overrides it.\n" + "".join(lines))
        path.chmod(0o644)

    def _wait_for_predecessor(self) -> None:
        """A server whose keeper was killed is told to stop by the kernel; let it finish before we take its place."""
        pid_file, started = self.data / "postmaster.pid", time.monotonic()
        while (pid := _pid_in(pid_file)) and processes.is_running(pid, name="postgres"):
            if time.monotonic() - started > SECONDS_TO_STOP:
                os.kill(pid, signal.SIGQUIT)
                time.sleep(1)
            time.sleep(0.05)
        pid_file.unlink(missing_ok=True)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_RECOVER
        while time.monotonic() < deadline:
            try:
                return self._prepare_database()
            except psycopg.OperationalError:
                if self.process is None or self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise DidNotStart(f"PostgreSQL did not start in {self.data}.\n{tail(self.log)}")

    def _prepare_database(self) -> None:
        """The owner is no superuser: row-level security and grants bind it as they would on a managed server."""
        owner = sql.Identifier(OWNER)
        with self._connect("postgres") as connection:
            if not _exists(connection, "SELECT FROM pg_roles WHERE rolname = %s"):
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(owner))
                connection.execute(sql.SQL("ALTER DATABASE template1 OWNER TO {}").format(owner))
            if not _exists(connection, "SELECT FROM pg_database WHERE datname = %s"):
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(owner, owner))
        for database in ("template1", OWNER):
            with self._connect(database) as connection:
                connection.execute(ROLES.read_bytes())
        with self._connect(OWNER) as connection:
            if "shared_preload_libraries" in self.settings:
                connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
                connection.execute(sql.SQL("GRANT pg_read_all_stats TO {}").format(owner))

    def _connect(self, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.sockets), user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=10
        )

    def _environ(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        return kept | {"LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


def _exists(connection: "psycopg.Connection[tuple[object, ...]]", question: LiteralString) -> bool:
    return connection.execute(question, [OWNER]).fetchone() is not None


def _pid_in(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, for a message that says why something failed."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16384))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
