"""bin/bench [--json FILE] [NAME …]: the benchmarks, on a database of their own that keeps what it has loaded.

Each module of tests/benchmarks with a function `run(report)` is one. They run on the embedded servers in var/bench (or
TRANCHE_BENCH_DATA), never on the servers that DATABASE_URL names: what they load is millions of rows.
"""

import argparse
import importlib
import os
import re
import sys
from pathlib import Path
from types import ModuleType

import psycopg
from psycopg import sql

from console.embedded.environment import complete, current
from console.embedded.paths import CHECKOUT, Place
from console.embedded.postgres import ROLES, SUPERUSER
from console.embedded.servers import Servers
from console.organizations import scope
from tests import benchmarks
from tests.benchmarks.report import Report

DATABASE = "bench"
REPLACED = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEBUG")


def main() -> int:
    """Prepare the ground, run what was named or everything; 0 only if every target was met."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(names()) or 'none yet'}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    if unknown := set(options.names) - set(names()):
        parser.error(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(names())}.")
    stand_on_own_ground()
    report = Report()
    report.head()
    for name in options.names or names():
        with scope.across(task="bench"):
            module(name).run(report)
    if options.json:
        report.save(options.json)
    return 0 if report.is_met else 1


def names() -> list[str]:
    """Every benchmark by its module's name."""
    sources = sorted(Path(next(iter(benchmarks.__path__))).glob("*.py"))
    return [source.stem for source in sources if re.search(r"^def run\(", source.read_text(), re.MULTILINE)]


def module(name: str) -> ModuleType:
    """The benchmark's module, imported only once Django is set up."""
    return importlib.import_module(f"tests.benchmarks.{name}")


def stand_on_own_ground() -> None:
    """Servers, database, tables, Django: as long as this process lives. Raises DidNotStart."""
    environ = {name: value for name, value in current().items() if name not in REPLACED}
    environ["TRANCHE_DATA"] = environ.get("TRANCHE_BENCH_DATA") or str(CHECKOUT / "var" / "bench")
    place = Place.from_environment(environ)
    urls = Servers(place, environ).use()
    urls["DATABASE_URL"] = urls.pop("DATABASE_OWNER_URL")
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    # Only here: a loader of millions of rows that it made itself may leave out the check of each foreign key.
    superuser = urls["DATABASE_URL"].replace("//tranche@", f"//{SUPERUSER}@")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("GRANT SET ON PARAMETER session_replication_role TO tranche, tranche_across")
    urls["DATABASE_URL"] = urls["DATABASE_URL"].replace("/tranche?", f"/{DATABASE}?")
    os.environ.clear()
    os.environ.update(complete(place, environ | urls, {}))
    _set_up_django()
    with psycopg.connect(superuser.replace("/tranche?", f"/{DATABASE}?"), autocommit=True) as connection:
        connection.execute(ROLES.read_bytes())  # once more: now fold() is there


def _set_up_django() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
