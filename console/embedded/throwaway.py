"""Servers for one run of the tests: made in a temporary folder, never waiting for the disk, deleted afterwards."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from console.embedded import tuning
from console.embedded.binaries import Binaries, runnable
from console.embedded.broker import Broker
from console.embedded.identity import server_identity
from console.embedded.locks import FileLock, is_held
from console.embedded.paths import private_folder
from console.embedded.postgres import Postgres

RESPECTED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")
TEMPLATE = "template1"
ALIVE = "in-use.lock"
# Says to whoever inherits it that the whole server goes, so that no database in it need be dropped.
THROWN_AWAY = "TRANCHE_DATABASE_IS_THROWN_AWAY"


@dataclass(frozen=True)
class Seed:
    """A stopped cluster, kept for the next time, in which every new database already has its tables.

    `grow` puts them into the database at the URL that it is given; `folder` must change its name when they do.
    """

    folder: Path
    grow: Callable[[str], None]


@contextlib.contextmanager
def throwaway(environ: dict[str, str], seed: Seed | None = None) -> Iterator[dict[str, str]]:
    """What the settings need to run here: files always in a folder of their own, servers unless `environ` names some.

    Raises DidNotStart, NotInstalled.
    """
    identity = server_identity()
    folder = private_folder(identity)
    folder.chmod(0o711)  # the tests write here too, the servers only below
    _sweep(folder.parent)
    alive = FileLock(folder / ALIVE)
    alive.take()
    given = {name: environ[name] for name in RESPECTED if environ.get(name)}
    made = {"SECRET_KEY": secrets.token_urlsafe(50), "TRANCHE_DATA": str(folder), "HTTPS": "0"}
    try:
        with contextlib.ExitStack() as started:
            binaries = runnable(identity, folder)
            if "DATABASE_URL" not in given:
                postgres = _postgres(binaries, folder)
                started.callback(postgres.stop)
                _start(postgres, seed)
                made |= {"DATABASE_URL": postgres.url(), THROWN_AWAY: "1"}
            if "REDIS_URL" not in given:
                data, log = folder / "broker", folder / "broker.log"
                broker = Broker(binaries.broker, data, log, identity=identity, is_lasting=False)
                started.callback(broker.stop)
                broker.start()
                made["REDIS_URL"] = broker.url
            yield made | given
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        alive.close()


def _sweep(parent: Path) -> None:
    """Delete what runs that were killed left behind; their servers died with them."""
    for mark in parent.glob(f"tranche-*/{ALIVE}"):
        if not is_held(mark):
            shutil.rmtree(mark.parent, ignore_errors=True)


def _postgres(binaries: Binaries, folder: Path) -> Postgres:
    settings = tuning.throwaway(os.cpu_count() or 1)
    data, log = folder / "postgres", folder / "postgres.log"
    return Postgres(binaries.postgres, data, folder, log, settings, server_identity(), is_lasting=False)


def _start(postgres: Postgres, seed: Seed | None) -> None:
    if seed and seed.folder.exists():
        postgres.copy_of(seed.folder)
    postgres.start()
    if seed and not seed.folder.exists():
        seed.grow(postgres.url(TEMPLATE))
        postgres.renew_database()
        postgres.stop()
        postgres.keep_as(seed.folder)
        postgres.start()
