"""`check --deploy` refuses a console whose sign-in to the database no wall binds, and proxies nobody counted."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.db import OperationalError, connection

from console.checks import proxies_are_counted, walls_bind_who_signs_in
from console.embedded.postgres import APP, OWNER, SUPERUSER


@pytest.fixture
def session(db: None) -> Iterator[Any]:
    """A connection of the superuser, which becomes somebody else as it is told; nothing of it stays."""
    given = connection.get_connection_params() | {"user": SUPERUSER}
    given = {name: given[name] for name in ("dbname", "user", "host", "port") if given.get(name)}
    with psycopg.connect(**given) as session:
        yield session
        session.rollback()


def found(session: Any) -> list[tuple[str | None, str]]:
    with mock.patch.object(connection, "cursor", session.cursor):
        return [(one.id, one.msg) for one in walls_bind_who_signs_in(None)]


def test_who_owns_nothing_is_let_through(session: Any) -> None:
    session.execute(f"SET SESSION AUTHORIZATION {APP}")
    assert found(session) == []


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (SUPERUSER, "is a superuser and has BYPASSRLS and owns tables."),
        (OWNER, "owns tables."),
        ("passing", "has BYPASSRLS."),
        ("standing_in", "owns tables."),
    ],
)
def test_who_passes_the_walls_is_refused(session: Any, role: str, words: str) -> None:
    session.execute(f"CREATE ROLE passing LOGIN BYPASSRLS; CREATE ROLE standing_in NOINHERIT IN ROLE {OWNER}")
    session.execute(f"SET SESSION AUTHORIZATION {role}")
    ((name, said),) = found(session)
    assert name == "console.E001"
    assert said == f"The console signs in to its database as “{role}”, which {words}"


def test_a_database_that_does_not_answer_is_no_proof() -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        assert [one.id for one in walls_bind_who_signs_in(None)] == ["console.W002"]


@pytest.mark.parametrize(
    ("is_https", "count", "faults"), [(True, 0, ["console.W003"]), (True, 1, []), (False, 0, [])]
)
def test_proxies_are_counted(is_https: bool, count: int, faults: list[str], settings: Any) -> None:
    settings.IS_HTTPS, settings.PROXY_COUNT = is_https, count
    assert [one.id for one in proxies_are_counted(None)] == faults
