"""What each kind of file does to the books, the first time and again."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from console.customers.models import Attribute
from console.organizations.models import Organization
from tests.factories import AccountFactory, AssetFactory, CustomerFactory, LedgerFactory
from tests.imports.files import (
    ACCOUNTS,
    CUSTOMERS,
    HOLDERS,
    counts,
    imported,
    refused,
    whole_bank,
)


def declare(bank: Organization, key: str, type: str, entity: str = "customers") -> None:
    Attribute.objects.create(organization=bank, entity=entity, key=key, type=type)


def test_a_whole_bank_comes_in_and_a_second_time_changes_nothing(bank: Organization) -> None:
    assert [counts(run) for run in whole_bank(bank)] == [
        (2, 0, 0, 0),
        (2, 0, 0, 0),
        (3, 0, 0, 0),
        (3, 0, 0, 0),
    ]
    stored = [str(row) for row in bank.daily_balances.order_by("account", "day")]
    assert [counts(run) for run in whole_bank(bank)] == [
        (0, 0, 2, 0),
        (0, 0, 2, 0),
        (0, 0, 3, 0),
        (0, 0, 3, 0),
    ]
    assert [str(row) for row in bank.daily_balances.order_by("account", "day")] == stored
    assert bank.accounts.get(external_id="A1").balance.ledger == Decimal("499.50")
    assert bank.movements.count() == 2


def test_another_bank_with_the_same_ids_is_left_alone(bank: Organization) -> None:
    other = AccountFactory(external_id="A1")
    CustomerFactory(organization=other.organization, external_id="C1", name="Theirs")
    whole_bank(bank)
    assert other.organization.customers.get().name == "Theirs"
    assert not other.transactions.exists()
    assert not other.holders.exists()


class TestCustomers:
    def test_unknown_columns_are_kept_as_custom_data(self, bank: Organization) -> None:
        imported(bank, "customers", CUSTOMERS)
        customer = bank.customers.get(external_id="C1")
        assert customer.country == "CZ"
        assert customer.custom_data == {"gender": "female", "birth_date": "1970-12-13", "district": "Prague"}

    def test_declared_types_hold(self, bank: Organization) -> None:
        declare(bank, "born", "date")
        declare(bank, "score", "number")
        declare(bank, "vip", "boolean")
        run = imported(
            bank,
            "customers",
            "customer_ref,born,score,vip\nC1,1970-02-28,007.50,yes\nC2,28.2.1970,1\nC3,1970-02-30,x,maybe\nC4,,,\n",
        )
        assert counts(run) == (2, 0, 0, 2)
        assert bank.customers.get(external_id="C1").custom_data == {
            "born": "1970-02-28",
            "score": 7.5,
            "vip": True,
        }
        assert bank.customers.get(external_id="C4").custom_data == {}
        assert refused(run)[0][3].startswith("The row has 3 cells, the header 4")
        line, column, value, reason = refused(run)[1]
        assert (line, column, value) == (4, "born", "1970-02-30")
        assert reason.startswith("There is no such day")
        assert "Also score: Write a number" in reason
        assert "Also vip: Write yes or no" in reason

    def test_only_what_differs_is_updated(self, bank: Organization) -> None:
        imported(bank, "customers", "customer_ref,name,tier\nC1,Jana,gold\nC2,Petr,\n")
        run = imported(bank, "customers", "customer_ref,name,tier\nC1,Jana,silver\nC2,Petr,\nC3,Eva,\n")
        assert counts(run) == (1, 1, 1, 0)
        assert bank.customers.get(external_id="C1").custom_data == {"tier": "silver"}

    def test_columns_that_the_file_lacks_stay(self, bank: Organization) -> None:
        imported(bank, "customers", "customer_ref,name,email,tier\nC1,Jana,jana@mail.example,gold\n")
        imported(bank, "customers", "customer_ref,email,score\nC1,j@mail.example,5\n")
        customer = bank.customers.get()
        assert (customer.name, customer.email) == ("Jana", "j@mail.example")
        assert customer.custom_data == {"tier": "gold", "score": "5"}

    def test_an_empty_cell_clears_text_and_keeps_choices(self, bank: Organization) -> None:
        head = "customer_ref,email,kind,communications_enabled,tier\n"
        imported(bank, "customers", head + "C1,j@mail.example,business,no,gold\n")
        assert counts(imported(bank, "customers", head + "C1,,,,\n")) == (0, 1, 0, 0)
        customer = bank.customers.get()
        assert (customer.email, customer.kind, customer.communications_enabled) == ("", "business", False)
        assert customer.custom_data == {}

    def test_dots_make_objects(self, bank: Organization) -> None:
        imported(bank, "customers", "customer_ref,address.city,address.zip\nC1,Brno,60200\n")
        assert bank.customers.get().custom_data == {"address": {"city": "Brno", "zip": "60200"}}

    def test_strange_text_comes_through_whole(self, bank: Organization) -> None:
        name = 'Jana "Jája" \\N Říhová'
        quoted = name.replace('"', '""')
        run = imported(bank, "customers", f'customer_ref,name,note\nC1,"{quoted}","two\nlines\\"\n')
        assert counts(run) == (1, 0, 0, 0)
        customer = bank.customers.get()
        assert customer.name == name
        assert customer.custom_data == {"note": "two\nlines\\"}

    def test_a_name_stands_on_one_line(self, bank: Organization) -> None:
        """Names go into subjects and addresses of letters, where a line break would be another header."""
        imported(bank, "customers", 'customer_ref,name\nC1," Jana\r\nNováková\t  Říhová "\n')
        assert bank.customers.get().name == "Jana Nováková Říhová"

    def test_products_and_since(self, bank: Organization) -> None:
        imported(bank, "customers", "customer_ref,products,customer_since\nC1,card; loan;card,2020-05-01\n")
        customer = bank.customers.get()
        assert customer.products == ["card", "loan"]
        assert customer.created_at.isoformat() == "2020-04-30T22:00:00+00:00"

    def test_since_when_beyond_what_clocks_know_costs_its_row_alone(self, bank: Organization) -> None:
        times = ["0001-01-01", "9999-12-31T23:59:59-12:00", "2020-05-01T00:00:00+23:30"]
        rows = "".join(f"C{n},{time}\n" for n, time in enumerate(times))
        run = imported(bank, "customers", f"customer_ref,customer_since\n{rows}")
        assert counts(run) == (1, 0, 0, 2)
        assert "between 1800-01-01 and 2999-12-31" in refused(run)[0][3]
        assert bank.customers.get().created_at.isoformat() == "2020-04-30T00:30:00+00:00"

    @pytest.mark.parametrize(
        ("cells", "column", "words"),
        [
            (",Jana,CZ,", "customer_ref", "The cell is empty"),
            ("C\u200b1,Jana,CZ,", "customer_ref", "invisible character"),
            (f"{'x' * 101},Jana,CZ,", "customer_ref", "101 characters"),
            ("C1,Jana,CZE,", "country", "two letters"),
            ("C1,Jana,CZ,jana@", "email", "Write an email address"),
            ("C1,Ja\0na,CZ,", "name", "NUL character"),
            ("C1,Ja\x07na,CZ,", "name", "control character 0x07"),
            (f"C1,{'x' * 257},CZ,", "name", "257 characters"),
        ],
    )
    def test_bad_cells_are_refused_with_their_reason(
        self, bank: Organization, cells: str, column: str, words: str
    ) -> None:
        run = imported(bank, "customers", f"customer_ref,name,country,email\nC0,Petr,CZ,\n{cells}\n")
        assert counts(run) == (1, 0, 0, 1)
        ((line, found, _, reason),) = refused(run)
        assert (line, found) == (3, column)
        assert words in reason

    def test_a_second_row_of_the_same_id_is_refused(self, bank: Organization) -> None:
        run = imported(bank, "customers", "customer_ref,name\nC1,Jana\nC2,\0\nC1,Other\nC2,Petr\n")
        assert counts(run) == (2, 0, 0, 2)
        assert refused(run)[1] == (
            4,
            "customer_ref",
            "C1",
            "Line 2 of this file has the same customer_ref. Keep one of them.",
        )
        assert bank.customers.get(external_id="C1").name == "Jana"

    def test_the_header_again_is_no_customer(self, bank: Organization) -> None:
        run = imported(bank, "customers", CUSTOMERS + CUSTOMERS.replace("C1", "C3").replace("C2", "C4"))
        assert counts(run) == (4, 0, 0, 1)
        assert "header again" in refused(run)[0][3]

    def test_a_byte_of_another_encoding_is_named(self, bank: Organization) -> None:
        run = imported(
            bank,
            "customers",
            b"customer_ref,name\n" + b"".join(b"C%d,x\n" % n for n in range(400)) + b"D,\xe9\n",
        )
        assert counts(run) == (400, 0, 0, 1)
        assert refused(run)[0][2:] == (
            "\\xe9",
            "The byte 0xe9 is not text in the encoding of this file. Write the row in one encoding.",
        )


class TestAccounts:
    def test_make_the_ledger_and_its_currencies(self, bank: Organization) -> None:
        run = imported(bank, "accounts", "account_ref,currency\nA1,CZK\nA2,JPY\nA3,\n", ledger="Retail")
        assert counts(run) == (3, 0, 0, 0)
        assert str(run.ledger) == "Retail"
        assert list(bank.assets.values_list("code", "scale")) == [("CZK", 2), ("JPY", 0)]
        assert bank.accounts.get(external_id="A3").asset_code == "CZK"

    def test_keep_other_columns_as_metadata(self, bank: Organization) -> None:
        imported(bank, "accounts", ACCOUNTS)
        account = bank.accounts.get(external_id="A2")
        assert (account.opened_on, account.metadata) == (date(1993, 2, 15), {"statement_frequency": "weekly"})
        assert (account.type, account.status) == ("deposit", "ACTIVE")

    def test_go_to_a_ledger_that_is_there_whatever_its_case(self, bank: Organization) -> None:
        ledger = LedgerFactory(organization=bank, name="Retail", asset=None)
        AssetFactory(ledger=ledger, code="CZK")
        assert imported(bank, "accounts", ACCOUNTS, ledger="retail").ledger == ledger

    def test_stay_in_their_ledger_and_currency(self, bank: Organization) -> None:
        imported(bank, "accounts", ACCOUNTS, ledger="Retail")
        moved = imported(bank, "accounts", ACCOUNTS, ledger="Business")
        assert counts(moved) == (0, 0, 0, 2)
        assert "is in the ledger “Retail”" in refused(moved)[0][3]
        changed = imported(bank, "accounts", "account_ref,currency\nA1,EUR\nA2,\n", ledger="Retail")
        assert counts(changed) == (0, 0, 1, 1)
        assert refused(changed)[0][1:3] == ("currency", "EUR")

    def test_need_a_ledger_named_where_there_are_several(self, bank: Organization) -> None:
        LedgerFactory(organization=bank, name="Retail")
        LedgerFactory(organization=bank, name="Business")
        run = imported(bank, "accounts", ACCOUNTS)
        assert run.state == "failed"
        assert run.error == "Name the ledger that the accounts go to. There are: Business, Retail."

    def test_have_aliases_of_their_own(self, bank: Organization) -> None:
        imported(bank, "accounts", "account_ref,alias\nA1,@main\n")
        run = imported(
            bank,
            "accounts",
            "account_ref,alias\nA1,@main\nA2,@main\nA3,@new\nA4,@new\nA5,bad alias\nA6,\nA7,\n",
        )
        assert counts(run) == (3, 0, 1, 3)
        assert [row[0] for row in refused(run)] == [3, 5, 6]

    def test_are_never_called_as_another_by_its_id(self, bank: Organization) -> None:
        imported(bank, "accounts", "account_ref\nA1\n")
        key = bank.accounts.get().pk
        said = [str(key), str(key).upper(), key.hex, key.urn, f"{key.hex[1:3]}_{key.hex[3:]}"]
        rows = "".join(f"B{number},{alias}\n" for number, alias in enumerate(said))
        assert [row[0] for row in refused(imported(bank, "accounts", f"account_ref,alias\n{rows}"))] == [
            *range(2, 7)
        ]
        own = imported(bank, "accounts", f"account_ref,alias\nA1,{key}\nB9,{uuid4()}\n")
        assert counts(own) == (1, 1, 0, 0)

    @pytest.mark.parametrize(
        ("cells", "column"),
        [
            ("A1,1993-13-01,CZK", "opened_on"),
            ("A1,2199-01-01,CZK", "opened_on"),
            ("A1,1993-01-01,CKZ", "currency"),
        ],
    )
    def test_refuse_bad_cells(self, bank: Organization, cells: str, column: str) -> None:
        run = imported(bank, "accounts", f"account_ref,opened_on,currency\n{cells}\n")
        assert [row[1] for row in refused(run)] == [column]


class TestHolders:
    def test_join_customers_and_accounts(self, bank: Organization) -> None:
        whole_bank(bank)
        held = bank.account_holders.values_list("account__external_id", "customer__external_id", "role")
        assert sorted(held) == [("A1", "C1", "owner"), ("A1", "C2", "authorised user"), ("A2", "C2", "owner")]

    def test_of_nobody_or_nothing_are_refused(self, bank: Organization) -> None:
        whole_bank(bank)
        run = imported(
            bank, "account_holders", HOLDERS + "A9,C1,owner\nA2,C9,owner\nA2,C1,boss\nA1,C1,owner\n"
        )
        assert counts(run) == (0, 0, 3, 4)
        assert [row[:3] for row in refused(run)] == [
            (5, "account_ref", "A9"),
            (6, "customer_ref", "C9"),
            (7, "role", "boss"),
            (8, "account_ref", "A1"),
        ]

    def test_change_their_role(self, bank: Organization) -> None:
        whole_bank(bank)
        run = imported(bank, "account_holders", "account_ref,customer_ref,role\nA1,C2,OWNER\nA1,C1,\n")
        assert counts(run) == (0, 1, 1, 0)
