"""The members of a segment on its page: beside each what the rules look at."""

import re

import pytest
from django.utils import timezone

from console.customers.models import Attribute, Customer
from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from tests.factories import (
    AccountFactory,
    AccountHolderFactory,
    AssetFactory,
    CustomerFactory,
    LedgerFactory,
    SegmentFactory,
)
from tests.money import book
from tests.segments.explained import page, refreshed, rule, rules
from tests.segments.tags import a_tag, tagged

pytestmark = pytest.mark.django_db


def listed(staff: Staff, organization: Organization, population: str, *inner: object) -> list[list[str]]:
    """The head and the rows of the members that rules find, as text."""
    segment = SegmentFactory(
        organization=organization, population=population, is_marketing=False, definition=rules(*inner)
    )
    refreshed(segment, at=timezone.now())
    return table(page(staff, "segment_detail", segment.pk))


def table(text: str) -> list[list[str]]:
    inside = text.partition('aria-label="Table of members"')[2].partition("</table>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in inside.split("<tr>")[1:]]
    return [[" ".join(re.sub(r"<[^>]*>", "", cell).split()) for cell in row] for row in cells]


def owner_of(organization: Organization, code: str, amount: str) -> Customer:
    ledger = LedgerFactory(organization=organization)
    AssetFactory(organization=organization, ledger=ledger, code=code)
    account = AccountFactory(organization=organization, ledger=ledger, asset_code=code)
    customer: Customer = CustomerFactory(organization=organization, country="CZ")
    AccountHolderFactory(account=account, customer=customer, role="owner")
    book(account, [("2026-01-05", amount)])
    return customer


class TestValuesBesideMembers:
    def test_money_of_customers_is_in_the_currency_of_the_rule(
        self, vera: Staff, nordbank: Organization
    ) -> None:
        owner_of(nordbank, "JPY", "1500")
        ask = rule("total_balance", ">", "1.00", currency="JPY")
        head, row = listed(vera, nordbank, "customers", ask, rule("country", "=", "CZ"))
        assert head[2:5] == ["Country", "Total balance, JPY", "In since"]
        assert row[2:4] == ["CZ", "1,500"]

    def test_an_average_of_an_account_is_no_sum_and_has_the_currency_of_the_account(
        self, vera: Staff, nordbank: Organization
    ) -> None:
        owner_of(nordbank, "EUR", "300.00")
        ask = rule("average_collected_balance", ">", "1.00", days=30)
        head, row = listed(vera, nordbank, "accounts", ask)
        assert head[3] == "Average collected balance, 30 days"
        assert row[3] == "300.00 EUR"

    def test_three_values_at_most_and_a_missing_one_is_a_dash(
        self, alice: Staff, nordbank: Organization
    ) -> None:
        Attribute.objects.create(
            organization=nordbank, entity="customers", key="joined_on", type="date", label="Joined on"
        )
        CustomerFactory(
            organization=nordbank, custom_data={"joined_on": "2026-01-05", "tier": "Gold"}, email=""
        )
        asked = [rule(f"custom_data.{key}", "notNull") for key in ("joined_on", "tier")]
        head, row = listed(
            alice, nordbank, "customers", *asked, rule("email", "null"), rule("kind", "notNull")
        )
        assert head[3:7] == ["Joined on", "Tier", "Email", "In since"]
        assert row[3:6] == ["5 Jan 2026", "Gold", "–"]

    def test_who_sees_names_masked_sees_values_masked(self, vera: Staff, nordbank: Organization) -> None:
        CustomerFactory(organization=nordbank, email="hana@mail.example", name="Hana Malá")
        head, row = listed(vera, nordbank, "customers", rule("email", "notNull"))
        assert head[3] == "Email"
        assert row[3] == "h•••@m•••.example"

    def test_a_number_that_describes_one_person_is_masked_too(
        self, vera: Staff, alice: Staff, nordbank: Organization
    ) -> None:
        Attribute.objects.create(
            organization=nordbank, entity="customers", key="tax_number", type="number", is_personal=True
        )
        Attribute.objects.create(organization=nordbank, entity="customers", key="birth_date", type="date")
        document = {"tax_number": 8501014321, "birth_date": "1985-01-01"}
        CustomerFactory(organization=nordbank, custom_data=document)
        asked = [rule(field, "notNull") for field in ("custom_data.tax_number", "birthday_in")]
        _, row = listed(vera, nordbank, "customers", *asked)
        assert row[3:5] == ["•••", "•••"]
        _, row = listed(alice, nordbank, "customers", *asked)
        assert row[3] == "8,501,014,321"

    def test_what_a_rule_makes_the_same_of_everybody_is_no_column(
        self, alice: Staff, nordbank: Organization
    ) -> None:
        CustomerFactory(organization=nordbank, kind="person", email="")
        head, _ = listed(alice, nordbank, "customers", rule("kind", "=", "person"), rule("email", "null"))
        assert head[2:5] == ["Country", "Email", "In since"]
        either = {"combinator": "or", "rules": [rule("kind", "=", "person"), rule("email", "null")]}
        head, row = listed(alice, nordbank, "customers", either)
        assert head[2:5] == ["Country", "Kind", "Email"]
        assert row[3] == "person"

    def test_what_is_asked_of_other_rows_is_no_column(self, vera: Staff, nordbank: Organization) -> None:
        CustomerFactory(organization=nordbank)
        nothing = {
            "field": "invoices",
            "operator": "=",
            "match": {"mode": "none"},
            "value": rules(rule("total", ">", "1.00")),
        }
        head, _ = listed(vera, nordbank, "customers", nothing)
        assert head == ["Customer", "External id", "Country", "In since", "Explanation"]


class TestWhereThereAreNone:
    def test_an_account_deleted_since_the_last_refresh_keeps_its_row_even(
        self, vera: Staff, nordbank: Organization
    ) -> None:
        accounts = [AccountFactory(organization=nordbank) for _ in range(2)]
        segment = SegmentFactory(
            organization=nordbank, population="accounts", definition=rules(rule("type", "notNull"))
        )
        refreshed(segment, at=timezone.now())
        Account.everything.filter(pk=accounts[0].pk).update(deleted_at=timezone.now())
        head, *rows = table(page(vera, "segment_detail", segment.pk))
        assert head[3] == "Type"
        assert [len(row) for row in rows] == [len(head)] * len(rows)

    def test_rules_that_can_t_be_read_any_more_leave_the_list_as_it_was(
        self, vera: Staff, nordbank: Organization
    ) -> None:
        CustomerFactory(organization=nordbank, country="CZ")
        segment = SegmentFactory(organization=nordbank, definition=rules(rule("country", "=", "CZ")))
        refreshed(segment, at=timezone.now())
        segment.version.definition = rules(rule("gone", "=", "CZ"))
        segment.version.save()
        head, row = table(page(vera, "segment_detail", segment.pk))
        assert len(head) == len(row) == 5

    def test_an_assigned_segment_has_no_rules_to_look_at(self, vera: Staff, nordbank: Organization) -> None:
        gold = a_tag(nordbank, "Gold")
        tagged(gold, AccountFactory(organization=nordbank))
        head, row = table(page(vera, "segment_detail", gold.pk))
        assert len(head) == len(row) == 5
