"""Whatever the definition and whoever is asked about, the tree's outermost tick is what the refresh would decide."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.customers.masking import CLEAR
from segments import definition
from segments.definition.near import Near
from segments.explaining.clauses import Clause, Explainer
from tests.segments import definitions, worlds
from tests.segments.evaluator import holds
from tests.segments.test_definition_property import found, named

CASES = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
SEEDS = st.integers(min_value=0, max_value=10**6)


@pytest.fixture(params=range(4))
def world(request: pytest.FixtureRequest, db: None) -> Any:
    return worlds.make(request.param)


def explained(world: Any, population: str, data: dict[str, Any], key: str) -> tuple[Clause, bool]:
    """The tree for the one called `key`, and what the whole definition says of it."""
    organization, _, segments = world
    node = definition.parse(named(data, segments), population, organization)
    people = organization.customers if population == "customers" else organization.accounts
    member = people.get(external_id=key)
    near = Near.one(organization, population, member.pk)
    compiler = definition.Compiler.of(node, organization, worlds.AT, near=near)
    return Explainer(compiler, {}, CLEAR, []).whole(node, is_marketing=False)


def agree(world: Any, population: str, data: dict[str, Any], seed: int) -> None:
    """For one picked at random, the tree, the narrowed query, the full query and the plain evaluation are one."""
    rows = world[1].people if population == "customers" else world[1].accounts
    key = Random(seed).choice(list(rows))
    root, belongs = explained(world, population, data, key)
    assert root.holds == belongs == (key in found(world, population, data))
    for clause in root.walk():
        if clause.holds is not None:
            assert clause.holds == holds(world[1], population, rows[key], at(data, clause.path))


def at(data: Any, path: str) -> Any:
    """The part of a definition at a JSON pointer."""
    for step in path.split("/")[1:]:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


@settings(CASES, max_examples=150)
@given(data=definitions.CUSTOMERS, seed=SEEDS)
def test_the_tree_of_a_customer_says_what_the_query_says(world: Any, data: dict[str, Any], seed: int) -> None:
    agree(world, "customers", data, seed)


@settings(CASES, max_examples=100)
@given(data=definitions.ACCOUNTS, seed=SEEDS)
def test_the_tree_of_an_account_says_what_the_query_says(world: Any, data: dict[str, Any], seed: int) -> None:
    agree(world, "accounts", data, seed)
