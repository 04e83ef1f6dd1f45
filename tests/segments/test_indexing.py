"""An attribute that is filtered often gets an index that the compiled rules use, and loses it when it no longer is."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from console.customers.models import Attribute
from console.organizations import scope
from console.organizations.models import Organization
from segments import definition, indexing
from tests.factories import NOW, CustomerFactory, OrganizationFactory

pytestmark = pytest.mark.django_db(transaction=True)
RULES = {
    "text": ("tier", "=", "gold"),
    "date": ("born_on", "<", "1980-01-01"),
}


def plan(organization: Organization, key: str, operator: str, value: Any) -> str:
    """How PostgreSQL would find customers by a rule on the attribute, where reading all is not to be thought of."""
    rules = [{"field": f"custom_data.{key}", "operator": operator, "value": value}]
    node = definition.parse({"combinator": "and", "rules": rules}, "customers", organization)
    ids = definition.ids(node, organization, NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(f"EXPLAIN {ids.sql}", ids.params)
        text = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    return text


def run() -> dict[str, list[str]]:
    out = io.StringIO()
    call_command("index_attributes", "--json", stdout=out)
    found: dict[str, list[str]] = json.loads(out.getvalue())
    return found


@pytest.fixture
def bank() -> Any:
    made = OrganizationFactory()
    few = {"tier": "Gold", "born_on": "1961-02-03"}
    most = {"tier": "silver", "born_on": "1985-02-03"}
    for n in range(400):
        CustomerFactory(organization=made, custom_data=most if n % 40 else few)
    yield made
    Attribute.objects.all().delete()
    run()


@pytest.mark.parametrize("type", RULES)
def test_rules_use_the_index_and_it_goes_when_it_is_not_wanted(bank: Organization, type: str) -> None:
    key, operator, value = RULES[type]
    often = bank.attributes.create(entity="customers", key=key, type=type, is_filtered_often=True)
    made = run()["made"]
    assert made == [f"attribute_often_{often.pk}_{type}"]
    assert run() == {"made": [], "dropped": []}
    with scope.nobody(), connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")
    with scope.inside(bank):
        assert made[0] in plan(bank, key, operator, value)
    Attribute.objects.filter(pk=often.pk).update(is_filtered_often=False)
    assert run() == {"made": [], "dropped": made}


def test_an_index_that_was_left_half_made_is_made_anew(bank: Organization) -> None:
    bank.attributes.create(entity="customers", key="tier", type="text", is_filtered_often=True)
    (name,) = [index.name for index in indexing.wanted()]
    twice = f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON customers_customer (organization_id)"
    with scope.nobody(), connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute(twice)
    assert run() == {"made": [name], "dropped": []}


@pytest.mark.parametrize("entity", Attribute.Entity.values)
def test_every_kind_of_record_and_type_can_be_indexed(bank: Organization, entity: str) -> None:
    for type in Attribute.Type.values:
        bank.attributes.create(entity=entity, key=f"a.{type}'s", type=type, is_filtered_often=True)
    assert len(run()["made"]) == len(Attribute.Type.values)
    assert len(indexing.wanted()) == len(Attribute.Type.values)
