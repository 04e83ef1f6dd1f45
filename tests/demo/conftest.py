"""A small demo bank, loaded once for the tests that only look at it."""

from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from console.demo import bank
from console.organizations.models import Organization

AS_OF = date(2026, 11, 22)


def demo(**options: Any) -> str:
    """What `bin/manage demo` says."""
    said = StringIO()
    call_command("demo", **{"customers": 300, "as_of": AS_OF, "bare": True, **options}, stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """300 customers, in a transaction that the module's tests share."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def organization(loaded: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Organization]:
    """The demo bank of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Organization.objects.get(slug=bank.SLUG)
        transaction.set_rollback(True)


@pytest.fixture
def rows(organization: Organization) -> Callable[[str], list[tuple[Any, ...]]]:
    """Ask the database: rows of an SQL query."""

    def ask(sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    return ask
