"""Transactions are booked once, exactly as the file says; and a dry run of any kind writes nothing."""

from datetime import date
from decimal import Decimal

import pytest

from console.organizations.models import Organization
from tests.factories import LedgerFactory
from tests.imports.files import (
    ACCOUNTS,
    CUSTOMERS,
    HOLDERS,
    TRANSACTIONS,
    counts,
    imported,
    refused,
    whole_bank,
)


class TestTransactions:
    def test_keep_operation_purpose_and_the_rest(self, bank: Organization) -> None:
        whole_bank(bank)
        item = bank.transactions.get(external_id="T2")
        assert (item.operation, item.purpose, item.direction) == ("withdrawal", "household", "debit")
        assert (item.amount, item.booked_on) == (Decimal("200.50"), date(1993, 3, 5))
        assert item.metadata == {"balance_after": "499.50"}

    def test_booked_with_other_values_are_refused(self, bank: Organization) -> None:
        whole_bank(bank)
        run = imported(
            bank,
            "transactions",
            TRANSACTIONS.replace("700.00,700.00", "701.00,700.00").replace("T3,A2", "T3,A1"),
        )
        assert counts(run) == (0, 0, 1, 2)
        assert refused(run)[0][3] == "Booked already with other values: amount 700. Correct it by a reversal."
        assert "account" in refused(run)[1][3]
        assert bank.accounts.get(external_id="A1").balance.ledger == Decimal("499.50")

    def test_new_and_known_rows_mix(self, bank: Organization) -> None:
        whole_bank(bank)
        run = imported(bank, "transactions", TRANSACTIONS + "T4,A1,1993-03-02,credit,,1,,\n")
        assert counts(run) == (1, 0, 3, 0)
        days = (
            bank.daily_balances.filter(account__external_id="A1")
            .order_by("day")
            .values_list("ledger", flat=True)
        )
        assert list(days) == [Decimal(700), Decimal(701), Decimal("500.50")]

    def test_a_sign_says_which_way_where_no_column_does(self, bank: Organization) -> None:
        imported(bank, "accounts", ACCOUNTS)
        run = imported(
            bank, "transactions", "id,account,date,amount\n1,A1,1993-03-01,-5.25\n2,A1,1993-03-01,+7\n"
        )
        assert counts(run) == (2, 0, 0, 0)
        assert bank.accounts.get(external_id="A1").balance.ledger == Decimal("1.75")

    @pytest.mark.parametrize(
        ("cells", "column", "words"),
        [
            ("T9,A9,1993-03-01,credit,1,CZK", "account_ref", "no account"),
            ("T9,A1,1993-02-29,credit,1,CZK", "booked_on", "no such day"),
            ("T9,A1,1.3.1993,credit,1,CZK", "booked_on", "1994-03-31"),
            ("T9,A1,,credit,1,CZK", "booked_on", "empty"),
            ("T9,A1,2199-01-01,credit,1,CZK", "booked_on", "between"),
            ("T9,A1,1993-03-01,sideways,1,CZK", "direction", "credit or debit"),
            ("T9,A1,1993-03-01,,1,CZK", "direction", "empty"),
            ('T9,A1,1993-03-01,credit,"1.234,50",CZK', "amount", "1234.50"),
            ('T9,A1,1993-03-01,credit,"1,234.50",CZK', "amount", "1234.50"),
            ("T9,A1,1993-03-01,credit,1e5,CZK", "amount", "1234.50"),
            ("T9,A1,1993-03-01,credit,-5,CZK", "amount", "without a minus"),
            ("T9,A1,1993-03-01,credit,NaN,CZK", "amount", "1234.50"),
            ("T9,A1,1993-03-01,credit,٣,CZK", "amount", "1234.50"),
            ("T9,A1,1993-03-01,credit,1,EUR", "currency", "kept in CZK"),
            ("T9,A1,1993-03-01,credit,1,XYZ", "currency", "three letters"),
            (",A1,1993-03-01,credit,1,CZK", "transaction_ref", "empty"),
        ],
    )
    def test_bad_cells_are_refused(self, bank: Organization, cells: str, column: str, words: str) -> None:
        imported(bank, "accounts", ACCOUNTS)
        head = "transaction_ref,account_ref,booked_on,direction,amount,currency\n"
        run = imported(bank, "transactions", f"{head}T8,A1,1993-03-01,credit,1,\n{cells}\n")
        assert counts(run) == (1, 0, 0, 1)
        ((line, found, _, reason),) = refused(run)
        assert (line, found) == (3, column)
        assert words in reason

    def test_of_another_ledger_than_named(self, bank: Organization) -> None:
        imported(bank, "accounts", ACCOUNTS, ledger="Retail")
        LedgerFactory(organization=bank, name="Business")
        assert counts(imported(bank, "transactions", TRANSACTIONS, ledger="business"))[3] == 3
        assert counts(imported(bank, "transactions", TRANSACTIONS, ledger="Retail"))[0] == 3


def test_a_dry_run_checks_everything_and_writes_nothing(bank: Organization) -> None:
    assert counts(imported(bank, "accounts", ACCOUNTS, is_dry_run=True, ledger="New")) == (2, 0, 0, 0)
    assert not bank.ledgers.exists()
    whole_bank(bank)
    files = {
        "customers": (CUSTOMERS.replace("Prague", "Brno") + "C3,,,,DE\nC3,,,,DE\n", (1, 1, 1, 1)),
        "accounts": (ACCOUNTS + "A3,,,CZK\n", (1, 0, 2, 0)),
        "account_holders": (HOLDERS + "A2,C1,\nA9,C1,\n", (1, 0, 3, 1)),
        "transactions": (
            TRANSACTIONS.replace("3000,", "3001,") + "T4,A1,1993-03-02,credit,,1,,\n",
            (1, 0, 2, 1),
        ),
    }
    for kind, (data, expected) in files.items():
        assert counts(imported(bank, kind, data, is_dry_run=True)) == expected, kind
    assert (bank.customers.count(), bank.accounts.count()) == (2, 2)
    assert (bank.account_holders.count(), bank.transactions.count()) == (3, 3)
