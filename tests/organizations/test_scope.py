"""What PostgreSQL is told about whose work it does: once a transaction, gone with it, right after a rollback."""

import json
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from console.organizations import scope
from console.organizations.models import Organization

ASKED = "SELECT current_user, current_setting('tranche.organization', true), current_setting('tranche.actor', true)"


def told() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(ASKED)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


@pytest.mark.django_db(transaction=True)
def test_each_transaction_knows_its_organization_and_forgets_it(nordbank: Organization) -> None:
    with scope.nobody():
        signed_in_as = told()[0]
        with scope.inside(nordbank, task="spring clean"), transaction.atomic():
            role, organization, actor = told()
            assert (role, organization) == (scope.APP, str(nordbank.pk))
            assert json.loads(actor) == {"task": "spring clean"}
        assert told()[0] == signed_in_as
        assert not told()[1]


@pytest.mark.django_db(transaction=True)
def test_a_statement_outside_a_transaction_is_told_too(nordbank: Organization) -> None:
    with scope.inside(nordbank):
        assert told()[:2] == (scope.APP, str(nordbank.pk))
    with scope.across():
        assert told()[:2] == (scope.ACROSS, "")


def test_inside_a_transaction_the_inner_scope_ends_with_its_block(nordbank: Organization) -> None:
    assert told()[0] == scope.ACROSS
    with scope.inside(nordbank):
        assert told()[:2] == (scope.APP, str(nordbank.pk))
    assert told()[:2] == (scope.ACROSS, "")


def test_a_savepoint_that_is_rolled_back_takes_nothing_along(nordbank: Organization) -> None:
    with scope.inside(nordbank):
        with transaction.atomic(), scope.across():
            assert told()[0] == scope.ACROSS
            transaction.set_rollback(True)
        assert told()[:2] == (scope.APP, str(nordbank.pk))


def test_what_is_streamed_is_made_in_the_scope_of_its_request(nordbank: Organization) -> None:
    def made() -> Any:
        for _ in range(2):
            yield told()[1]

    with scope.inside(nordbank):
        streamed = scope.carried(made())
    assert [(each, scope.present().role) for each in streamed] == [(str(nordbank.pk), scope.ACROSS)] * 2


def test_another_thread_begins_as_nobody() -> None:
    seen: list[scope.Scope] = []
    with scope.across():
        thread = threading.Thread(target=lambda: seen.append(scope.present()))
        thread.start()
        thread.join()
    assert seen == [scope.NOBODY]


@pytest.mark.django_db(transaction=True)
def test_copy_is_told_before_its_first_row(nordbank: Organization) -> None:
    asked = f"COPY ({ASKED}) TO STDOUT"
    with (
        scope.inside(nordbank),
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(asked) as copy,
    ):
        (line,) = [bytes(part).decode() for part in copy]
    assert line.split("\t")[:2] == [scope.APP, str(nordbank.pk)]
