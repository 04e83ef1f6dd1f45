"""The journal beneath the API: its books are proved, its splits add up, and two at once never spend the same money."""

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from console import keeping
from console.balances import journal
from console.balances.legs import Leg, Order
from console.balances.models import Balance, JournalEntry, JournalLine, Pocket, Transaction
from console.balances.positions import Ineligible, InsufficientFunds
from console.balances.splitting import DoesNotAddUp, Remaining, Share, decimals, split
from console.customers import disclosing
from console.organizations.models import Organization
from console.portfolios.assets import external_alias, open_asset
from console.portfolios.keeping import HoldsMoney
from console.portfolios.models import Account
from tests.factories import AccountFactory, AccountHolderFactory, LedgerFactory
from tests.money import book
from tests.races import TIMES, racing

Status = JournalEntry.Status


@pytest.fixture
def accounts(nordbank: Organization) -> list[Account]:
    """Ann, who has 100, bob, and the world outside."""
    ledger = LedgerFactory(organization=nordbank, asset=None)
    open_asset(ledger, "EUR")
    ann, bob = AccountFactory.create_batch(2, organization=nordbank, ledger=ledger)
    book(ann, [("2026-11-01", "100")])
    return [ann, bob, ledger.accounts(manager="everything").get(alias=external_alias("EUR"))]


def moving(source: Account, destination: Account, amount: str = "100") -> Order:
    value = Decimal(amount)
    legs = [Leg(source, value)], [Leg(destination, value)]
    return Order(source.ledger, "EUR", value, *legs, happened_at=timezone.now())


def enter(
    source: Account, destination: Account, amount: str = "100", status: str = "APPROVED"
) -> JournalEntry:
    entry: JournalEntry = journal.enter(moving(source, destination, amount), status, at=timezone.now())
    return entry


def ledger_of(account: Account) -> Decimal:
    return Balance.objects.get(account=account).ledger


def coherence() -> tuple[int, Any]:
    out = StringIO()
    try:
        call_command("coherence", "--json", stdout=out)
    except SystemExit as end:
        return int(str(end.code)), json.loads(out.getvalue())["organizations"]["nordbank"]
    return 0, json.loads(out.getvalue())["organizations"]["nordbank"]


@pytest.mark.django_db
class TestProof:
    @pytest.fixture(autouse=True)
    def everything(self, accounts: list[Account]) -> None:
        """Entries in every status, one reverted, and money set apart."""
        ann, bob, outside = accounts
        journal.revert(enter(ann, bob, "10"), at=timezone.now())
        enter(outside, bob, "7.77")
        enter(ann, bob, "20", Status.PENDING)
        for settle in (journal.commit, journal.cancel):
            settle(enter(ann, outside, "5", Status.PENDING), at=timezone.now())
        enter(ann, bob, "1000", Status.NOTED)
        Pocket.objects.create(organization=ann.organization, account=ann, key="freeze")
        order = moving(ann, ann, "3")
        apart = Order(**{**vars(order), "destinations": [Leg(ann, Decimal(3), "freeze")]})
        journal.enter(apart, Status.APPROVED, at=timezone.now())

    def test_true_books_hold(self) -> None:
        code, found = coherence()
        assert (code, found["journal"]["asked"], found["holds"]["asked"]) == (0, 8, 2)

    @pytest.mark.parametrize(
        ("check", "breaks"),
        [
            ("journal", lambda: JournalLine.objects.filter(kind="DEBIT").update(amount=1)),
            ("journal", lambda: JournalLine.objects.filter(account__type="external").update(amount=1)),
            ("journal", lambda: Transaction.objects.exclude(line=None).update(line=None)),
            ("journal", lambda: JournalEntry.objects.filter(reverts=None).update(status="CANCELED")),
            ("holds", lambda: Pocket.objects.update(on_hold=19)),
            ("holds", lambda: Pocket.objects.filter(key="freeze").update(ledger=4)),
            ("holds", lambda: JournalEntry.objects.filter(status="PENDING").update(status="CANCELED")),
        ],
    )
    def test_what_is_not_true_is_found(self, check: str, breaks: Callable[[], Any]) -> None:
        breaks()
        code, found = coherence()
        assert code == 1
        assert found[check]["broken"]


@pytest.mark.django_db
def test_a_customer_is_told_what_was_held_and_noted(accounts: list[Account]) -> None:
    ann, bob, _ = accounts
    holder = AccountHolderFactory(account=ann).customer
    enter(ann, bob, "1")
    journal.cancel(enter(ann, bob, "5", Status.PENDING), at=timezone.now())
    enter(bob, ann, "7", Status.NOTED)
    [section] = [one for one in disclosing.SECTIONS if one.key == "journal"]
    told = [(row["what"], row["amount"], row["status"]) for row in section.rows(holder)]
    assert told == [("Note", 7, "Noted"), ("Release", 5, "Cancelled"), ("Hold", 5, "Cancelled")]


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_never_spend_the_same_money(self, accounts: list[Account]) -> None:
        ann, bob, outside = accounts
        with racing(InsufficientFunds) as at_once:
            for number in range(TIMES):
                status = Status.PENDING if number % 2 else Status.APPROVED
                ends = at_once(partial(enter, ann, outside), partial(enter, ann, bob, "100", status))
                [won] = [end for end in ends if isinstance(end, JournalEntry)]
                assert sorted(type(end).__name__ for end in ends) == ["InsufficientFunds", "JournalEntry"]
                back = journal.cancel if won.status == Status.PENDING else journal.revert
                back(won, at=timezone.now())
        assert (ledger_of(ann), coherence()[0]) == (100, 0)

    def test_settle_once(self, accounts: list[Account]) -> None:
        ann, bob, _ = accounts
        acts = (journal.commit, journal.cancel)
        with racing(journal.WrongStatus) as at_once:
            for _ in range(50):
                entry = enter(ann, bob, "1", Status.PENDING)
                ends = at_once(*(partial(act, entry, at=timezone.now()) for act in acts))
                assert sum(isinstance(end, journal.WrongStatus) for end in ends) == 1
        assert coherence()[0] == 0
        assert ledger_of(ann) == 100 - JournalEntry.objects.filter(status=Status.APPROVED).count()

    def test_revert_once(self, accounts: list[Account]) -> None:
        ann, bob, _ = accounts
        with racing(journal.AlreadyReverted) as at_once:
            for _ in range(50):
                act = partial(journal.revert, enter(ann, bob, "1"), at=timezone.now())
                ends = at_once(act, act)
                assert sum(isinstance(end, journal.AlreadyReverted) for end in ends) == 1
        assert (ledger_of(ann), coherence()[0]) == (100, 0)

    def test_cross_without_a_deadlock(self, accounts: list[Account]) -> None:
        ann, bob, outside = accounts
        enter(outside, bob, "100")
        with racing() as at_once:
            for _ in range(50):
                at_once(partial(enter, ann, bob, "1"), partial(enter, bob, ann, "1"))
        assert (ledger_of(ann), ledger_of(bob)) == (100, 100)

    def test_deleting_an_account_and_paying_into_it(self, accounts: list[Account]) -> None:
        *_, outside = accounts
        with racing(Ineligible, HoldsMoney) as at_once:
            for _ in range(50):
                account = AccountFactory(organization=outside.organization, ledger=outside.ledger)
                at_once(partial(enter, outside, account, "1"), partial(delete, account))
                account.refresh_from_db()
                assert (account.deleted_at is None) == Balance.objects.filter(account=account).exists()


def delete(account: Account) -> None:
    with transaction.atomic():
        held = Account.everything.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
        keeping.end(held, at=timezone.now())


amounts = some.decimals(min_value="0.01", max_value="99999999999999999999", places=2)
percents = some.decimals(min_value="0.00000001", max_value=100, places=8)
shares = some.builds(Share, percents, percents)


class TestSplitting:
    @given(amounts, some.lists(shares, max_size=8), some.integers(0, 8))
    def test_shares_and_the_rest_are_the_whole(self, whole: Decimal, parts: list[Share], scale: int) -> None:
        if sum(part.fraction for part in parts) > 1:
            with pytest.raises(DoesNotAddUp):
                split(whole, [*parts, Remaining()], scale=scale)
            return
        found = split(whole, [*parts, Remaining()], scale=scale)
        assert exact(found) == exact([whole])
        unit = Decimal(10) ** -max(scale, decimals(whole))
        for part, amount in zip(parts, found, strict=False):
            assert amount >= 0
            assert abs(exact([amount]) - part.fraction * exact([whole])) < exact([unit])

    @given(amounts, some.lists(some.integers(1, 10), min_size=1, max_size=20))
    def test_equal_shares_lose_nothing(self, whole: Decimal, weights: list[int]) -> None:
        weights = [weight for weight in weights if 100 % weight == 0]
        number = weights[0] if weights else 1
        found = split(whole, [Share(Decimal(100) / number)] * number, scale=2)
        assert exact(found) == exact([whole])
        assert max(found) - min(found) <= Decimal("0.01")

    def test_amounts_keep_their_decimals(self) -> None:
        found = split(Decimal("1"), [Decimal("0.125"), Remaining()], scale=2)
        assert found == [Decimal("0.125"), Decimal("0.875")]

    @pytest.mark.parametrize(
        "parts",
        [
            [Decimal("0.5")],
            [Decimal("1.5")],
            [Decimal(2), Decimal(-1)],
            [Decimal(0), Remaining()],
            [Share(Decimal("99.99999999"))],
            [Decimal("1.01"), Remaining()],
            [],
        ],
    )
    def test_what_does_not_add_up(self, parts: list[Any]) -> None:
        with pytest.raises(DoesNotAddUp):
            split(Decimal(1), parts, scale=2)


def exact(found: list[Decimal]) -> Fraction:
    return sum((Fraction(one) for one in found), Fraction(0))
