"""Anything that is not exactly a definition is refused, at its place, with words that say how to mend it."""

from typing import Any
from uuid import uuid4

import pytest

from console.customers.models import Attribute
from console.organizations.models import Organization
from segments import definition
from segments.definition import DefinitionFaults
from tests.factories import NOW, CustomerFactory, SegmentFactory


def rule(field: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value, **more}


def group(*rules: Any, **more: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(rules), **more}


def nested(levels: int) -> dict[str, Any]:
    inner = group(rule("name", "=", "x"))
    for _ in range(levels - 1):
        inner = group(inner)
    return inner


SUM = {"kind": "func", "fn": "sum", "args": [{"kind": "field", "field": "amount"}]}
SOME = group(rule("all", "=", True))

FAULTY: dict[str, tuple[Any, str, str]] = {
    "nothing": ({}, "/rules", "never means “everyone”"),
    "not an object": ([], "", "A group of rules must stand here"),
    "null": (None, "", "A group of rules must stand here"),
    "empty group": (group(group()), "/rules/0/rules", "empty group never means “everyone”"),
    "no combinator": ({"rules": [rule("name", "=", "x")]}, "/combinator", "“and” or “or”"),
    "xor": ({"combinator": "xor", "rules": [rule("name", "=", "x")]}, "/combinator", "“and” or “or”"),
    "not as text": (group(rule("name", "=", "x"), **{"not": "yes"}), "/not", "true or false"),
    "newer version": (group(rule("name", "=", "x"), schema_version=2), "/schema_version", "version 1"),
    "unknown key": (group(rule("name", "=", "x"), limit=5), "/limit", "not part of the format"),
    "unknown rule key": (group(rule("name", "=", "x", sql="1=1")), "/rules/0/sql", "not part of the format"),
    "combinator as rule": (group("and"), "/rules/0", "A rule or a group must stand here"),
    "unknown field": (group(rule("loyalty", "=", "x")), "/rules/0/field", "not a field of customers"),
    "field of elsewhere": (group(rule("amount", "=", "1")), "/rules/0/field", "not a field of customers"),
    "lookup in a field": (group(rule("name__contains", "=", "x")), "/rules/0/field", "not a field"),
    "no path": (group(rule("custom_data.", "=", "x")), "/rules/0/field", "not a field"),
    "empty step": (group(rule("custom_data.a..b", "=", "x")), "/rules/0/field", "not a field"),
    "field as list": (group(rule(["name"], "=", "x")), "/rules/0/field", "not a field"),  # type: ignore[arg-type]  # the fault that is meant
    "unknown test": (group(rule("name", "like", "x")), "/rules/0/operator", "can't be tested"),
    "test of another type": (group(rule("name", ">", "x")), "/rules/0/operator", "can't be tested"),
    "blank": (group(rule("name", "=", " ")), "/rules/0/value", "A blank value never means “everyone”"),
    "missing value": (group({"field": "name", "operator": "="}), "/rules/0/value", "Write a text"),
    "number for text": (group(rule("name", "=", 5)), "/rules/0/value", "Write a text"),
    "NUL": (group(rule("name", "=", "a\0b")), "/rules/0/value", "NUL"),
    "blank list": (group(rule("country", "in", [])), "/rules/0/value", "blank list never means"),
    "text for a list": (group(rule("country", "in", "DE")), "/rules/0/value", "at least one value"),
    "list for a text": (group(rule("country", "=", ["DE"])), "/rules/0/value", "one value here"),
    "blank in a list": (group(rule("country", "in", ["DE", ""])), "/rules/0/value/1", "blank value"),
    "unknown choice": (group(rule("kind", "=", "robot")), "/rules/0/value", "person, business"),
    "money as float": (group(rule("total_balance", "<", 10.5)), "/rules/0/value", '"10.50"'),
    "money as words": (group(rule("total_balance", "<", "1.000,0")), "/rules/0/value", "such as 1000.00"),
    "not a number": (group(rule("total_balance", "<", "NaN")), "/rules/0/value", "an amount"),
    "beyond any number": (group(rule("total_balance", "<", "1e999999999")), "/rules/0/value", "too large"),
    "below any number": (group(rule("total_balance", "<", "1e-400000")), "/rules/0/value", "too long"),
    "half a character": (group(rule("name", "=", "a\ud800")), "/rules/0/value", "half a character"),
    "NUL in a path": (group(rule("custom_data.a\0b", "=", "x")), "/rules/0/field", "NUL"),
    "NUL in a currency": (
        group(rule("total_balance", "<", "1", meta={"currency": "EU\0"})),
        "/rules/0/meta/currency",
        "NUL",
    ),
    "end of time": (group(rule("created_at", "<=", "9999-12-31")), "/rules/0/value", "from 1800-01-01"),
    "beginning of time": (group(rule("created_at", ">=", "0001-01-01")), "/rules/0/value", "to 2999-12-31"),
    "true as money": (group(rule("total_balance", "<", True)), "/rules/0/value", "an amount"),
    "currency in words": (
        group(rule("total_balance", "<", "1", meta={"currency": "euro"})),
        "/rules/0/meta/currency",
        "capital letters",
    ),
    "currency of a name": (
        group(rule("name", "=", "x", meta={"currency": "EUR"})),
        "/rules/0/meta/currency",
        "amounts only",
    ),
    "one end": (group(rule("total_balance", "between", ["1"])), "/rules/0/value", "two values"),
    "ends swapped": (group(rule("total_balance", "between", ["2", "1"])), "/rules/0/value", "Swap them"),
    "no such day": (
        group(rule("custom_data.born", "<", "2026-02-30")),
        "/rules/0/value",
        "such as 2026-11-22",
    ),
    "day and time": (
        group(rule("custom_data.born", "<", "2026-02-03T10:00")),
        "/rules/0/value",
        "such as 2026-11-22",
    ),
    "blank offset": (
        group(rule("created_at", "<", {"mode": "relative", "anchor": "now", "unit": "day"})),
        "/rules/0/value",
        "Enter a number of days",
    ),
    "unknown anchor": (
        group(
            rule("created_at", "<", {"mode": "relative", "anchor": "endOfDay", "offset": 1, "unit": "day"})
        ),
        "/rules/0/value",
        "count from",
    ),
    "centuries": (
        group(rule("created_at", "<", {"mode": "relative", "anchor": "now", "offset": -900, "unit": "year"})),
        "/rules/0/value",
        "200 years",
    ),
    "everyone but not": (group(rule("all", "=", False)), "/rules/0/value", "true only"),
    "rows without conditions": (group(rule("transactions", "=", None)), "/rules/0/value", "A group of rules"),
    "unknown mode": (
        group(rule("transactions", "=", SOME, match={"mode": "most"})),
        "/rules/0/match",
        "how many",
    ),
    "no number": (
        group(rule("transactions", "=", SOME, match={"mode": "atLeast"})),
        "/rules/0/match/threshold",
        "Enter",
    ),
    "number too many": (
        group(rule("transactions", "=", SOME, match={"mode": "some", "threshold": 2})),
        "/rules/0/match/threshold",
        "takes no number",
    ),
    "match on a fact": (group(rule("name", "=", "x", match={"mode": "some"})), "/rules/0/match", "no rows"),
    "figure of a fact": (group(rule("name", "=", "1", lhs=SUM)), "/rules/0/lhs", "no rows"),
    "unknown figure": (
        group(rule("transactions", "=", "1", lhs={**SUM, "fn": "median"})),
        "/rules/0/lhs",
        "sum, count",
    ),
    "sum of words": (
        group(rule("transactions", "=", "1", lhs={**SUM, "args": [{"kind": "field", "field": "purpose"}]})),
        "/rules/0/lhs/args/0/field",
        "has no sum",
    ),
    "no window": (
        group(rule("accounts", "=", group(rule("overdrawn_days", ">", 3)))),
        "/rules/0/value/rules/0/meta/days",
        "from 1 to 3,650",
    ),
    "too deep": (nested(7), "/rules/0/rules/0/rules/0/rules/0/rules/0/rules/0", "6 levels deep"),
    "too many": (group(*[rule("name", "=", "x")] * 201), "/rules/200", "200 rules at most"),
    "no segment": (group(rule("segment", "in", [str(uuid4())])), "/rules/0/value", "There is no segment"),
    "segment in words": (
        group(rule("segment", "in", ["VIP"])),
        "/rules/0/value/0",
        "There is no segment “VIP” here",
    ),
}


@pytest.fixture
def bank(nordbank: Organization) -> Organization:
    Attribute.objects.create(organization=nordbank, entity="customers", key="born", type="date")
    return nordbank


@pytest.mark.parametrize("name", FAULTY)
def test_refused_with_place_and_remedy(bank: Organization, name: str) -> None:
    data, path, words = FAULTY[name]
    with pytest.raises(DefinitionFaults) as caught:
        definition.parse(data, "customers", bank)
    assert any(fault.path == path and words in fault.message for fault in caught.value.faults), (
        caught.value.faults
    )


def test_every_fault_is_told_at_once(bank: Organization) -> None:
    with pytest.raises(DefinitionFaults) as caught:
        definition.parse(group(rule("nme", "=", "x"), rule("country", "in", [])), "customers", bank)
    assert [fault.path for fault in caught.value.faults] == ["/rules/0/field", "/rules/1/value"]


def test_six_levels_and_two_hundred_rules_are_fine(bank: Organization) -> None:
    definition.parse(nested(6), "customers", bank)
    definition.parse(group(*[rule("name", "=", "x")] * 200), "customers", bank)


def test_ids_and_paths_of_the_builder_are_ignored(bank: Organization) -> None:
    definition.parse(group(rule("name", "=", "x", id="r1", path=[0]), id="root", path=[]), "customers", bank)


def test_a_segment_of_another_bank_does_not_exist(bank: Organization) -> None:
    foreign = SegmentFactory(organization__slug="southbank")
    with pytest.raises(DefinitionFaults, match="There is no segment"):
        definition.parse(group(rule("segment", "in", [str(foreign.pk)])), "customers", bank)


def test_a_segment_of_accounts_is_no_test_of_customers(bank: Organization) -> None:
    accounts = SegmentFactory(organization=bank, population="accounts")
    with pytest.raises(DefinitionFaults, match="holds accounts; here customers are asked for"):
        definition.parse(group(rule("segment", "in", [str(accounts.pk)])), "customers", bank)


def test_what_people_type_stays_a_value(bank: Organization) -> None:
    """Quotes, percent signs and SQL in values and paths find what they say, and nothing else."""
    odd = "x' OR '1'='1'; -- %s {0}"
    CustomerFactory(organization=bank, name=odd, custom_data={odd: "yes"})
    CustomerFactory(organization=bank, name="plain")
    for data in (
        rule("name", "=", odd),
        rule("name", "contains", "%s {0}"),
        rule(f"custom_data.{odd}", "=", "YES"),
    ):
        node = definition.parse(group(data), "customers", bank)
        assert [bank.customers.get(pk=pk).name for pk in definition.ids(node, bank, NOW).draw(2)] == [odd]


def test_the_read_back_says_what_the_tree_says(bank: Organization) -> None:
    where = group(
        rule("direction", "=", "credit"),
        rule("booked_on", ">=", {"mode": "relative", "anchor": "startOfDay", "offset": -90, "unit": "day"}),
    )
    data = group(
        rule("country", "in", ["DE", "AT"]),
        rule("products", "doesNotContain", "overdraft_protection"),
        rule("transactions", ">", "1000.00", lhs=SUM, meta={"where": where}),
    )
    assert definition.read_back(definition.parse(data, "customers", bank)) == (
        "Customers where country is DE or AT, products held do not include overdraft_protection (or nothing is"
        " recorded), and the sum of amount of transactions with (direction is credit and booked on or after 90"
        " days ago) is over 1,000.00 EUR."
    )
    assert definition.read_back(definition.parse(SOME, "customers", bank)) == "Every customer."


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (rule("status", "in", ["approved", "partially_paid"]), "status is approved or partially paid"),
        (rule("due_on", "<", "2026-11-01"), "due before 1 November 2026"),
        (
            rule("due_on", "notBetween", ["2026-11-01", "2026-11-05"]),
            "not due between 1 November 2026 and 5 November 2026 (or nothing is recorded)",
        ),
        (rule("due_on", "null", None), "due on is not recorded"),
    ],
)
def test_a_value_and_a_day_are_said_as_people_say_them(
    bank: Organization, one: dict[str, Any], said: str
) -> None:
    for match, head in (
        ({"mode": "some"}, "at least one of their invoices meets"),
        ({"mode": "atLeast", "threshold": 2}, "at least 2 of their invoices meet"),
    ):
        invoices = {"field": "invoices", "operator": "=", "match": match, "value": group(one)}
        parsed = definition.parse(group(invoices), "customers", bank)
        assert definition.read_back(parsed) == f"Customers where {head} ({said})."
