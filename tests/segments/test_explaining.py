"""The tree of an explanation: what it says of values, of related rows, and of people whom it must not name."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from console.customers.masking import CLEAR, MASKED
from console.customers.models import Attribute, Customer
from segments.explaining.explanation import explain
from tests.factories import (
    NOW,
    InvoiceFactory,
    PaymentMethodFactory,
    SegmentFactory,
    TransactionFactory,
)
from tests.segments.explained import clauses, refreshed, rule, rules, why

pytestmark = pytest.mark.django_db


class TestValues:
    def test_a_rule_says_the_value_that_it_looked_at(self, hana: Customer) -> None:
        one = why(
            hana, rule("country", "=", "DE"), rule("name", "contains", "mala"), rule("phone", "notNull")
        )
        assert clauses(one) == [
            ("Country is DE", False, "CZ"),
            ("Name contains mala", True, "Hana Malá"),
            ("Phone is recorded", False, "not set"),
        ]
        assert not one.belongs

    def test_money_stands_with_its_currency_and_says_how_short_it_is(self, hana: Customer) -> None:
        one = why(hana, rule("total_balance", ">", "118.60"))
        assert one.root
        assert one.root.clauses[0].value == "0.00 EUR"
        assert one.root.clauses[0].note == "118.60 EUR short of it."

    def test_of_a_missing_date_or_figure_nothing_is_invented(self, hana: Customer) -> None:
        Attribute.objects.create(
            organization=hana.organization, entity="customers", key="score", type="number"
        )
        one = why(hana, rule("custom_data.score", "<", 7), rule("total_balance", ">", "1.00", currency="USD"))
        assert [value for _, _, value in clauses(one)] == ["not set", "not set"]

    def test_amounts_of_another_currency_are_named_as_such(self, hana: Customer) -> None:
        crowns = hana.organization.accounts.select_related("organization").get(external_id="CZK-1")
        segment = SegmentFactory(
            organization=hana.organization,
            population="accounts",
            definition=rules(rule("ledger_balance", "<=", "0.00")),
        )
        root = explain(segment, crowns, at=NOW, sight=CLEAR).root
        assert root
        assert (root.clauses[0].holds, root.clauses[0].value) == (False, "0.00 CZK")
        assert root.clauses[0].note == "In CZK: the rule compares amounts in EUR only."

    def test_whoever_sees_names_masked_sees_them_masked_here(self, hana: Customer) -> None:
        hana.custom_data = {"tax_number": "CZ8001011234"}
        hana.save()
        asked = (
            rule("name", "=", "Hana Malá"),
            rule("email", "notNull"),
            rule("custom_data.tax_number", "notNull"),
        )
        told = " ".join(value for _, _, value in clauses(why(hana, *asked, sight=MASKED)))
        assert not any(part in told for part in ("Hana", "hana", "Malá", "800101"))
        assert "Hana Malá" in str(clauses(why(hana, *asked, sight=CLEAR)))

    def test_how_far_a_masked_number_is_from_holding_would_tell_it(self, hana: Customer) -> None:
        Attribute.objects.create(
            organization=hana.organization, entity="customers", key="score", type="number", is_personal=True
        )
        hana.custom_data = {"score": 6120}
        hana.save()
        for sight, told in ((MASKED, ("•••", "")), (CLEAR, ("6,120", "880 short of it."))):
            root = why(hana, rule("custom_data.score", ">", 7000), sight=sight).root
            assert root
            assert (root.clauses[0].value, root.clauses[0].note) == told

    def test_segments_are_named(self, hana: Customer) -> None:
        czechs = SegmentFactory(
            organization=hana.organization, name="Czechs", definition=rules(rule("country", "=", "CZ"))
        )
        refreshed(czechs)
        one = why(hana, rule("segment", "in", [str(czechs.pk)]), rule("segment", "null"))
        assert [value for _, _, value in clauses(one)] == ["in “Czechs”", "in “Czechs”"]
        assert [met for _, met, _ in clauses(one)] == [True, False]


class TestRelatedRows:
    def test_it_says_how_many_match_how_many_meet_each_part_and_shows_the_first(self, hana: Customer) -> None:
        block = {
            "field": "transactions",
            "operator": "=",
            "match": {"mode": "atLeast", "threshold": 2},
            "value": rules(rule("amount", ">", "300.00"), rule("direction", "=", "credit")),
        }
        root = why(hana, block).root
        assert root
        clause = root.clauses[0]
        assert clause.words == "At least 2 of their transactions where all of these hold"
        assert (clause.holds, clause.value) == (True, "2 of 5")
        assert [each.value for each in clause.clauses] == ["2 of 5", "5 of 5"]
        assert clause.examples.heads == ("Booked on", "Amount", "Direction")
        first = [(row.is_met, row.cells[1]) for row in clause.examples.rows]
        assert {row for row in first if row[0]} == {(True, "500.00 EUR"), (True, "400.00 EUR")}
        assert (len(first), clause.examples.more) == (3, 2)

    def test_a_figure_says_what_it_came_to(self, hana: Customer) -> None:
        total = {
            "field": "transactions",
            "operator": ">",
            "value": "1500.00",
            "lhs": {"kind": "func", "fn": "sum", "args": [{"kind": "field", "field": "amount"}]},
        }
        mean = {**total, "lhs": {**total["lhs"], "fn": "avg"}}  # type: ignore[dict-item]  # a dict, as above
        found = why(hana, total, mean).root
        assert found
        assert [each.value for each in found.clauses] == ["1,500.00 EUR", "300.00 EUR"]
        assert found.clauses[1].note == "Over 5 of 5 rows. Sum 1,500.00 EUR of 5."

    def test_accounts_lead_to_their_pages(self, hana: Customer) -> None:
        block = {
            "field": "accounts",
            "operator": "=",
            "match": {"mode": "all"},
            "value": rules(rule("ledger_balance", ">=", "0.00")),
        }
        root = why(hana, block).root
        assert root
        names = {(row.name, row.is_met, row.cells) for row in root.clauses[0].examples.rows}
        assert names == {("EUR-1", True, ("0.00 EUR",)), ("CZK-1", False, ("0.00 CZK",))}

    def test_as_many_queries_for_thousands_of_rows_as_for_five(self, hana: Customer) -> None:
        block = {"field": "transactions", "operator": "=", "value": rules(rule("amount", ">", "300.00"))}
        segment = SegmentFactory(organization=hana.organization, definition=rules(block))
        numbers = []
        account = hana.organization.accounts.get(external_id="EUR-1")
        for more in (0, 2000):
            TransactionFactory.create_batch(min(more, 60), account=account, amount=Decimal(301))
            with CaptureQueriesContext(connection) as queries:
                explain(segment, hana, at=NOW, sight=CLEAR)
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]


class TestBilling:
    def test_what_stands_on_related_rows_and_what_is_overdue_is_said(self, hana: Customer) -> None:
        PaymentMethodFactory(customer=hana, type="card", is_default=True)
        InvoiceFactory(customer=hana, issued_on=date(2026, 9, 1), due_on=date(2026, 10, 1))
        overdue = {
            "field": "invoices",
            "operator": "=",
            "match": {"mode": "atLeast", "threshold": 2},
            "value": rules(rule("days_overdue", ">", 30)),
        }
        root = why(hana, rule("default_payment_method_type", "=", "card"), overdue).root
        assert root
        assert [(each.holds, each.value) for each in root.clauses] == [(True, "card"), (False, "1 of 1")]
        assert "52 days" in root.clauses[1].examples.rows[0].cells


class TestTone:
    def test_green_keeps_in_red_keeps_out_grey_decides_nothing(self, hana: Customer) -> None:
        either = rules(rule("country", "=", "CZ"), rule("country", "=", "DE"), combinator="or")
        never = rules(rule("kind", "=", "business"), combinator="or", **{"not": True})
        root = why(hana, either, never, rule("phone", "notNull")).root
        assert root
        assert root.tone == "out"
        assert [each.tone for each in root.clauses] == ["in", "in", "out"]
        assert [each.tone for each in root.clauses[0].clauses] == ["in", ""]
        assert [each.value for each in root.clauses[:2]] == ["1 of 2", "0 of 1"]
        assert root.clauses[1].words == "None of these"


def test_a_date_in_the_future_of_the_refresh_is_seen_by_its_local_day(hana: Customer) -> None:
    """Explained at another moment, relative dates count from that one."""
    block = {
        "field": "transactions",
        "operator": "=",
        "value": rules(
            rule(
                "booked_on", ">=", {"mode": "relative", "anchor": "startOfDay", "offset": -20, "unit": "day"}
            )
        ),
    }
    segment = SegmentFactory(organization=hana.organization, definition=rules(block))
    now = explain(segment, hana, at=NOW, sight=CLEAR)
    later = explain(segment, hana, at=NOW + timedelta(days=30), sight=CLEAR)
    assert (now.belongs, later.belongs) == (True, False)
