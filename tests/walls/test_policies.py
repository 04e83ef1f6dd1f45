"""The second wall by itself: without the first, nothing of another bank can be seen, changed or brought in."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, DataError, ProgrammingError, connection, transaction
from django.db.models import Model

from console.organizations import scope, walls
from console.organizations.models import Organization, Role
from console.wakeup import Unscoped, wake
from segments.models import Run, SegmentVersion
from tests.conftest import signed_in
from tests.factories import NOW
from tests.walls.walking import PAGES, THEIRS, Bank, address, answers, content, places

pytestmark = pytest.mark.django_db
# Whose rows belong to no bank: people, how they sign in, and Django's own. A table that is new must not be here unseen.
OUTSIDE = {
    *(
        "organizations.SignInEvent",
        "organizations.User",
        "organizations.User_groups",
        "organizations.User_user_permissions",
    ),
    *("account.EmailAddress", "account.EmailConfirmation", "mfa.Authenticator", "usersessions.UserSession"),
    *("auth.Permission", "auth.Group", "auth.Group_permissions", "contenttypes.ContentType"),
    *("admin.LogEntry", "sessions.Session"),
    "balances.Income",  # a view, behind the walls of the tables that it reads
}
# Its events of the platform are of no bank.
TRAIL = "organizations_auditevent"
TABLES = sorted(model._meta.db_table for model in walls.belonging())


def rows(statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def visible(table: str, which: str = "") -> set[str]:
    return {row[0] for row in rows(f"SELECT t::text FROM {table} t {which}")}


def test_every_table_of_a_bank_has_its_wall() -> None:
    every = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert every - {model._meta.label for model in walls.belonging()} == OUTSIDE
    with scope.nobody():
        assert walls.build(connection) == []
        standing = rows("SELECT relname::text FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    assert sorted(name for (name,) in standing) == TABLES


def test_one_sees_ones_own_rows_and_no_others(ours: Bank, theirs: Bank) -> None:
    filled = 0
    for table in TABLES:
        everything = visible(table, "WHERE organization_id IS NOT NULL" if table == TRAIL else "")
        with scope.inside(ours[0]):
            here = visible(table)
        with scope.inside(theirs[0]):
            there = visible(table)
        assert not here & there, table
        assert here | there == everything, table
        filled += bool(here and there)
    assert filled > len(TABLES) * 0.7


def test_no_foreign_row_can_be_changed_deleted_or_brought_in(ours: Bank, theirs: Bank) -> None:
    tried = 0
    for model in walls.belonging():
        with scope.inside(theirs[0]):
            found = rows(f"SELECT to_jsonb(t), ctid::text FROM {model._meta.db_table} t LIMIT 1")
        for row, place in found:
            with scope.inside(ours[0]):
                assert refused(partial(bring_in, model, row)), model
                for verb in (
                    f"UPDATE {model._meta.db_table} SET {same(model)}",
                    f"DELETE FROM {model._meta.db_table}",
                ):
                    assert refused(partial(touched, verb, place)), verb
            tried += 1
    assert tried > len(TABLES) * 0.7


def refused(attempt: Callable[[], int]) -> bool:
    """Whether PostgreSQL refuses it, or finds no row to do it to."""
    try:
        with transaction.atomic():
            return attempt() == 0
    except DatabaseError:
        return True


def same(model: type[Model]) -> str:
    column = model._meta.concrete_fields[-1].column
    return f'"{column}" = "{column}"'


def touched(verb: str, place: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"{verb} WHERE ctid = %s::tid", [place])
        return cursor.rowcount


def bring_in(model: type[Model], row: str | dict[str, Any]) -> int:
    """Insert a copy of the row as it is. Row-level security refuses it before any constraint is asked."""
    table = model._meta.db_table
    columns = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if not f.generated)
    values = row if isinstance(row, str) else json.dumps(row)
    with (
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match=r"row-level security|permission denied"),
    ):
        cursor.execute(
            f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
            f" SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)",
            [values],
        )
    raise DatabaseError


@pytest.mark.parametrize("table", TABLES)
def test_a_forgotten_scope_is_an_error(table: str) -> None:
    with scope.outside(), pytest.raises((DataError, ProgrammingError)), transaction.atomic():
        visible(table)


def every_row(model: type[Model], _: Organization) -> Any:
    """What stands for a bank's rows: those of all. As with a relation, another manager of theirs is called by name."""
    usual: Any = type(model._default_manager)
    every = type("Every", (usual,), {"__call__": lambda _, manager: getattr(model, manager)})()
    every.model = model
    return every


@pytest.fixture
def unscoped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first wall is gone: what starts from an organization starts from every bank's rows."""
    for relation in Organization._meta.related_objects:
        name, model = relation.get_accessor_name(), relation.related_model
        if name:
            monkeypatch.setattr(Organization, name, property(partial(every_row, model)))


def test_pages_without_their_own_wall_still_show_nothing(
    ours: Bank, theirs: Bank, request: pytest.FixtureRequest
) -> None:
    admin, known = ours[0].staff.get(role=Role.ADMIN), places(ours)
    client = signed_in(admin)
    request.getfixturevalue("unscoped")
    assert theirs[0].customers.count() > 1
    leaks = []
    for path in PAGES:
        own = address(path, ours[0].slug, *(ours[1][place] for place in known[path]))
        leaks += [own] * (THEIRS in content(client.get(own)))
        if known[path]:
            foreign = address(path, ours[0].slug, *(theirs[1][place] for place in known[path]))
            leaks += [
                f"{way} {foreign}"
                for way, answer in answers(client, foreign)
                if answer.status_code not in (403, 404, 405)
            ]
    assert leaks == []


def test_a_task_that_is_given_a_foreign_id_finds_nothing(
    ours: Bank, theirs: Bank, at_once: None, django_capture_on_commit_callbacks: Any
) -> None:
    segment = theirs[0].segments.order_by("pk")[0]
    version = SegmentVersion.objects.create(segment=segment, number=9, definition={}, created_at=NOW)
    foreign = Run.objects.create(
        organization=theirs[0], segment=segment, version=version, state=Run.State.QUEUED, requested_at=NOW
    )
    with django_capture_on_commit_callbacks(execute=True):
        wake("segments.tasks.refresh", str(foreign.pk), organization=ours[0].pk)
    foreign.refresh_from_db()
    assert foreign.state == Run.State.QUEUED


def test_a_task_is_woken_for_one_organization_or_for_all() -> None:
    with pytest.raises(Unscoped):
        wake("segments.tasks.refresh", "1")
    with pytest.raises(Unscoped):
        wake("communications.tasks.dispatch", organization=uuid4())
