"""Rules that look into what their author sees masked: refused, wherever they stand, and counted nowhere."""

from typing import Any

import pytest
from django.utils import timezone

from console.customers.masking import CLEAR, MASKED
from console.organizations.models import Organization, Staff
from segments import definition
from segments.definition import personal
from segments.models import Draft
from tests.conftest import signed_in
from tests.factories import CustomerFactory
from tests.segments.pages import Builder


def rule(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


def every(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(rules)}


@pytest.mark.parametrize("operator", ["beginsWith", "contains", "endsWith", "doesNotContain"])
@pytest.mark.parametrize("field", ["name", "email", "phone", "custom_data.anything"])
def test_parts_of_names_are_for_who_sees_them(field: str, operator: str, nordbank: Organization) -> None:
    tree = every(rule("country", "=", "CZ"), {"combinator": "or", "rules": [rule(field, operator, "ja")]})
    node = definition.parse(tree, "customers", nordbank)
    assert [fault.path for fault in personal.faults(node, MASKED)] == ["/rules/1/rules/0/value"]
    assert personal.faults(node, CLEAR) == []


def test_holders_of_accounts_are_no_way_around(nordbank: Organization) -> None:
    tree = every({"field": "holders", "operator": "=", "value": every(rule("name", "beginsWith", "j"))})
    assert personal.faults(definition.parse(tree, "accounts", nordbank), MASKED)


@pytest.mark.parametrize(("part", "is_told"), [("19", True), ("@m", True), ("rent", False)])
@pytest.mark.parametrize("field", ["counterparty", "description"])
def test_no_digits_are_looked_for_in_bookings(
    field: str, part: str, is_told: bool, nordbank: Organization
) -> None:
    """Else “contains 1”, “contains 19”, “contains 192” would count an account number together."""
    booked = {"field": "transactions", "operator": "=", "value": every(rule(field, "contains", part))}
    node = definition.parse(every(booked), "accounts", nordbank)
    assert bool(personal.faults(node, MASKED)) is is_told
    assert personal.faults(node, CLEAR) == []


def test_whole_names_and_other_fields_stay(nordbank: Organization) -> None:
    tree = every(
        rule("email", "=", "jana@mail.example"),
        rule("phone", "null", None),
        rule("external_id", "beginsWith", "C"),
    )
    assert personal.faults(definition.parse(tree, "customers", nordbank), MASKED) == []


def draft_of(staff: Staff, tree: dict[str, Any]) -> Draft:
    return Draft.objects.create(
        organization=staff.organization, staff=staff, name="Spelling", definition=tree, kept_at=timezone.now()
    )


def test_the_builder_counts_no_letters(nordbank: Organization, bob: Staff, alice: Staff) -> None:
    """An analyst who could count “begins with j” beside one external id would have the name in an hour."""
    CustomerFactory(organization=nordbank, external_id="C-1", name="Jana Nováková")
    tree = every(rule("external_id", "=", "C-1"), rule("name", "beginsWith", "jan"))
    for staff, is_told in ((bob, True), (alice, False)):
        draft = draft_of(staff, tree)
        builder = Builder(signed_in(staff), nordbank.url("segments:draft_edit", draft.pk))
        assert ("masked, so a rule can name it whole only" in builder.response.content.decode()) is is_told
        builder.press("save")
        assert nordbank.segments.filter(name="Spelling").exists() is not is_told
