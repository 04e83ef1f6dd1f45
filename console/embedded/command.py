"""bin/manage: manage.py with the servers it needs, the running ones or its own for as long as it takes.

It becomes manage.py by exec, so exit code, signals, standard input and output are manage.py's own.
"""

import os
import subprocess
import sys
from typing import NoReturn

import psycopg

from console.embedded.binaries import NotInstalled
from console.embedded.environment import BadPort, complete, current
from console.embedded.locks import FileLock
from console.embedded.paths import CHECKOUT, Place
from console.embedded.postgres import DidNotStart
from console.embedded.servers import Servers

NEEDS_NO_SERVERS = {"help", "--help", "-h", "version", "--version", "compilemessages", "startapp"}
NEEDS_NO_TABLES = {
    "migrate",
    "prepare",
    "makemigrations",
    "showmigrations",
    "sqlmigrate",
    "check",
    "collectstatic",
}

SECONDS_TO_MIGRATE = 600


def main(arguments: list[str]) -> NoReturn:
    """Find or start the servers, make the tables of a new embedded database, and become manage.py."""
    command = next((word for word in arguments if not word.startswith("-")), "help")
    place, environ = Place.from_environment(current()), current()
    try:
        needs_servers = command not in NEEDS_NO_SERVERS and not {"--help", "-h"} & set(arguments)
        urls = Servers(place, environ).use() if needs_servers else {}
        environ = complete(place, environ, urls)
    except (DidNotStart, NotInstalled, BadPort) as problem:
        sys.exit(str(problem))
    manage = [sys.executable, str(CHECKOUT / "manage.py")]
    if "DATABASE_URL" in urls and command not in NEEDS_NO_TABLES:
        make_tables(place, manage, environ)
    os.execve(sys.executable, [*manage, *arguments], environ)


def make_tables(place: Place, manage: list[str], environ: dict[str, str]) -> None:
    """Migrate a database in which nothing ever was, once, however many commands meet it at the same time."""
    if has_tables(environ["DATABASE_URL"]):
        return
    one_at_a_time = FileLock(place.tables_lock)
    one_at_a_time.take(seconds=SECONDS_TO_MIGRATE)
    if not has_tables(environ["DATABASE_URL"]):
        print("The database is new: making its tables.", file=sys.stderr)
        if code := subprocess.call(
            [*manage, "migrate", "--verbosity=0", "--skip-checks"], env=environ, stdout=sys.stderr
        ):
            sys.exit(code)
    one_at_a_time.close()


def has_tables(url: str) -> bool:
    """Whether migrations ever ran in this database."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
        return bool(row and row[0])


if __name__ == "__main__":
    main(sys.argv[1:])
