"""Segments compared: each combination is counted once, can be saved as a segment, and holds whom it said."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from console.organizations.models import Organization, Staff
from segments.models import CustomerMembership, Segment
from segments.starting.overlapping import overlap
from tests.conftest import signed_in
from tests.factories import CustomerFactory, OrganizationFactory, SegmentFactory
from tests.segments.pages import Builder

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(bob: Staff) -> Client:
    return signed_in(bob)


@pytest.fixture
def trio(nordbank: Organization) -> list[Segment]:
    """Ann in A and B; Bea in A, B and C; Cid in A; Dan in C; Eva in none."""
    segments = [SegmentFactory(organization=nordbank, name=name) for name in ("A", "B", "C")]
    within = {"Ann": "AB", "Bea": "ABC", "Cid": "A", "Dan": "C", "Eva": ""}
    for name, letters in within.items():
        customer = CustomerFactory(organization=nordbank, name=name)
        for segment in segments:
            if segment.name in letters:
                put_into(segment, customer)
    return segments


def put_into(segment: Segment, customer: Any) -> None:
    CustomerMembership.objects.create(
        organization=segment.organization, segment=segment, customer=customer, entered_at=timezone.now()
    )


def page(client: Client, organization: Organization, *segments: Any, **more: str) -> str:
    asked = urlencode([("s", str(getattr(one, "pk", one))) for one in segments] + list(more.items()))
    answer = client.get(f"{organization.url('segments:segment_overlap')}?{asked}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_every_member_is_in_one_combination(nordbank: Organization, trio: list[Segment]) -> None:
    found = {one.words: one.number for one in overlap(nordbank, trio)}
    assert found == {"A and B, not C": 1, "A and B and C": 1, "A, not B or C": 1, "C, not A or B": 1}


@pytest.mark.parametrize("place", range(4))
def test_a_combination_saved_as_a_segment_holds_its_members(
    client: Client, nordbank: Organization, trio: list[Segment], place: int
) -> None:
    combination = overlap(nordbank, trio)[place]
    address = f"{nordbank.url('segments:segment_create')}?{urlencode(combination.asked)}"
    assert address.replace("&", "&amp;") in page(client, nordbank, *trio)
    builder = Builder(client, address)
    assert builder.fields["name"] == combination.words
    builder.press("save")
    saved = nordbank.segments.select_related("version").get(name=combination.words)
    members = nordbank.customers.filter(pk__in=saved.matching(timezone.now()).draw(9))
    inside = {segment.name for segment in combination.inside}
    expected = {"AB": "Ann", "ABC": "Bea", "A": "Cid", "C": "Dan"}["".join(sorted(inside))]
    assert [member.name for member in members] == [expected]


def test_the_page_says_what_is_chosen_and_what_can_be(
    client: Client, nordbank: Organization, trio: list[Segment]
) -> None:
    assert "Choose two segments or more" in page(client, nordbank, trio[0])
    text = page(client, nordbank, *trio[:2])
    assert "Leave out A" in text
    assert f'name="s" value="{trio[2].pk}">' in text
    assert "Nothing matches “zzz”" in page(client, nordbank, *trio, q="zzz")


def test_five_are_the_most(client: Client, nordbank: Organization, trio: list[Segment]) -> None:
    more = [SegmentFactory(organization=nordbank, name=f"More {n}") for n in range(3)]
    text = page(client, nordbank, *trio, *more)
    assert "Five are the most" in text
    assert "Leave out More 1" in text
    assert "Leave out More 2" not in text


def test_what_is_no_segment_of_the_bank_is_left_out(
    client: Client, nordbank: Organization, trio: list[Segment]
) -> None:
    accounts = SegmentFactory(organization=nordbank, population="accounts", name="Of accounts")
    theirs = SegmentFactory(organization=OrganizationFactory(), name="Theirs")
    text = page(client, nordbank, trio[0], "no id", theirs, accounts, trio[0])
    assert "1 of 5" in text
    assert "Theirs" not in text


def test_who_may_only_look_is_not_offered_to_save(
    nordbank: Organization, vera: Staff, trio: list[Segment]
) -> None:
    assert "Save as a segment" not in page(signed_in(vera), nordbank, *trio)
