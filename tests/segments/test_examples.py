"""Each field of the catalogue says how a value of it looks, in a way that the field itself accepts."""

import pytest
from django.test import Client

from console.customers.models import Attribute
from console.organizations.models import Organization, Staff
from segments import catalog
from segments.builder.values import typed
from segments.catalog.field import USUAL, Field
from segments.definition import values
from tests.conftest import signed_in
from tests.factories import NOW

EVERY = [
    pytest.param(scope.name, field, id=f"{scope.name}.{field.key}")
    for scope in catalog.SCOPES.values()
    for field in scope.fields.values()
    if field.type != "related"
]
BARE = ("null", "notNull")


def accepted(field: Field) -> None:
    """Every test that the field allows takes its example. Raises UnusableValue."""
    said = {"all": True}.get(field.type, typed(field.example, field.type))
    for operator in (each for each in field.operators if each not in BARE):
        several = [said, said] if operator in ("between", "notBetween", "in", "notIn") else said
        values.parse(field, operator, several)


@pytest.mark.parametrize(("scope", "field"), EVERY)
def test_a_field_has_an_example_that_its_own_parser_accepts(scope: str, field: Field) -> None:
    assert field.example
    accepted(field)
    if field.type in ("text", "list"):
        assert field.example != USUAL[field.type], f"{scope}.{field.key} says what it looks like itself"


@pytest.mark.django_db
@pytest.mark.parametrize("type", Attribute.Type.values)
def test_a_declared_attribute_has_one_by_its_type(nordbank: Organization, type: str) -> None:
    nordbank.attributes.create(entity="customers", key="thing", type=type)
    field = catalog.fields(nordbank, "customers")["custom_data.thing"]
    assert field.example
    accepted(field)


@pytest.mark.django_db
def test_the_builder_shows_it_where_a_value_is_typed(nordbank: Organization, alice: Staff) -> None:
    client: Client = signed_in(alice)
    rules = {
        "combinator": "and",
        "rules": [
            {"field": "country", "operator": "=", "value": ""},
            {"field": "total_balance", "operator": ">", "value": ""},
        ],
    }
    draft = nordbank.segment_drafts.create(staff=alice, name="New", definition=rules, kept_at=NOW)
    page = client.get(nordbank.url("segments:draft_edit", draft.pk)).content.decode()
    assert 'placeholder="such as CZ"' in page
    assert 'placeholder="1,000.00"' in page
