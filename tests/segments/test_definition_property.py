"""Whatever the definition, the compiled query and a plain evaluation of the same rows find the same members."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from segments import definition
from tests.segments import definitions, worlds
from tests.segments.evaluator import members

CASES = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@pytest.fixture(params=range(8))
def world(request: pytest.FixtureRequest, db: None) -> Any:
    return worlds.make(request.param)


def found(world: Any, population: str, data: dict[str, Any]) -> set[str]:
    organization, _, segments = world
    node = definition.parse(named(data, segments), population, organization)
    people = organization.customers if population == "customers" else organization.accounts
    names = dict(people.values_list("pk", "external_id"))
    members = definition.ids(node, organization, worlds.AT).draw(len(names) + 1)
    assert len(members) == len(set(members))
    return {names[pk] for pk in members}


def named(data: Any, segments: dict[str, str]) -> Any:
    """The definition with the segments' ids in place of their names."""
    if isinstance(data, dict):
        ids = data.get("field") in ("segment", "assigned_segment") and data.get("value")
        return {
            k: [segments[v] for v in ids] if k == "value" and ids else named(v, segments)
            for k, v in data.items()
        }
    return [named(each, segments) for each in data] if isinstance(data, list) else data


@settings(CASES, max_examples=200)
@given(data=definitions.CUSTOMERS)
def test_customers_are_those_of_the_plain_evaluation(world: Any, data: dict[str, Any]) -> None:
    assert found(world, "customers", data) == members(world[1], "customers", data)


@settings(CASES, max_examples=120)
@given(data=definitions.ACCOUNTS)
def test_accounts_are_those_of_the_plain_evaluation(world: Any, data: dict[str, Any]) -> None:
    assert found(world, "accounts", data) == members(world[1], "accounts", data)


@settings(CASES, max_examples=60)
@given(data=definitions.TIMED)
def test_hours_and_minutes_count_to_the_moment_and_days_whole(world: Any, data: dict[str, Any]) -> None:
    assert found(world, "customers", data) == members(world[1], "customers", data)


@settings(CASES, max_examples=60)
@given(data=definitions.CUSTOMERS)
def test_not_finds_exactly_the_others(world: Any, data: dict[str, Any]) -> None:
    everyone = set(world[1].people)
    opposite = {"combinator": "and", "not": True, "rules": [data]}
    assert found(world, "customers", opposite) == everyone - found(world, "customers", data)
