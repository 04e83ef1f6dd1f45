"""Money for tests: posted through the one door, so that kept balances are right."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from console.balances.posting import Item, post_items
from console.portfolios.models import Account
from tests.factories import NOW

_numbers = count(1)


def book(account: Account, rows: Iterable[tuple[str, str]], **words: Any) -> Account:
    """Post (day, signed amount) to `account`; `words` are further fields of the items."""
    items = [
        Item(
            account_id=account.pk,
            external_id=f"B{next(_numbers):06}",
            booked_on=date.fromisoformat(day),
            direction="debit" if amount.startswith("-") else "credit",
            amount=Decimal(amount.lstrip("-")),
            **words,
        )
        for day, amount in rows
    ]
    post_items(account.organization, items, source="test", at=NOW)
    return account
