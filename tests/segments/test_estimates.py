"""The estimate that the builder shows before an exact count: what it says, and that the exact number replaces it."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from console.organizations.models import Organization, Staff
from segments.builder import counting, estimating
from segments.builder.sampling import PARTS, SIZE, Estimate, sample_of
from tests.conftest import signed_in
from tests.factories import CustomerFactory
from tests.segments.pages import Builder
from tests.segments.test_builder_counting import never, preview

pytestmark = pytest.mark.django_db


def sampled_ids(number: int, *, is_sampled: bool = True) -> list[UUID]:
    """New ids that are in the sample, or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM (SELECT gen_random_uuid() FROM generate_series(1, 4000)) AS made(id)"
            " WHERE ((uuid_hash(id) & 63) = 0) = %s LIMIT %s",
            [is_sampled, number],
        )
        return [id for (id,) in cursor]


@pytest.fixture
def builder(bob: Staff, nordbank: Organization, monkeypatch: pytest.MonkeyPatch) -> Builder:
    """Bob asks for Czech customers of a bank whose counts take a moment: four in the sample, one beside it."""
    for id in [*sampled_ids(4), *sampled_ids(1, is_sampled=False)]:
        CustomerFactory(organization=nordbank, country="CZ", id=id)
    monkeypatch.setattr(estimating, "FEW", 1)
    monkeypatch.setattr(estimating, "QUICK", -1.0)
    shown = Builder(signed_in(bob), nordbank.url("segments:segment_create"))
    return shown.choose(rules_0_field="country").fill(rules_0_value_0="CZ")


def said(text: str) -> str:
    """What a screen reader hears of the count."""
    found = re.search(r'innerHTML:#count-says">([^<]*)<', text)
    return found.group(1) if found else ""


class TestEstimate:
    def test_it_is_marked_says_how_far_it_may_be_out_and_is_not_read_out(
        self, builder: Builder, nordbank: Organization
    ) -> None:
        text = preview(builder, nordbank)
        assert '<span class="estimate">≈ 260</span>' in text
        assert "customers, give or take 250" in text
        assert "from a sample of 4" in text
        assert 'class="exact"' not in text
        assert text.count("/customers/") == 4
        assert said(text) == ""

    def test_the_exact_number_replaces_it_and_is_read_out_once(
        self, builder: Builder, nordbank: Organization
    ) -> None:
        assert """hx-vals='{"op": "exact", "drawn": "yes"}' hx-trigger="load\"""" in preview(
            builder, nordbank
        )
        text = preview(builder, nordbank, op="exact", drawn="yes")
        assert '<span class="exact">5</span>' in text
        assert "Exact, " in text
        assert "≈" not in text
        assert 'id="sample"' not in text, "those who were drawn stay"
        assert said(text) == "5 customers"
        assert "≈" not in preview(builder, nordbank), "what was counted a moment ago is not estimated"

    def test_what_counts_as_fast_is_counted_at_once(
        self, builder: Builder, nordbank: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(estimating, "QUICK", 10**9)
        monkeypatch.setattr(estimating, "PATIENCE", 60.0)
        assert '<span class="exact">5</span>' in preview(builder, nordbank)

    def test_few_members_are_counted_at_once(
        self, builder: Builder, nordbank: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(estimating, "FEW", 20_000)
        assert '<span class="exact">5</span>' in preview(builder, nordbank)

    def test_it_stays_where_the_exact_count_takes_too_long(
        self, builder: Builder, nordbank: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        builder.press("keep")

        def too_long(*given: Any, **named: Any) -> Any:
            raise counting.TooSlow

        monkeypatch.setattr(counting.Counter, "count", too_long)
        text = preview(builder, nordbank, op="exact", drawn="yes")
        assert '<span class="estimate">≈ 260</span>' in text
        assert "to count them exactly takes longer than 5 s" in text
        assert "Count in the background" in text
        assert said(text) == "Not counted exactly: it takes longer than 5 s."
        assert "A worker counts exactly" in preview(builder, nordbank, op="count")

    def test_an_estimate_that_takes_too_long_gives_way_to_the_exact_count(
        self, builder: Builder, nordbank: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def sleeps(*given: Any) -> Any:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(30)")

        monkeypatch.setattr(estimating, "_look", sleeps)
        assert '<span class="exact">5</span>' in preview(builder, nordbank)

    def test_without_an_estimate_in_time_it_says_so(
        self, builder: Builder, nordbank: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counting, "time_limit", never)
        assert "Not counted: it takes longer than 5 s." in preview(builder, nordbank)


class TestMargin:
    def test_a_share_of_many_is_rounded_to_what_is_known(self) -> None:
        assert Estimate.of(2969, 15_625, PARTS) == Estimate(190_000, 6300, 15_625)

    def test_nobody_in_the_sample_may_still_be_a_few(self) -> None:
        assert Estimate.of(0, 15_625, PARTS) == Estimate(0, 250, 15_625)

    def test_a_sample_grows_no_larger_than_is_enough(self, nordbank: Organization) -> None:
        assert sample_of(nordbank, "customers", 300_000).parts == PARTS
        parts = sample_of(nordbank, "accounts", 50_000_000).parts
        assert SIZE / 2 < 50_000_000 / parts <= SIZE

    def test_those_of_a_smaller_sample_are_in_the_larger_one(self, nordbank: Organization) -> None:
        for id in sampled_ids(40):
            CustomerFactory(organization=nordbank, id=id)
        smaller = sample_of(nordbank, "customers", 4_000_000).people
        larger = sample_of(nordbank, "customers", 20_000).people
        assert set(smaller.values_list("pk")) < set(larger.values_list("pk"))
