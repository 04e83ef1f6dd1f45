"""Many segments at once from their list: it is said what happens to each, then it happens, each by its own rules."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from console.organizations.models import Organization, Staff
from segments.models import Segment
from tests.conftest import signed_in
from tests.factories import OrganizationFactory, SegmentFactory, StaffFactory
from tests.segments.pages import read_form
from tests.segments.tags import a_tag

pytestmark = pytest.mark.django_db
CZECH = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "CZ"}]}


@pytest.fixture
def client(bob: Staff) -> Client:
    return signed_in(bob)


def made(organization: Organization, name: str, *, of: Segment | None = None, **said: Any) -> Segment:
    """A segment with rules: Czechs, or who is in `of`."""
    rules = [{"field": "segment", "operator": "in", "value": [str(of.pk)]}] if of else CZECH["rules"]
    segment: Segment = SegmentFactory(organization=organization, name=name, **said)
    segment.save_definition({"combinator": "and", "rules": rules}, by=None, at=timezone.now())
    return segment


def sent(client: Client, bank: Organization, *segments: Segment, query: str = "", **said: Any) -> Any:
    """What a press in the list, or on the page that asks, answers."""
    given = {"pk": [str(one.pk) for one in segments], **said}
    return client.post(bank.url("segments:segment_many") + query, given, follow=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def live(bank: Organization) -> list[str]:
    return list(bank.segments.filter(archived_at=None).order_by("name").values_list("name", flat=True))


def test_the_list_offers_boxes_to_whom_may_change_segments(
    client: Client, nordbank: Organization, vera: Staff
) -> None:
    segment = made(nordbank, "Czechs")
    box, url = f'name="pk" value="{segment.pk}"', nordbank.url("segments:segment_list")
    page = text(client.get(url))
    assert box in page
    assert 'value="archive"' in page
    assert box not in text(signed_in(vera).get(url))


def test_nothing_happens_before_it_is_confirmed_and_all_of_it_then(
    client: Client, nordbank: Organization
) -> None:
    a, b = made(nordbank, "A"), made(nordbank, "B")
    made(nordbank, "C")
    page = text(sent(client, nordbank, a, b, action="archive"))
    assert "Archive 2 segments?" in page
    assert live(nordbank) == ["A", "B", "C"]
    assert "2 segments are archived." in text(sent(client, nordbank, a, b, action="archive", confirmed="yes"))
    assert live(nordbank) == ["C"]


def test_one_that_is_used_stays_and_says_by_what_the_others_go(
    client: Client, nordbank: Organization
) -> None:
    base, other = made(nordbank, "Base"), made(nordbank, "Other")
    made(nordbank, "Upon it", of=base)
    asked = text(sent(client, nordbank, base, other, action="archive"))
    assert "Archive 1 segment?" in asked
    assert "The segment “Upon it” uses it." in asked
    done = text(sent(client, nordbank, base, other, action="archive", confirmed="yes"))
    assert "1 segment is archived." in done
    assert "Upon it still uses it" in done
    assert live(nordbank) == ["Base", "Upon it"]


def test_one_made_of_another_that_goes_too_keeps_it_from_nothing_and_both_come_back(
    client: Client, nordbank: Organization
) -> None:
    base = made(nordbank, "Base")
    upon = made(nordbank, "Upon it", of=base)
    assert "Archive 2 segments?" in text(sent(client, nordbank, base, upon, action="archive"))
    sent(client, nordbank, base, upon, action="archive", confirmed="yes")
    assert live(nordbank) == []
    assert "Use 2 segments again?" in text(sent(client, nordbank, base, upon, action="restore"))
    page = text(sent(client, nordbank, upon, base, action="restore", confirmed="yes"))
    assert "2 segments are in use again." in page
    assert live(nordbank) == ["Base", "Upon it"]
    assert upon.runs.filter(state="queued").count() == 1


def test_where_nothing_can_go_nothing_is_offered(client: Client, nordbank: Organization) -> None:
    base = made(nordbank, "Base")
    made(nordbank, "Upon it", of=base)
    answer = sent(client, nordbank, base, action="archive")
    assert "None of them can be archived" in text(answer)
    assert "confirmed" not in text(answer)


def test_all_that_match_the_filters_are_meant(client: Client, nordbank: Organization) -> None:
    made(nordbank, "A", tags=["spring"])
    made(nordbank, "B", tags=["spring"])
    made(nordbank, "C")
    answer = sent(client, nordbank, query="?tag=spring", action="archive", everything="on")
    assert "Archive 2 segments?" in text(answer)
    assert answer.status_code == 200
    kept = read_form(answer).fields
    assert kept["action"] == "archive"


def test_tags_and_owner_are_given_and_taken_and_what_else_they_have_stays(
    client: Client, nordbank: Organization, alice: Staff
) -> None:
    a, b = made(nordbank, "A", tags=["old", "kept"]), a_tag(nordbank, "B")
    page = text(sent(client, nordbank, a, b, action="describe"))
    assert "Tags and owner of 2 segments" in page
    said = {"added": "spring\nkept", "removed": ["old"], "owner": str(alice.pk), "confirmed": "yes"}
    assert "2 segments are changed." in text(sent(client, nordbank, a, b, action="describe", **said))
    a.refresh_from_db()
    b.refresh_from_db()
    assert (a.tags, a.owner) == (["kept", "spring"], alice)
    assert (b.tags, b.owner) == (["spring", "kept"], alice)


def test_what_says_nothing_or_names_a_stranger_is_refused(client: Client, nordbank: Organization) -> None:
    segment, stranger = made(nordbank, "A"), StaffFactory(organization=OrganizationFactory())
    answer = sent(client, nordbank, segment, action="describe", confirmed="yes")
    assert answer.status_code == 422
    assert "Nothing is said yet" in text(answer)
    answer = sent(
        client, nordbank, segment, action="describe", confirmed="yes", added="x", owner=str(stranger.pk)
    )
    assert "not there any more" in text(answer)
    segment.refresh_from_db()
    assert (segment.tags, segment.owner) == ([], None)


def test_no_more_tags_are_given_than_a_segment_can_have(client: Client, nordbank: Organization) -> None:
    full = SegmentFactory(organization=nordbank, name="Full", tags=[f"tag {n}" for n in range(50)])
    answer = sent(client, nordbank, full, action="describe", confirmed="yes", added="one more")
    assert answer.status_code == 422
    assert "“Full” would have 51 tags. It can have 50." in text(answer)
    said = {"confirmed": "yes", "added": "one more", "removed": "tag 0"}
    assert "1 segment is changed." in text(sent(client, nordbank, full, action="describe", **said))


def test_without_a_tick_or_with_another_banks_segment_nothing_is_done(
    client: Client, nordbank: Organization
) -> None:
    theirs = made(OrganizationFactory(), "Theirs")
    assert "No segment was ticked" in text(sent(client, nordbank, action="archive", confirmed="yes"))
    page = text(sent(client, nordbank, theirs, action="archive", confirmed="yes"))
    assert "is not here any more" in page
    theirs.refresh_from_db()
    assert theirs.archived_at is None
