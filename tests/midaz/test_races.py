"""A record that goes while something comes to it: one of the two happens, never half of each."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from console.balances.posting import AccountGone
from console.organizations.models import Organization
from console.portfolios.models import Account, Portfolio
from tests.factories import NOW
from tests.midaz.conftest import Caller
from tests.midaz.money import refused
from tests.midaz.test_odd_values import BANK, EUR
from tests.money import book
from tests.races import racing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meanwhile() -> Iterator[Any]:
    """Does something in a thread and connection of its own."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda act: pool.submit(copy_context().run, act)
        pool.submit(lambda: connection.close()).result()


def test_an_account_is_not_deleted_while_a_file_brings_money(
    books: Caller, nordbank: Organization, meanwhile: Any
) -> None:
    made = books.made("/accounts", EUR)
    with transaction.atomic():
        book(nordbank.accounts.get(pk=made["id"]), [("2026-11-01", "5")])
        deletion = meanwhile(partial(books, "DELETE", f"/accounts/{made['id']}"))
        sleep(0.5)
        assert not deletion.done(), "it waits to see whether the money stays"
    assert refused(deletion.result(30)) == (400, "0012")


def test_what_a_file_brings_to_a_deleted_account_is_not_booked(books: Caller, nordbank: Organization) -> None:
    account = nordbank.accounts.get(pk=books.made("/accounts", EUR)["id"])
    assert books("DELETE", f"/accounts/{account.pk}").status_code == 204
    with pytest.raises(AccountGone):
        book(account, [("2026-11-01", "5")])
    assert not account.transactions.exists()


def test_nothing_new_stands_in_a_ledger_that_is_deleted(
    bank: Caller, books: Caller, nordbank: Organization
) -> None:
    external = Account.everything.get(type=Account.EXTERNAL)
    with racing() as at_once:
        ends = partial(bank, "DELETE", books.base)
        made, deleted = at_once(partial(books, "POST", "/portfolios", {"name": "P"}), ends)
    assert deleted.status_code == 204
    external.refresh_from_db()
    assert external.deleted_at is not None
    assert made.status_code in (201, 404)
    assert not Portfolio.objects.filter(organization=nordbank, ledger__deleted_at__isnull=False).exists()


def test_a_creation_waits_for_the_ledger_that_is_being_deleted(
    bank: Caller, books: Caller, nordbank: Organization, meanwhile: Any
) -> None:
    ledger = nordbank.ledgers.get()
    with transaction.atomic():
        nordbank.ledgers.select_for_update(no_key=True).get()
        creations = [("segments", {"name": "S"}), ("portfolios", {"name": "P"})]
        asked = [meanwhile(partial(books, "POST", f"/{kind}", body)) for kind, body in creations]
        sleep(0.5)
        ledger.deleted_at = NOW
        ledger.save()
    assert [refused(one.result(30)) for one in asked] == [(404, "0037")] * 2


def test_two_organizations_of_one_name_at_once_are_two(bank: Caller) -> None:
    with racing() as at_once:
        for number in range(5):
            make = partial(bank, "POST", "/v1/organizations", {**BANK, "legalName": f"Same {number}"})
            assert [answer.status_code for answer in at_once(make, make)] == [201, 201]
