"""Names as people write them, in every record: kept as they are, once each, and told when they can't be."""

from functools import partial
from typing import Any

import pytest
from django.db import transaction

from console import keeping
from console.keeping import Refusal, held
from console.ledgers.keeping import LedgerTaken, keep_ledger
from console.ledgers.models import Ledger
from console.organizations.models import Organization, Staff
from console.portfolios.keeping import AliasTaken, NoAsset, open_account
from console.portfolios.models import Account
from tests.conftest import signed_in
from tests.factories import NOW, AssetFactory, LedgerFactory, OrganizationFactory
from tests.pages import words
from tests.races import racing

NAMES = {
    "percent": "100 % of 50_%",
    "quotes": 'O\'Neil "and" <b>sons</b> & „co“',
    "emoji": "🏦 Savings 👩‍👩‍👧",
    "right to left": "חשבון 12 ראשי",
    "longest": "ž" * 256,
    "template": "{{ 7*7 }} {% now %}",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_kept_and_shown_as_it_is_written(nordbank: Organization, olga: Staff, name: str) -> None:
    client = signed_in(olga)
    said = {"name": name, "status": "ACTIVE", "metadata-key": name[:40], "metadata-kind": "text"}
    client.post(nordbank.url("ledgers:ledger_create"), {**said, "metadata-value": name})
    ledger = nordbank.ledgers.get()
    assert (ledger.name, ledger.metadata) == (name, {name[:40]: name})
    assert name in words(client.get(ledger.get_absolute_url()).content.decode())
    client.post(nordbank.url("portfolios:portfolio_create", ledger.pk), said)
    assert nordbank.portfolios.get().name == name
    for page in (nordbank.portfolios.get().get_absolute_url(), nordbank.url("ledgers:ledger_list")):
        assert name in words(client.get(page).content.decode())
    assert [one.name for one in nordbank.ledgers.filter(name=name)] == [name]
    again = client.post(nordbank.url("ledgers:ledger_create"), said)
    assert f"A ledger of this organization is called “{name}” already." in words(again.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("x" * 257, "at most 256 characters. There are 257."),
        ("a\0b", "There is a character in it that can’t be kept."),
        ("  ", "Write the name."),
    ],
)
def test_a_name_that_can_not_be_kept_is_told(
    nordbank: Organization, olga: Staff, name: str, fault: str
) -> None:
    answer = signed_in(olga).post(nordbank.url("ledgers:ledger_create"), {"name": name, "status": "ACTIVE"})
    assert answer.status_code == 422
    assert fault in words(answer.content.decode())
    assert not nordbank.ledgers.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_create_one_name_at_once() -> None:
    bank = OrganizationFactory()
    with racing(Refusal) as at_once:
        for number in range(10):
            names = (f"Retail {number}", f"RETAIL {number}")
            ledgers = [Ledger(organization=bank, name=name) for name in names]
            found = at_once(*(partial(keep_ledger, one) for one in ledgers))
            assert [type(each) for each in found if each] == [LedgerTaken]
            assert bank.ledgers.filter(name__iexact=names[0]).count() == 1


def an_account(ledger: Ledger, **said: Any) -> Account:
    whole = {"asset_code": "EUR", "type": "deposit", **said}
    return Account(organization=ledger.organization, ledger=ledger, **whole)


@pytest.mark.django_db(transaction=True)
def test_two_who_give_one_alias_at_once() -> None:
    ledger = LedgerFactory(asset=None)
    AssetFactory(ledger=ledger, code="EUR")
    with racing(Refusal) as at_once:
        for number in range(10):
            accounts = [an_account(ledger, alias=f"@a{number}") for _ in range(2)]
            found = at_once(*(partial(in_one_piece, one) for one in accounts))
            assert [type(each) for each in found if each] == [AliasTaken]


@pytest.mark.django_db(transaction=True)
def test_an_account_is_opened_or_its_asset_deleted_never_both() -> None:
    ledger = LedgerFactory(asset=None)
    with racing(Refusal) as at_once:
        for number in range(10):
            code = f"A{'ABCDEFGHIJ'[number]}"
            asset = AssetFactory(ledger=ledger, code=code)
            opened, ended = at_once(
                partial(in_one_piece, an_account(ledger, asset_code=code)), partial(delete, asset)
            )
            assert (isinstance(opened, NoAsset), ended is None) in [(True, True), (False, False)]


def in_one_piece(account: Account) -> None:
    with transaction.atomic():
        open_account(account)


def delete(record: Any) -> None:
    with transaction.atomic():
        keeping.end(held(record), at=NOW)
