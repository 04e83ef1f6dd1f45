"""Servers for one run of the tests: made in a temporary folder, never waiting for the disk, deleted afterwards."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator

from console.embedded import tuning
from console.embedded.binaries import runnable
from console.embedded.broker import Broker
from console.embedded.identity import server_identity
from console.embedded.paths import private_folder
from console.embedded.postgres import Postgres

RESPECTED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")


@contextlib.contextmanager
def throwaway(environ: dict[str, str]) -> Iterator[dict[str, str]]:
    """What the settings need to run here: files always in a folder of their own, servers unless `environ` names some.

    Raises DidNotStart, NotInstalled.
    """
    identity = server_identity()
    folder = private_folder(identity)
    folder.chmod(0o711)  # the tests write here too, the servers only below
    given = {name: environ[name] for name in RESPECTED if environ.get(name)}
    try:
        with contextlib.ExitStack() as started:
            made = {"SECRET_KEY": secrets.token_urlsafe(50), "TRANCHE_DATA": str(folder), "HTTPS": "0"}
            binaries = runnable(identity, folder)
            if "DATABASE_URL" not in given:
                settings = tuning.throwaway(os.cpu_count() or 1)
                postgres = Postgres(
                    *(
                        binaries.postgres,
                        folder / "postgres",
                        folder,
                        folder / "postgres.log",
                        settings,
                        identity,
                    ),
                    is_lasting=False,
                )
                started.callback(postgres.stop)
                postgres.start()
                made["DATABASE_URL"] = postgres.url()
            if "REDIS_URL" not in given:
                broker = Broker(
                    *(binaries.broker, folder / "broker", folder / "broker.log"),
                    identity=identity,
                    is_lasting=False,
                )
                started.callback(broker.stop)
                broker.start()
                made["REDIS_URL"] = broker.url
            yield made | given
    finally:
        shutil.rmtree(folder, ignore_errors=True)
