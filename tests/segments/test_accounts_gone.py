"""Accounts that are no more, and those outside the bank, are in no segment, whatever says who is in."""

from typing import Any

import pytest

from console.organizations.models import Organization
from console.portfolios.models import Account
from segments import definition
from tests.factories import NOW, AccountFactory, CustomerFactory
from tests.factories import AccountHolderFactory as Held
from tests.money import book

pytestmark = pytest.mark.django_db

EVERY = {"combinator": "and", "rules": [{"field": "all", "operator": "=", "value": True}]}
SOME = {"field": "transactions", "operator": "=", "match": {"mode": "some"}, "value": EVERY}
TWICE = {**SOME, "match": {"mode": "atLeast", "threshold": 2}}
HELD = {**SOME, "field": "holders"}
ASKED = {
    "some transaction": [SOME],
    "transactions twice": [TWICE],
    "one or the other": [{"combinator": "or", "rules": [SOME, HELD]}],
    "both": [SOME, HELD],
    "not none": [{"combinator": "and", "not": True, "rules": [{**SOME, "match": {"mode": "none"}}]}],
    "no such transaction": [{**SOME, "match": {"mode": "atMost", "threshold": 5}}],
    "its own row": [{"field": "blocked", "operator": "=", "value": False}],
}


@pytest.fixture
def kept(nordbank: Organization) -> Account:
    """One account that is there, beside one that was deleted and one outside the bank: all used alike."""
    accounts = [AccountFactory(organization=nordbank) for _ in range(3)]
    for account in accounts:
        Held(account=account, customer=CustomerFactory(organization=nordbank))
        book(account, [("2026-01-05", "300.00"), ("2026-01-06", "20.00")])
    everything = Account.everything.filter(organization=nordbank)
    everything.filter(pk=accounts[1].pk).update(deleted_at=NOW)
    everything.filter(pk=accounts[2].pk).update(type=Account.EXTERNAL)
    return accounts[0]


@pytest.mark.parametrize("rules", ASKED.values(), ids=ASKED)
def test_only_accounts_that_are_there_belong(
    nordbank: Organization, kept: Account, rules: list[dict[str, Any]]
) -> None:
    node = definition.parse({"combinator": "and", "rules": rules}, "accounts", nordbank)
    found = definition.ids(node, nordbank, NOW)
    assert found.draw(10) == [kept.pk]
    assert found.count() == 1
