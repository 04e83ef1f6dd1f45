"""Rules that contradict each other, always hold or change nothing: found where they are, never where they are not."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.organizations.models import Organization
from segments import definition
from segments.sense.findings import Finding, find
from segments.sense.reasoning import Reasoner
from tests.factories import NOW, SegmentFactory
from tests.segments import definitions, worlds
from tests.segments.evaluator import members
from tests.segments.test_definition_property import named

pytestmark = pytest.mark.django_db


def rule(field: str, operator: str, value: Any = None, **meta: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value, **({"meta": meta} if meta else {})}


def group(*rules: Any, combinator: str = "and", negated: bool = False) -> dict[str, Any]:
    return {"combinator": combinator, "not": negated, "rules": list(rules)}


def block(field: str, mode: str, *rules: Any, **match: Any) -> dict[str, Any]:
    return {"field": field, "operator": "=", "match": {"mode": mode, **match}, "value": group(*rules)}


def ago(days: int, anchor: str = "startOfDay") -> dict[str, Any]:
    return {"mode": "relative", "anchor": anchor, "offset": -days, "unit": "day"}


def found(
    organization: Organization, *rules: Any, population: str = "customers", **how: Any
) -> list[Finding]:
    node = definition.parse(group(*rules, **how), population, organization)
    return find(node, Reasoner.of(node, organization, NOW))


def said(findings: list[Finding]) -> list[tuple[str, str, str | None]]:
    return [(one.kind, one.path, one.because) for one in findings]


BALANCE = "total_balance"
CZ, DE = rule("country", "=", "CZ"), rule("country", "=", "DE")
PAID = rule("status", "=", "paid")
EVERYONE = rule("all", "=", True)


@pytest.mark.parametrize(
    "pair",
    [
        (CZ, DE),
        (CZ, rule("country", "!=", "CZ")),
        (rule("country", "in", ["CZ", "DE"]), rule("country", "notIn", ["DE", "CZ", "AT"])),
        (CZ, rule("country", "null")),
        (rule(BALANCE, ">", "5.00"), rule(BALANCE, "<", "3.00")),
        (rule(BALANCE, ">", "5.00"), rule(BALANCE, "<", "5.00")),
        (rule(BALANCE, "between", ["1.00", "2.00"]), rule(BALANCE, ">", "2.00")),
        (rule("created_at", ">=", "2026-03-01"), rule("created_at", "<", "2026-03-01")),
        (rule("created_at", ">=", ago(30)), rule("created_at", "<", ago(90))),
        (rule("custom_data.birth", "beginsWith", "198"), rule("custom_data.birth", "beginsWith", "199")),
        (rule("name", "=", "Řiha"), rule("name", "contains", "Malá")),
        (rule("name", "contains", "ŘÍHA"), rule("name", "doesNotContain", "riha")),
        (rule("products", "contains", "Visa"), rule("products", "doesNotContain", "visa")),
        (rule("products", "null"), rule("products", "in", ["visa", "savings"])),
        (block("accounts", "atLeast", EVERYONE, threshold=2), block("accounts", "none", EVERYONE)),
        (block("invoices", "atMost", PAID, threshold=1), block("invoices", "atLeast", PAID, threshold=2)),
    ],
)
def test_two_rules_that_nobody_can_meet(nordbank: Organization, pair: Any) -> None:
    first, second = pair
    assert said(found(nordbank, first, second)) == [("impossible", "/rules/1", "/rules/0")]
    assert said(found(nordbank, second, first)) == [("impossible", "/rules/1", "/rules/0")]


@pytest.mark.parametrize(
    "rules",
    [
        (CZ, rule("external_id", "=", "DE")),
        (rule(BALANCE, ">", "5.00"), rule(BALANCE, "<", "5.01")),
        (rule(BALANCE, ">", "5.00", currency="EUR"), rule(BALANCE, "<", "3.00", currency="CZK")),
        (rule("custom_data.a", "contains", "a"), rule("custom_data.a", "doesNotContain", "ab")),
        (rule("custom_data.a", "beginsWith", "a"), rule("custom_data.a", "endsWith", "b")),
        (rule("products", "contains", "visa"), rule("products", "contains", "savings")),
        (rule("segment", "null"), CZ),
        (
            block("accounts", "some", rule("type", "=", "a")),
            block("accounts", "some", rule("type", "=", "b")),
        ),
        (
            block("accounts", "some", rule("blocked", "=", True)),
            block("accounts", "none", rule("type", "=", "b")),
        ),
        (EVERYONE,),
    ],
)
def test_rules_that_can_be_met_and_decide_something_are_left_alone(
    nordbank: Organization, rules: Any
) -> None:
    assert found(nordbank, *rules) == []


def test_a_rule_alone_that_nobody_can_meet(nordbank: Organization) -> None:
    late = block("accounts", "some", rule("overdrawn_days", ">", 40, days=30))
    assert said(found(nordbank, CZ, late)) == [("impossible", "/rules/1/value/rules/0", None)]


def test_conditions_that_no_row_can_meet_are_named_inside_their_block(nordbank: Organization) -> None:
    impossible = block("transactions", "some", rule("amount", ">", "5.00"), rule("amount", "<", "3.00"))
    (one,) = found(nordbank, CZ, impossible)
    assert (one.kind, one.path, one.because) == (
        "impossible",
        "/rules/1/value/rules/1",
        "/rules/1/value/rules/0",
    )
    assert one.is_of_rows
    assert said(found(nordbank, CZ, {**impossible, "match": {"mode": "none"}})) == [
        ("always", "/rules/1", None)
    ]


def test_what_holds_of_everybody(nordbank: Organization) -> None:
    not_cz = rule("country", "!=", "CZ")
    assert said(found(nordbank, CZ, not_cz, combinator="or")) == [("always", "", None)]
    assert said(found(nordbank, DE, group(CZ, not_cz, combinator="or"))) == [("always", "/rules/1", None)]
    assert said(found(nordbank, CZ, EVERYONE)) == [("always", "/rules/1", None)]
    assert said(found(nordbank, CZ, group(EVERYONE, DE, combinator="or"))) == [("always", "/rules/1", None)]


def test_what_changes_nothing_beside_the_others(nordbank: Organization) -> None:
    wide, narrow = rule(BALANCE, ">", "3.00"), rule(BALANCE, ">", "5.00")
    assert said(found(nordbank, wide, narrow)) == [("needless", "/rules/0", "/rules/1")]
    assert said(found(nordbank, narrow, wide)) == [("needless", "/rules/1", "/rules/0")]
    assert said(found(nordbank, CZ, CZ)) == [("needless", "/rules/1", "/rules/0")]
    assert said(found(nordbank, wide, narrow, combinator="or")) == [("needless", "/rules/1", "/rules/0")]
    removed = group(DE, rule("kind", "=", "person"), combinator="or", negated=True)
    assert said(found(nordbank, CZ, removed)) == [("needless", "/rules/1/rules/0", "/rules/0")]


def test_none_of_may_remove_everybody(nordbank: Organization) -> None:
    both = group(CZ, rule("kind", "=", "person"), combinator="or", negated=True)
    (one,) = found(nordbank, CZ, both)
    assert (one.kind, one.path) == ("impossible", "/rules/1")


def test_one_way_of_several_that_can_t_be_gone(nordbank: Organization) -> None:
    ways = group(DE, rule("kind", "=", "person"), combinator="or")
    assert said(found(nordbank, CZ, ways)) == [("impossible", "/rules/1/rules/0", "/rules/0")]


def test_segments_that_somebody_is_in_and_not_in(nordbank: Organization) -> None:
    one, other = (str(SegmentFactory(organization=nordbank).pk) for _ in range(2))
    inside = rule("segment", "in", [one, other])
    assert said(found(nordbank, inside, rule("segment", "notIn", [other, one]))) == [
        ("impossible", "/rules/1", "/rules/0")
    ]
    assert found(nordbank, inside, rule("segment", "notIn", [other])) == []


def test_a_definition_beyond_its_steps_is_left_alone(nordbank: Organization) -> None:
    node = definition.parse(group(CZ, DE), "customers", nordbank)
    reasoner = Reasoner.of(node, nordbank, NOW)
    reasoner.steps = 0
    assert find(node, reasoner) == []


@pytest.fixture(params=range(4))
def world(request: pytest.FixtureRequest) -> Any:
    return worlds.make(request.param)


SEVERAL = st.lists(definitions.CUSTOMERS, min_size=1, max_size=4).map(lambda rules: group(*rules))


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)
@given(data=SEVERAL)
def test_what_is_shown_of_rules_is_so_of_every_bank(world: Any, data: dict[str, Any]) -> None:
    """Whoever the customers are: nobody meets what can't hold, everybody what always does."""
    organization, plain, segments = world
    node = definition.parse(named(data, segments), "customers", organization)
    reasoner = Reasoner.of(node, organization, worlds.AT)
    meeting = members(plain, "customers", data)
    assert reasoner.can_hold((node, True)) or not meeting
    assert reasoner.can_hold((node, False)) or meeting == set(plain.people)
    for n, child in enumerate(node.rules):
        assert reasoner.can_hold((child, True)) or not members(plain, "customers", group(data["rules"][n]))
