"""A definition asked of a sample finds those of the sample who meet it, whatever the definition."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from segments import definition
from segments.builder.sampling import NEAR, Sample, fewer
from tests.segments import definitions, worlds
from tests.segments.evaluator import members
from tests.segments.test_definition_property import named

CASES = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@pytest.fixture(params=range(2))
def world(request: pytest.FixtureRequest, db: None) -> Any:
    return worlds.make(request.param)


def agree(world: Any, population: str, data: dict[str, Any]) -> None:
    """The sample's answer is that of the plain evaluation, asked of those in the sample one by one."""
    organization, _, segments = world
    node = definition.parse(named(data, segments), population, organization)
    people: Any = organization.customers if population == "customers" else organization.accounts
    sample = Sample(fewer(people.all(), 2), 2, population)
    sample.gather()
    ids = definition.ids(node, organization, worlds.AT, near=NEAR)
    drawn = ids.draw(people.count() + 1)
    looked_at = dict(sample.people.values_list("pk", "external_id"))
    assert {looked_at[pk] for pk in drawn} == members(world[1], population, data) & set(looked_at.values())
    assert ids.count() == len(drawn) == len(set(drawn))


@settings(CASES, max_examples=60)
@given(data=definitions.CUSTOMERS)
def test_customers_of_a_sample(world: Any, data: dict[str, Any]) -> None:
    agree(world, "customers", data)


@settings(CASES, max_examples=40)
@given(data=definitions.ACCOUNTS)
def test_accounts_of_a_sample(world: Any, data: dict[str, Any]) -> None:
    agree(world, "accounts", data)


def test_the_sample_is_some_and_not_all(world: Any) -> None:
    people = world[0].customers.all()
    assert 0 < fewer(people, 2).count() < people.count()
