"""A figure that several rules test is computed once; one that a single rule tests is selected where it is asked."""

from typing import Any

import pytest
from django.db import connection

from segments import definition
from tests.factories import NOW, OrganizationFactory

pytestmark = pytest.mark.django_db


def plan(*rules: dict[str, Any]) -> str:
    organization = OrganizationFactory()
    node = definition.parse({"combinator": "or", "rules": list(rules)}, "customers", organization)
    ids = definition.ids(node, organization, NOW)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {ids.sql}", ids.params)
        return "\n".join(line for (line,) in cursor.fetchall())


def total(operator: str, value: str) -> dict[str, Any]:
    return {"field": "total_balance", "operator": operator, "value": value}


def test_two_rules_on_one_total_add_it_up_once() -> None:
    both = plan(total(">", "1000.00"), total("<", "-50.00"))
    assert both.count("on balances_balance") == 1
    assert both.count("CTE Scan on figures_0") == 2


def test_totals_in_two_currencies_are_two_figures() -> None:
    other = total("<", "-50.00") | {"meta": {"currency": "USD"}}
    assert plan(total(">", "1000.00"), other).count("on balances_balance") == 2


def test_one_rule_has_nothing_beside_it() -> None:
    assert "CTE" not in plan(total(">", "1000.00"))
