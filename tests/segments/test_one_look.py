"""The numbers of the funnel with one look: those that counting each by itself gives, estimates where there are many."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from console.organizations.models import Organization, Staff
from segments.builder import estimating, funnel, one_look
from segments.builder.counting import Counter, TooSlow
from segments.builder.sampling import Estimate, Sample, fewer
from tests.factories import CustomerFactory, SegmentFactory
from tests.segments import definitions, worlds
from tests.segments.test_builder_counting import at, numbers_of, preview
from tests.segments.test_definition_property import named
from tests.segments.test_estimates import sampled_ids

CASES = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@pytest.fixture(params=range(2))
def world(request: pytest.FixtureRequest, db: None) -> Any:
    return worlds.make(request.param)


def agree(world: Any, population: str, data: dict[str, Any]) -> None:
    organization, _, segments = world
    steps = funnel.steps(named(data, segments))
    counter, other = (Counter(organization, population, False, worlds.AT, budget=60.0) for _ in range(2))
    said = one_look.look(steps, counter)
    for step in steps:
        by_itself = other.count(step.more).n - (other.count(step.less).n if step.less else 0)
        assert said[step.path] == by_itself, step.path


@settings(CASES, max_examples=40)
@given(data=definitions.CUSTOMERS)
def test_one_look_at_customers_says_what_many_counts_say(world: Any, data: dict[str, Any]) -> None:
    agree(world, "customers", data)


@settings(CASES, max_examples=40)
@given(data=definitions.ACCOUNTS)
def test_one_look_at_accounts_says_what_many_counts_say(world: Any, data: dict[str, Any]) -> None:
    agree(world, "accounts", data)


SIXTY = [{"field": "name", "operator": "!=", "value": f"N{n}"} for n in range(60)]


@pytest.mark.django_db
class TestFunnel:
    @pytest.fixture
    def builder(self, bob: Staff, nordbank: Organization) -> Any:
        """Sixty rules of a bank with four customers in the sample and one beside it."""
        for id in [*sampled_ids(4), *sampled_ids(1, is_sampled=False)]:
            CustomerFactory(organization=nordbank, country="CZ", id=id)
        return at(bob, SegmentFactory(organization=nordbank, definition=group(*SIXTY)))

    @pytest.fixture
    def large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(estimating, "FEW", 1)

    def test_sixty_rules_are_counted_by_one_query(self, builder: Any, nordbank: Organization) -> None:
        with CaptureQueriesContext(connection) as queries:
            text = preview(builder, nordbank, "funnel")
        assert numbers_of(text)[1] == [("leaves", "5")] * 60
        looked = [query for query in queries if "customers_customer" in query["sql"]]
        assert len(looked) == 2, "everyone, and the look"

    def test_of_many_members_each_number_is_marked(
        self, builder: Any, nordbank: Organization, large: None
    ) -> None:
        text = preview(builder, nordbank, "funnel")
        assert text.count('<b class="estimate">≈ 260</b>') == 60
        assert "Count each rule exactly" in text

    def test_where_asked_each_is_exact(self, builder: Any, nordbank: Organization, large: None) -> None:
        text = preview(builder, nordbank, "funnel", op="exact")
        assert numbers_of(text)[1] == [("leaves", "5")] * 60
        assert "≈" not in text
        assert "Count each rule exactly" not in text

    def test_a_smaller_sample_stands_in_where_the_first_takes_too_long(
        self, builder: Any, nordbank: Organization, large: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked, looks = one_look._looked, []

        def first_too_slow(steps: Any, counter: Any, sample: Sample, within: float) -> Any:
            looks.append(sample.parts)
            if len(looks) == 1:
                raise TooSlow
            return looked(steps, counter, sample, within)

        monkeypatch.setattr(one_look, "_looked", first_too_slow)
        assert "≈" in preview(builder, nordbank, "funnel")
        assert looks == [64, 512]

    def test_who_leaves_nobody_is_found_exactly_though_the_others_are_estimated(
        self, bob: Staff, nordbank: Organization, builder: Any, large: None
    ) -> None:
        nobody = {"field": "country", "operator": "=", "value": "DE"}
        rules = group(*SIXTY[:5], nobody, *SIXTY[5:8])
        shown = at(bob, SegmentFactory(organization=nordbank, definition=rules))
        preview(shown, nordbank)
        text = preview(shown.press("keep"), nordbank)
        assert '<span class="exact">0</span>' in text
        text = preview(shown, nordbank, "funnel")
        assert "Rule 6 leaves nobody" in text
        assert "5 customers come to it" in text

    def test_a_rule_that_nobody_of_the_sample_meets_is_not_said_to_leave_nobody(
        self, bob: Staff, nordbank: Organization, large: None
    ) -> None:
        for id in sampled_ids(3):
            CustomerFactory(organization=nordbank, country="CZ", id=id)
        for id in sampled_ids(1, is_sampled=False):
            CustomerFactory(organization=nordbank, country="DE", id=id)
        rule = {"field": "country", "operator": "=", "value": "DE"}
        shown = at(bob, SegmentFactory(organization=nordbank, definition=group(rule)))
        text = preview(shown, nordbank, "funnel")
        assert "≈ 0" in text
        assert "leaves nobody" not in text


@pytest.mark.django_db
def test_a_sample_of_a_sample_is_asked_the_same(nordbank: Organization) -> None:
    for id in sampled_ids(40):
        CustomerFactory(organization=nordbank, country="CZ", id=id)
    counter = Counter(nordbank, "customers", False, worlds.AT)
    sample = Sample(fewer(nordbank.customers.all(), 128), 128, "customers")
    steps = funnel.steps(group({"field": "country", "operator": "=", "value": "CZ"}))
    said = one_look._looked(steps, counter, sample, 60.0)
    number = sample.people.count()
    assert said == {"/rules/0": Estimate.of(number, number, 128)}


def group(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(rules)}
