"""Whether somebody is in, what would change that, and the pages on which it is read."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from console.customers.masking import CLEAR
from console.customers.models import Customer
from console.organizations.models import Organization, Staff
from segments.explaining.copied import as_text
from segments.explaining.explanation import explain
from segments.explaining.words import standing
from tests.factories import (
    NOW,
    AccountFactory,
    AccountHolderFactory,
    CustomerFactory,
    SegmentFactory,
    TransactionFactory,
)
from tests.segments.explained import page, refreshed, rule, rules, why
from tests.segments.tags import a_tag, tagged

pytestmark = pytest.mark.django_db


class TestStanding:
    def test_where_now_differs_from_what_is_stored_it_says_so(self, hana: Customer) -> None:
        segment = SegmentFactory(
            organization=hana.organization, definition=rules(rule("country", "=", "CZ")), name="Czechs"
        )
        refreshed(segment)
        one = explain(segment, hana, at=NOW, sight=CLEAR)
        assert (one.is_member, one.belongs, one.differs) == (True, True, False)
        said = standing(one, "Hana")
        assert said.title == "Why Hana is in"
        assert said.text == "Member since the refresh of 22 Nov 2026, 10:42, by version 1 of its rules."
        Customer.objects.filter(pk=hana.pk).update(country="DE")
        hana.refresh_from_db()
        said = standing(explain(segment, hana, at=NOW, sight=CLEAR), "Hana")
        assert said.notice == "By today’s values, they would leave at the next refresh."

    def test_who_objected_or_is_erased_is_told_so(self, hana: Customer, alice: Staff) -> None:
        hana.profiling_objected_at = NOW
        hana.save()
        one = why(hana, rule("country", "=", "CZ"))
        assert one.root
        assert (one.root.holds, one.belongs) == (True, False)
        assert "Objected to profiling" in one.left_out
        hana.erase(reason="Asked for it", by=alice, at=NOW)
        hana.refresh_from_db()
        gone = why(hana, rule("kind", "=", "person"))
        assert (gone.left_out, gone.belongs) == ("Erased customers are in no segment.", False)

    def test_a_field_that_is_gone_leaves_the_stored_membership_and_says_which(
        self, hana: Customer, vera: Staff
    ) -> None:
        segment = SegmentFactory(
            organization=hana.organization, definition=rules(rule("loyalty_tier", "=", "Gold"))
        )
        one = explain(segment, hana, at=NOW, sight=CLEAR)
        assert one.root is None
        text = page(vera, "why", segment.pk, hana.pk)
        assert "“loyalty_tier” is not a field of customers" in text
        assert "members stay as they were last" in text

    def test_an_assigned_segment_says_who_put_the_account_in(
        self, nordbank: Organization, vera: Staff
    ) -> None:
        gold, silver = a_tag(nordbank, "Gold"), a_tag(nordbank, "Silver")
        account = AccountFactory(organization=nordbank)
        assert "Nobody put this account in." in page(vera, "why", gold.pk, account.pk)
        tagged(gold, account)
        assert "Carries it since 22 Nov 2026, 10:42" in page(vera, "why", gold.pk, account.pk)
        assert "Carries “Gold” instead" in page(vera, "why", silver.pk, account.pk)

    def test_an_archived_segment_is_explained_and_promises_nothing(self, hana: Customer, vera: Staff) -> None:
        segment = SegmentFactory(
            organization=hana.organization, definition=rules(rule("country", "=", "CZ")), archived_at=NOW
        )
        text = page(vera, "why", segment.pk, hana.pk)
        assert "The segment is archived" in text
        assert "would enter" not in text


class TestCopied:
    def test_it_names_whom_and_what_and_has_a_line_for_each_clause(self, hana: Customer) -> None:
        account = AccountFactory(organization=hana.organization, name="Daily")
        AccountHolderFactory(account=account, customer=hana)
        for amount in ("10.00", "2000.00", "30.00", "40.00"):
            TransactionFactory(account=account, amount=Decimal(amount))
        money_in = {
            "field": "transactions",
            "operator": "=",
            "match": {"mode": "atLeast", "threshold": 1},
            "value": rules(rule("amount", ">", "1000.00")),
        }
        segment = SegmentFactory(
            organization=hana.organization,
            name="Czechs",
            definition=rules(rule("country", "=", "DE"), money_in),
        )
        one = explain(segment, hana, at=NOW, sight=CLEAR)
        lines = as_text(one, standing(one, "Hana")).split("\n")
        assert lines[:4] == [
            f"Why Hana is not in: Czechs, version 1 ({hana.external_id})",
            "It was not counted yet, so nobody is in it.",
            "Values as of 22 Nov 2026, 10:42.",
            "",
        ]
        assert lines[4] == "✗ All of these: 1 of 2"
        assert [line[:4] for line in lines[5:]] == ["  ✗ ", "  ✓ ", "    ", "    ", "    ", "    ", "    "]
        assert lines[5] == "  ✗ Country is DE: CZ"
        assert "2,000.00" in lines[8]
        assert lines[-1] == "    and 6 more"

    def test_what_is_masked_is_copied_masked(self, hana: Customer, vera: Staff) -> None:
        hana.email = "hana@mail.example"
        hana.save()
        segment = SegmentFactory(organization=hana.organization, definition=rules(rule("email", "notNull")))
        text = page(vera, "why", segment.pk, hana.pk)
        copied = text.partition('data-copy="')[2].partition('"')[0]
        assert "h•••@m•••.example" in copied
        assert "hana@" not in text

    def test_an_assigned_segment_has_no_rules_to_copy(self, nordbank: Organization, vera: Staff) -> None:
        gold, account = a_tag(nordbank, "Gold"), AccountFactory(organization=nordbank)
        assert "data-copy=" not in page(vera, "why", gold.pk, account.pk)


class TestPages:
    def test_it_is_reached_from_the_members_and_from_the_customer(self, hana: Customer, vera: Staff) -> None:
        segment = SegmentFactory(
            organization=hana.organization, name="Czechs", definition=rules(rule("country", "=", "CZ"))
        )
        refreshed(segment, timezone.now())
        url = hana.organization.url("segments:why", segment.pk, hana.pk)
        assert url in page(vera, "segment_detail", segment.pk)
        assert url in page(vera, "customer_segments", hana.pk)
        assert url in page(vera, "customer_why", hana.pk, q="czech")
        assert url in page(vera, "customer_history", hana.pk)
        assert "Nothing matches" in page(vera, "customer_why", hana.pk, q="xyz")

    def test_those_of_another_bank_have_no_page_here(
        self, hana: Customer, vera: Staff, charlie: Staff
    ) -> None:
        segment = SegmentFactory(organization=hana.organization, definition=rules(rule("country", "=", "CZ")))
        strange = CustomerFactory(organization=charlie.organization)
        theirs = SegmentFactory(
            organization=charlie.organization, definition=rules(rule("country", "=", "CZ"))
        )
        account = AccountFactory(organization=hana.organization)
        for one, who in ((segment, strange), (theirs, hana), (segment, account)):
            page(vera, "why", one.pk, who.pk, status=404)

    def test_six_levels_and_sixty_rules_are_explained_in_few_queries(self, hana: Customer) -> None:
        deep = rules(*[rule("country", "=", "CZ")] * 10)
        for _ in range(5):
            deep = rules(deep, *[rule("name", "contains", "a")] * 10, combinator="or")
        segment = SegmentFactory(organization=hana.organization, definition=deep)
        with CaptureQueriesContext(connection) as queries:
            one = explain(segment, hana, at=NOW, sight=CLEAR)
        assert one.root
        assert one.root.holds
        assert len(list(one.root.walk())) == 66
        assert len(queries) < 12

    def test_related_rows_of_others_are_not_read(self, hana: Customer) -> None:
        block = {"field": "transactions", "operator": "=", "value": rules(rule("amount", ">", "300.00"))}
        other = AccountHolderFactory(account=AccountFactory(organization=hana.organization))
        TransactionFactory.create_batch(3, account=other.account, amount=Decimal(999))
        root = why(hana, block).root
        assert root
        assert root.clauses[0].value == "2 of 5"
