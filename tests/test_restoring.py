"""A dump, restored into a database made anew as docs/operations.md says, is the console again."""

import subprocess
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from console.embedded.binaries import installed
from console.embedded.postgres import OWNER, ROLES, SUPERUSER
from console.organizations import scope
from console.organizations.models import AuditEvent, Organization
from console.organizations.tasks import witness
from tests.factories import CustomerFactory
from tests.walls.signing_in import as_app

COPY = "tranche_restored"
OPERATIONS = (Path(__file__).parent.parent / "docs/operations.md").read_text()
DUMP = ("--role=tranche_across", "--enable-row-security")
WALLS = "SELECT count(*) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"

STRANGE = f"SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> '{OWNER}'"


@pytest.fixture
def database() -> Callable[[str, str], str]:
    """The address of a database for a role, on the tests' server."""
    host = quote(str(connection.get_connection_params()["host"]), safe="")
    return lambda name, role: f"postgres://{role}@/{name}?host={host}"


@pytest.fixture
def copy(database: Callable[[str, str], str]) -> Iterator[str]:
    """A database made anew, of the owner, in which the roles are prepared."""
    with psycopg.connect(database("postgres", SUPERUSER), autocommit=True) as session:
        session.execute(f"CREATE DATABASE {COPY} OWNER {OWNER} TEMPLATE template0")
        prepare_roles(database(COPY, SUPERUSER))
        yield COPY
        session.execute(f"DROP DATABASE {COPY} WITH (FORCE)")


def prepare_roles(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(ROLES.read_bytes())


def run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [installed().postgres / program, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.django_db(transaction=True)
def test_a_restored_database_has_its_rows_walls_and_witnesses(
    nordbank: Organization,
    copy: str,
    database: Callable[[str, str], str],
    tmp_path: Path,
    settings: Any,
) -> None:
    settings.DATA_DIR = tmp_path
    CustomerFactory(organization=nordbank)
    witness()
    prepare_roles(database(str(connection.settings_dict["NAME"]), SUPERUSER))  # as after each migration
    dump, source = str(tmp_path / "tranche.dump"), str(connection.settings_dict["NAME"])
    run("pg_dump", *DUMP, "--format=custom", f"--file={dump}", database(source, OWNER))
    run("pg_restore", f"--dbname={database(copy, SUPERUSER)}", dump)
    prepare_roles(database(copy, SUPERUSER))
    walls = counted(WALLS)
    with as_app(copy):
        out = StringIO()
        call_command("verify_audit", stdout=out)
        assert "nordbank" in out.getvalue()
        assert counted(WALLS) == walls > 20
        assert counted(STRANGE) == 0
        with scope.inside(nordbank):
            assert nordbank.customers.count() == 1
            with pytest.raises(DatabaseError, match="permission denied"):
                AuditEvent.objects.all().delete()
        with scope.outside(), pytest.raises(DatabaseError):
            Organization.objects.count()


def counted(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def test_the_docs_say_it_as_it_was_tried() -> None:
    assert f"pg_dump {' '.join(DUMP)} --format=custom" in OPERATIONS
    assert "pg_restore --dbname=restored" in OPERATIONS
