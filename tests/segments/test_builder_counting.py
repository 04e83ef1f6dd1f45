"""What the builder counts while somebody edits: how many belong, who enters and leaves, what each rule leaves."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from console.organizations.models import Organization, Staff
from segments.builder import counting
from segments.models import Segment
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    AccountFactory,
    AccountHolderFactory,
    AssetFactory,
    CustomerFactory,
    SegmentFactory,
    StaffFactory,
    TransactionFactory,
)
from tests.money import book
from tests.segments.pages import Builder

pytestmark = pytest.mark.django_db
CZECH = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "CZ"}]}


@pytest.fixture
def builder(bob: Staff) -> Builder:
    """Bob at an empty builder."""
    return Builder(signed_in(bob), bob.organization.url("segments:segment_create"))


def at(staff: Staff, segment: Segment) -> Builder:
    return Builder(signed_in(staff), staff.organization.url("segments:segment_edit", segment.pk))


def preview(builder: Builder, organization: Organization, part: str = "preview", **extra: str) -> str:
    answer = builder.client.post(organization.url(f"segments:{part}"), {**builder.fields, **extra})
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestCounting:
    @pytest.fixture
    def people(self, nordbank: Organization) -> None:
        for country in ("CZ", "CZ", "CZ", "DE"):
            CustomerFactory(organization=nordbank, country=country)

    def test_the_count_its_share_and_five_of_them(
        self, builder: Builder, nordbank: Organization, people: None
    ) -> None:
        builder.choose(rules_0_field="country").fill(rules_0_value_0="CZ")
        text = preview(builder, nordbank)
        assert '<span class="exact">3</span>' in text
        assert "75.0 % of everyone" in text
        assert text.count("/customers/") == 3
        assert "country is CZ" in text

    def test_the_total_of_the_accounts_somebody_owns_stands_beside_them(
        self, builder: Builder, nordbank: Organization
    ) -> None:
        owner = CustomerFactory(organization=nordbank)
        for code, amount, role in (
            ("EUR", "1000.00", "owner"),
            ("EUR", "234.00", "owner"),
            ("CZK", "77.00", "owner"),
            ("EUR", "9.00", "authorised user"),
        ):
            ledger = AssetFactory(ledger__organization=nordbank, code=code).ledger
            account = AccountFactory(organization=nordbank, ledger=ledger, asset_code=code)
            AccountHolderFactory(account=account, customer=owner, role=role)
            book(account, [("2026-01-05", amount)])
        builder.choose(rules_0_field="total_balance").fill(
            rules_0_operator=">", rules_0_value_0="1000.00", rules_0_currency="EUR"
        )
        text = preview(builder, nordbank)
        assert '<span class="exact">1</span>' in text
        assert "1,234.00" in text

    def test_objectors_are_not_counted_for_marketing(
        self, builder: Builder, nordbank: Organization, people: None
    ) -> None:
        nordbank.customers.filter(country="DE").update(profiling_objected_at=NOW)
        builder.choose(rules_0_field="all")
        assert '<span class="exact">3</span>' in preview(builder, nordbank)
        del builder.fields["is_marketing"]
        assert '<span class="exact">4</span>' in preview(builder, nordbank)

    def test_nothing_is_counted_while_a_rule_is_not_finished(
        self, builder: Builder, nordbank: Organization
    ) -> None:
        assert "Rule 1 is not finished." in preview(builder, nordbank)

    def test_typing_is_kept_and_opening_alone_keeps_nothing(self, builder: Builder, bob: Staff) -> None:
        preview(builder, bob.organization)
        assert not bob.segment_drafts.exists()
        builder.fields["name"] = "Typed"
        preview(builder, bob.organization)
        assert bob.segment_drafts.get().name == "Typed"

    def test_each_rule_says_what_it_leaves_adds_and_removes(
        self, builder: Builder, nordbank: Organization, people: None
    ) -> None:
        tree: list[Any] = [
            {"field": "country", "operator": "=", "value": "CZ"},
            {
                "combinator": "or",
                "rules": [
                    {"field": "name", "operator": "=", "value": name} for name in ("Ann", "Bea", "Ann")
                ],
            },
            {"combinator": "or", "not": True, "rules": [{"field": "name", "operator": "=", "value": "Bea"}]},
        ]
        czech = list(nordbank.customers.filter(country="CZ"))
        for customer, name in zip(czech, ("Ann", "Bea", "Cid"), strict=True):
            customer.name = name
            customer.save()
        segment = SegmentFactory(organization=nordbank, definition={"combinator": "and", "rules": tree})
        shown = at(StaffFactory(organization=nordbank), segment)
        text = preview(shown, nordbank, "funnel")
        numbers = dict(zip(*numbers_of(text), strict=True))
        assert numbers == {
            "row-0": ("leaves", "3"),
            "row-1": ("leaves", "2"),
            "row-1-0": ("adds", "1"),
            "row-1-1": ("adds", "1"),
            "row-1-2": ("adds", "0"),
            "row-2": ("leaves", "1"),
            "row-2-0": ("removes", "1"),
        }
        assert "Everyone 4" in text

    def test_what_stands_above_a_fault_is_counted_all_the_same(
        self, builder: Builder, nordbank: Organization, people: None
    ) -> None:
        builder.choose(rules_0_field="country").fill(rules_0_value_0="CZ").press("add-rule:")
        text = preview(builder, nordbank, "funnel")
        assert "<b>3</b>" in text
        assert "not counted" not in text
        builder.choose(rules_1_field="total_balance").fill(rules_1_value_0="1.000,0")
        text = preview(builder, nordbank, "funnel")
        assert "<b>3</b>" in text
        assert "not counted" in text

    def test_a_tree_that_is_no_longer_the_drafts_gets_no_numbers(
        self, builder: Builder, nordbank: Organization, people: None
    ) -> None:
        builder.choose(rules_0_field="country").fill(rules_0_value_0="CZ")
        before = dict(builder.fields)
        builder.press("add-group:")
        answer = builder.client.post(nordbank.url("segments:funnel"), before)
        assert (answer.status_code, answer.content) == (204, b"")

    def test_an_edit_says_who_enters_and_who_leaves(
        self, bob: Staff, nordbank: Organization, people: None
    ) -> None:
        segment = SegmentFactory(organization=nordbank, definition=CZECH, member_count=3, refreshed_at=NOW)
        for customer in nordbank.customers.filter(country="CZ"):
            segment.customer_memberships.create(organization=nordbank, customer=customer, entered_at=NOW)
        text = preview(at(bob, segment).choose(rules_0_test="!="), nordbank)
        assert "+ 1" in text
        assert "− 3" in text
        assert "against the 3 members of now" in text

    def test_a_count_that_takes_too_long_is_offered_in_the_background(
        self,
        builder: Builder,
        nordbank: Organization,
        people: None,
        monkeypatch: pytest.MonkeyPatch,
        bob: Staff,
    ) -> None:
        builder.choose(rules_0_field="all")
        monkeypatch.setattr(counting.Counter, "budget", 0.0)
        monkeypatch.setattr(counting, "time_limit", never)
        assert "takes longer than 5 s" in preview(builder, nordbank)
        assert "In the background" in preview(builder, nordbank, op="count")
        monkeypatch.undo()
        counting.count_draft(bob.segment_drafts.get().pk, at=NOW)
        assert 'class="exact"' in preview(builder, nordbank)

    def test_the_database_stops_counting_at_the_limit_and_the_transaction_goes_on(self) -> None:
        with pytest.raises(counting.TooSlow), counting.time_limit(0.05), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(3)")
        assert Segment.objects.count() == 0

    def test_what_was_counted_a_moment_ago_is_not_counted_again(
        self, builder: Builder, nordbank: Organization, people: None
    ) -> None:
        builder.choose(rules_0_field="country").fill(rules_0_value_0="CZ")
        preview(builder, nordbank)
        with CaptureQueriesContext(connection) as queries:
            preview(builder, nordbank, "funnel")
        assert not [
            query
            for query in queries
            if "COUNT(*)" in query["sql"].upper() and "customers_customer" in query["sql"]
        ]

    def test_accounts_are_counted_and_linked_as_accounts(
        self, builder: Builder, nordbank: Organization
    ) -> None:
        account = AccountFactory(organization=nordbank, name="Giro")
        AccountHolderFactory(account=account)
        TransactionFactory(account=account)
        builder.press("refresh", population="accounts")
        builder.choose(rules_0_field="type").fill(rules_0_value_0="deposit")
        text = preview(builder, nordbank)
        assert re.search(r">account · 100 % of everyone", text)
        assert "G•••" in text

    def test_another_population_has_its_own_fields_and_its_own_everyone(
        self, builder: Builder, nordbank: Organization, people: None
    ) -> None:
        assert re.search(r'<select name="population" hx-post="" hx-trigger="change', builder.text)
        builder.choose(rules_0_field="all")
        assert "Everyone 4" in preview(builder, nordbank, "funnel")
        AccountFactory(organization=nordbank)
        builder.press("refresh", population="accounts")
        assert '<option value="overdrawn_days">' in builder.text
        assert "Everyone 1" in preview(builder, nordbank, "funnel")


def never(seconds: float) -> Any:
    raise counting.TooSlow


def numbers_of(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    found = re.findall(r'id="(row[\w-]*)-keeps".*?<span>(\w+)</span><b>([\d,]+)</b>', text, re.S)
    return [row for row, _, _ in found], [(word, number) for _, word, number in found]
