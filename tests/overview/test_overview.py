"""The first page of the day: each card from what the apps left, and where to begin."""

from datetime import timedelta
from typing import Any

from django.test import Client

from communications.models import Message
from console.organizations import approving
from console.organizations.models import Organization, Staff
from segments.models import Draft, Run, Segment
from tests.alerts.bank import account_with, banner_on, book, campaign_on, judge, later, watching
from tests.communications.factories import an_endpoint, communication, segment_with, sent_by
from tests.factories import NOW, CustomerFactory, SegmentFactory
from tests.imports.files import draft, imported
from tests.overview.conftest import PAGE, read
from tests.pages import queries


def counted(
    segment: Segment, days_ago: int, members: int, entered: int = 0, left: int = 0, **fields: Any
) -> None:
    """A refresh that ended so many days ago."""
    at = NOW - timedelta(days=days_ago)
    Run.objects.create(
        **{
            "organization": segment.organization,
            "segment": segment,
            "version": segment.version,
            "state": "done",
        }
        | {"requested_at": at, "finished_at": at, "members": members, "entered": entered, "left": left}
        | fields
    )
    segment.member_count = members
    segment.save()


def counted_segment(nordbank: Organization, name: str) -> Segment:
    everyone = {"combinator": "and", "rules": [{"field": "all", "operator": "=", "value": True}]}
    segment: Segment = SegmentFactory(organization=nordbank, name=name, definition=everyone)
    return segment


def test_an_empty_bank_is_told_how_to_begin(client: Client) -> None:
    page = read(client)
    assert "Nothing is here yet" in page
    assert "bin/manage demo" in page
    assert 'href="/o/nordbank/begin/ledger/"' in client.get(PAGE).content.decode()


def test_a_quiet_day_says_so(client: Client, customer: Any) -> None:
    page = read(client)
    assert "Sunday, 22 November" in page
    assert "Nothing is broken. No alerts fire, no messages are under way." in page
    for text in (
        "Nothing waits for a decision",
        "No segment gained or lost",
        "No alert fires",
        "Nothing was sent",
    ):
        assert text in page


def test_stopped_and_refused_imports_come_first(client: Client, nordbank: Organization) -> None:
    imported(nordbank, "customers", "customer_ref,country\nC1,CZ\nC2,Nowhere\n")
    stopped = imported(nordbank, "customers", "customer_ref\nC3\n")
    stopped.state, stopped.error = "failed", "The disk is full.\nMore words."
    stopped.save()
    page = read(client)
    assert "Start with what is broken: import “customers.csv” stopped at line" in page
    assert "The disk is full." in page
    assert "More words" not in page
    assert "refused 1 row" in page
    assert stopped.get_absolute_url() in client.get(PAGE).content.decode()


def test_dry_runs_and_old_faults_are_no_news(client: Client, nordbank: Organization, customer: Any) -> None:
    imported(nordbank, "customers", "customer_ref,country\nC2,Nowhere\n", is_dry_run=True)
    old = imported(nordbank, "customers", "customer_ref,country\nC2,Nowhere\n")
    old.created_at = NOW - timedelta(days=8)
    old.save()
    assert "Nothing is broken" in read(client)


def test_uncertain_messages_wait_for_a_decision(
    client: Client, nordbank: Organization, alice: Staff, customer: Any
) -> None:
    letter = communication(nordbank, segment_with(nordbank, customer), name="Overdraft letter")
    sent_by(letter, alice)
    Message.objects.update(state="uncertain")
    page = read(client)
    assert "1 message of “Overdraft letter” is uncertain" in page
    assert (
        nordbank.url("communications:configuration_uncertain", letter.pk) in client.get(PAGE).content.decode()
    )


def test_a_switched_off_endpoint_is_broken(client: Client, nordbank: Organization, customer: Any) -> None:
    an_endpoint(nordbank).disable(reason="It failed for three days.", by=None, at=NOW)
    assert "It failed for three days." in read(client)


def test_a_segment_whose_refresh_failed_kept_its_members(
    client: Client, nordbank: Organization, customer: Any
) -> None:
    segment = counted_segment(nordbank, "Travellers")
    counted(segment, 2, 10)
    counted(segment, 1, 10, state="failed", error="Loyalty tier is not declared.")
    page = read(client)
    assert "Segment “Travellers” kept its old members" in page
    assert "Loyalty tier is not declared." in page
    counted(segment, 0, 10)
    assert "kept its old members" not in read(client)


def test_what_waits_for_somebody_is_listed(
    client: Client, nordbank: Organization, alice: Staff, customer: Any
) -> None:
    campaign = campaign_on(SegmentFactory(organization=nordbank, population="accounts"), name="Low balance")
    banner = banner_on(campaign, alice)
    banner.approval = None
    banner.save()
    draft(nordbank, "customers", "customer_ref\nC1\n")
    Draft.objects.create(organization=nordbank, staff=alice, name="Half a thought", kept_at=NOW)
    page = read(client)
    for text in (
        "Banner “Cover the gap”",
        "Import “customers.csv”",
        "Campaign “Low balance”",
        "“Half a thought”",
    ):
        assert text in page, text
    assert "four things wait" not in page
    assert "4 things wait for somebody." in page


def test_what_was_asked_for_leads_to_who_decides(
    client: Client, nordbank: Organization, alice: Staff, bob: Staff, customer: Any
) -> None:
    campaign = campaign_on(SegmentFactory(organization=nordbank, population="accounts"), name="Low balance")
    approving.ask("campaign", campaign.pk, by=bob, at=NOW)
    page = read(client)
    assert "Activate “Low balance”asked for by Bob" in page
    assert "Decide: Activate “Low balance”" in page
    assert "drafted, not active yet" not in page
    approving.take_back(nordbank.approvals.get(), by=bob, at=NOW)
    approving.ask("campaign", campaign.pk, by=alice, at=NOW)
    assert "See it: Activate “Low balance”" in read(client)


def test_drafts_of_others_do_not_wait_for_me(
    client: Client, nordbank: Organization, bob: Staff, customer: Any
) -> None:
    Draft.objects.create(organization=nordbank, staff=bob, name="Bob’s own", kept_at=NOW)
    assert "Bob’s own" not in read(client)


def test_segments_that_moved_are_ordered_by_their_share(
    client: Client, nordbank: Organization, customer: Any
) -> None:
    large, small, still = (counted_segment(nordbank, name) for name in ("Large", "Small", "Still"))
    counted(large, 9, 1000)
    counted(large, 1, 1010, entered=12, left=2)
    counted(small, 9, 12)
    counted(small, 1, 9, left=3)
    counted(still, 1, 7)
    page = read(client)
    assert "Small 9− 3−25.0 %" in page
    assert "Large 1,010+ 10+1.00 %" in page
    assert page.index("Small 9") < page.index("Large 1")
    assert "Still" not in page


def test_what_fires_names_the_campaign_and_the_latest(
    client: Client, nordbank: Organization, alice: Staff
) -> None:
    accounts = [account_with(nordbank, "500", external_id=f"A-{n}") for n in range(2)]
    CustomerFactory(organization=nordbank)
    watching(alice, *accounts, name="Average under 100")
    for number, account in enumerate(accounts):
        book(account, "-450", at=later(number + 1))
        judge(nordbank, at=later(number + 1))
    nordbank.alerts.get(account=accounts[0]).assign(alice, by=alice, at=NOW)
    page = read(client)
    assert "Average under 100latest: 50.00 EUR, A-1" in page
    assert "2 alerts fire" in page


def test_what_goes_out_has_its_books(client: Client, nordbank: Organization, alice: Staff) -> None:
    people = CustomerFactory.create_batch(3, organization=nordbank)
    sent_by(communication(nordbank, segment_with(nordbank, *people), name="Autumn letter"), alice)
    Message.objects.filter(customer=people[0]).update(state="sent")
    page = read(client)
    assert "Autumn letter" in page
    assert "3 planned · 1 sent, 0 refused, 0 held back, 0 uncertain, 2 queued" in page
    assert "2 messages are under way" in page


def test_a_refused_message_among_sent_ones_is_told_calmly(
    client: Client, nordbank: Organization, alice: Staff
) -> None:
    people = CustomerFactory.create_batch(2, organization=nordbank)
    sent_by(communication(nordbank, segment_with(nordbank, *people)), alice)
    Message.objects.update(state="sent")
    Message.objects.filter(customer=people[0]).update(state="failed")
    assert '<span class="badge">1 refused</span>' in client.get(PAGE).content.decode()
    Message.objects.update(state="failed")
    assert '<span class="badge bad">2 refused</span>' in client.get(PAGE).content.decode()


def test_what_went_out_since_yesterday_begins_at_its_local_midnight(
    client: Client, nordbank: Organization, alice: Staff, customer: Any
) -> None:
    midnight = NOW.astimezone(nordbank.zone).replace(hour=0, minute=0, second=0) - timedelta(days=1)
    for name, at in (("Early letter", midnight), ("Old letter", midnight - timedelta(minutes=1))):
        sent_by(communication(nordbank, segment_with(nordbank, customer), name=name), alice, at)
    page = read(client)
    assert "Early letter" in page
    assert "Old letter" not in page


def test_other_banks_are_not_seen(client: Client, customer: Any, charlie: Staff) -> None:
    other = charlie.organization
    imported(other, "customers", "customer_ref,country\nC2,Nowhere\n")
    counted(counted_segment(other, "Foreign segment"), 1, 5, entered=5)
    an_endpoint(other).disable(reason="Foreign reason", by=None, at=NOW)
    page = read(client)
    assert "Foreign" not in page
    assert "customers.csv" not in page


def test_the_page_takes_as_many_queries_for_three_as_for_one(
    client: Client, nordbank: Organization, alice: Staff
) -> None:
    def add(number: int) -> None:
        person = CustomerFactory(organization=nordbank)
        sent_by(communication(nordbank, segment_with(nordbank, person)), alice)
        counted(counted_segment(nordbank, f"Segment {number}"), 1, 5, entered=5)
        account = account_with(nordbank, "500")
        watching(alice, account, name=f"Campaign {number}")
        book(account, "-450", at=later(1))
        judge(nordbank, at=later(1))

    add(1)
    one = queries(client, PAGE)
    add(2)
    add(3)
    assert queries(client, PAGE) == one
