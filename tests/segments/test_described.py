"""Owners, tags and favourites keep many segments in order: each is set where the segment is, and found in the list."""

import pytest
from django.test import Client

from console.organizations.models import Organization, Staff
from segments.models import Segment
from tests.conftest import signed_in
from tests.factories import OrganizationFactory, SegmentFactory, StaffFactory
from tests.segments.tags import a_tag

pytestmark = pytest.mark.django_db
CZECH = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "CZ"}]}


@pytest.fixture
def client(bob: Staff) -> Client:
    return signed_in(bob)


@pytest.fixture
def segment(nordbank: Organization) -> Segment:
    made: Segment = SegmentFactory(organization=nordbank, name="Czech", definition=CZECH)
    return made


def listed(client: Client, organization: Organization, **asked: str) -> str:
    answer = client.get(organization.url("segments:segment_list"), asked)
    assert answer.status_code == 200
    return str(answer.content.decode()).partition('id="segment-rows"')[2]


def described(client: Client, segment: Segment, **said: str) -> str:
    """The page after the form was sent as it stands, with these changes."""
    url = segment.organization.url("segments:segment_describe", segment.pk)
    given = {
        "owner": str(segment.owner_id or ""),
        "tags": "",
        "benefits": "",
        "seen": segment.updated_at.isoformat(),
    }
    answer = client.post(url, {**given, **said}, follow=True)
    segment.refresh_from_db()
    return str(answer.content.decode())


def test_owner_tags_and_benefits_are_said_on_one_form_and_shown(
    client: Client, segment: Segment, alice: Staff
) -> None:
    page = described(
        client, segment, owner=str(alice.pk), tags="mortgages\nspring\n\nmortgages", benefits="No fees"
    )
    assert (segment.owner, segment.tags, segment.benefits) == (alice, ["mortgages", "spring"], ["No fees"])
    for said in (f"Owner {alice}", "mortgages", "spring", "No fees"):
        assert said in page
    assert segment.versions.count() == 1


def test_a_tag_that_is_too_long_is_refused_where_it_stands(client: Client, segment: Segment) -> None:
    page = described(client, segment, tags="a" * 51)
    assert "Write at most 50 characters a line" in page
    assert segment.tags == []


def test_more_tags_than_anybody_reads_are_refused(client: Client, segment: Segment) -> None:
    page = described(client, segment, tags="\n".join(f"tag {n}" for n in range(51)))
    assert "51 lines are too many. Write 50 at most." in page
    assert segment.tags == []


def test_somebody_of_another_bank_or_gone_can_not_own_it(
    client: Client, segment: Segment, nordbank: Organization
) -> None:
    stranger = StaffFactory(organization=OrganizationFactory())
    left = StaffFactory(organization=nordbank)
    type(left).objects.filter(pk=left.pk).update(ended_at=segment.created_at)
    for one in (stranger, left):
        assert "not there any more" in described(client, segment, owner=str(one.pk))
    assert segment.owner is None


def test_an_assigned_segment_has_owner_and_tags_too(client: Client, nordbank: Organization) -> None:
    tag = a_tag(nordbank, "VIP")
    tag.benefits = ["Lounge"]
    tag.save()
    described(client, tag, tags="spring")
    assert (tag.tags, tag.benefits) == (["spring"], ["Lounge"])


def test_the_list_is_narrowed_to_a_tag_an_owner_and_ones_own_favourites(
    client: Client, nordbank: Organization, segment: Segment, alice: Staff, bob: Staff
) -> None:
    other = SegmentFactory(organization=nordbank, name="Other", owner=alice, tags=["autumn"])
    Segment.objects.filter(pk=segment.pk).update(tags=["spring"], owner=bob)
    other.favourites.create(staff=bob)
    segment.favourites.create(staff=alice)
    for asked, found, not_found in (
        ({"tag": "spring"}, "Czech", "Other"),
        ({"owner": str(alice.pk)}, "Other", "Czech"),
        ({"favourite": "mine"}, "Other", "Czech"),
        ({"q": "autumn"}, "Other", "Czech"),
    ):
        rows = listed(client, nordbank, **asked)
        assert f">{found}</a>" in rows, asked
        assert f">{not_found}</a>" not in rows, asked


def test_tags_and_owners_of_other_banks_are_not_offered(client: Client, nordbank: Organization) -> None:
    SegmentFactory(organization=OrganizationFactory(), tags=["theirs"])
    assert "theirs" not in client.get(nordbank.url("segments:segment_list")).content.decode()


def test_a_favourite_is_ones_own_and_stands_above_the_list(
    client: Client, nordbank: Organization, segment: Segment, vera: Staff
) -> None:
    url = nordbank.url("segments:segment_favourite", segment.pk)
    for _ in range(2):
        page = client.post(url, {"is": "yes"}, follow=True).content.decode()
    assert 'aria-pressed="true"' in page
    assert segment.favourites.count() == 1
    assert "Your favourites" in client.get(nordbank.url("segments:segment_list")).content.decode()
    assert (
        "Your favourites" not in signed_in(vera).get(nordbank.url("segments:segment_list")).content.decode()
    )
    assert 'aria-pressed="false"' in client.post(url, {"is": "no"}, follow=True).content.decode()
    assert signed_in(vera).post(url, {"is": "yes"}).status_code == 302


def test_who_may_only_look_sets_neither_owner_nor_tags(segment: Segment, vera: Staff) -> None:
    url = segment.organization.url("segments:segment_describe", segment.pk)
    assert signed_in(vera).get(url).status_code == 403
    assert "Owner and tags" not in signed_in(vera).get(segment.get_absolute_url()).content.decode()
