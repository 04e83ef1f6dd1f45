"""Many accounts at once in a real browser: a thousand are tagged with progress; a used segment goes out of use."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from console.organizations.models import Organization
from console.portfolios.models import Account
from segments.bulk import engine
from segments.models import BulkRun, Segment
from tests.factories import LedgerFactory, SegmentFactory
from tests.journeys.walk import Walk
from tests.segments.tags import a_tag, carriers, some_accounts, tagged

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_thousand_accounts_are_tagged_by_keyboard(
    walk: Walk, nordbank: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = LedgerFactory(organization=nordbank, name="Retail")
    accounts = some_accounts(ledger, 1_000)
    gold, silver = a_tag(nordbank, "Gold", benefits=["VIP lounge"]), a_tag(nordbank, "Silver")
    tagged(silver, *accounts[:310])
    page = walk.page
    walk.opens("portfolios:account_list")
    picks_all(walk, accounts)
    walk.tabs_to(page.get_by_role("button", name="Assign segment"), limit=400)
    walk.presses("Enter")
    expect(page.get_by_role("heading", name="Which segment?")).to_be_visible()
    walk.tabs_to(page.get_by_role("radio", name="Gold"))
    walk.presses("Space")
    page.get_by_role("button", name="See what will happen").press("Enter")
    expect(page.get_by_role("row", name="1,000 will carry “Gold”")).to_be_visible()
    expect(page.get_by_role("row", name="310 of them carry “Silver” now and will leave it")).to_be_visible()
    walk.looks_everywhere("bulk-foretold")
    page.get_by_role("button", name="Assign “Gold” to 1,000 accounts").press("Enter")
    expect(page.get_by_text("Waits for a worker.")).to_be_visible()
    works(walk, monkeypatch)
    expect(page.get_by_text("1,000 changed, 0 unchanged, 0 refused")).to_be_visible()
    walk.looks_everywhere("bulk-done")
    assert len(carriers(gold)) == 1_000
    assert not carriers(silver)
    page.goto(walk.url + gold.get_absolute_url())
    expect(page.get_by_role("row", name="Retail 1,000")).to_be_visible()
    walk.looks_everywhere("segment-assigned")


def picks_all(walk: Walk, accounts: list[Account]) -> None:
    """One, then five, then all that match."""
    page = walk.page
    bar = page.get_by_role("region", name="Picked accounts")
    expect(bar).to_be_hidden()
    first = page.get_by_role("checkbox", name=f"Pick {accounts[0].external_id}")
    walk.tabs_to(first, limit=400)
    walk.presses("Space")
    expect(bar.get_by_text("1 account picked")).to_be_visible()
    page.get_by_role("checkbox", name=f"Pick {accounts[4].external_id}").click(modifiers=["Shift"])
    expect(bar.get_by_text("5 accounts picked")).to_be_visible()
    walk.looks_everywhere("accounts-picked")
    every = page.get_by_role("link", name="Pick all 1,000 that match")
    walk.tabs_to(every, limit=400)
    walk.presses("Enter")
    expect(bar.get_by_text("1,000 accounts picked")).to_be_visible()
    walk.looks("accounts-picked-all")


def works(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker, a batch at a time, with a look at the page between two."""
    page = walk.page
    run = BulkRun.objects.get()
    monkeypatch.setattr(engine, "BATCH", 400)
    run.begin(at=timezone.now())
    last = engine._last_of_batch(run)
    assert last
    engine._commit(run, last, timezone.now())
    expect(page.get_by_text("400 of 1,000 accounts so far.")).to_be_visible()
    walk.looks("bulk-running")
    engine.process(run.pk, clock=timezone.now)


def test_a_used_segment_is_taken_out_of_use_after_its_warning_is_read(
    walk: Walk, nordbank: Organization
) -> None:
    gold = a_tag(nordbank, "Gold")
    tagged(gold, *some_accounts(LedgerFactory(organization=nordbank), 3))
    club = SegmentFactory(organization=nordbank, name="Gold club", population="accounts")
    rule = {"field": "assigned_segment", "operator": "in", "value": [str(gold.pk)]}
    club.save_definition({"combinator": "and", "rules": [rule]}, by=walk.staff, at=timezone.now())
    page = walk.page
    walk.opens("segments:segment_list")
    page.get_by_text("What is a segment?").press("Enter")
    expect(page.get_by_text("A tag that staff or the bank’s systems put on accounts")).to_be_visible()
    walk.looks_everywhere("segments-explained")
    walk.opens("segments:assigned_retire", gold.pk)
    expect(page.get_by_role("heading", name="3 accounts carry it now")).to_be_visible()
    expect(page.get_by_role("link", name="Gold club")).to_be_visible()
    expect(page.get_by_role("button", name="Delete it")).to_have_count(0)
    walk.looks("segment-still-used")
    club.archive(at=timezone.now())
    page.reload()
    delete = page.get_by_role("button", name="Delete it")
    walk.tabs_to(delete)
    walk.looks_everywhere("segment-out-of-use")
    delete.press("Enter")
    expect(page.get_by_text("“Gold” is deleted; 3 accounts carry it no more.")).to_be_visible()
    assert not Segment.objects.filter(pk=gold.pk).exists()
    walk.opens("segments:assigned_create")
    walk.looks_everywhere("segment-assigned-new")


def test_many_segments_are_given_tags_and_archived(walk: Walk, nordbank: Organization) -> None:
    everybody = {"combinator": "and", "rules": [{"field": "all", "operator": "=", "value": True}]}
    made = [SegmentFactory(organization=nordbank, name=name) for name in ("Late", "Premier", "Young")]
    for segment in made:
        segment.save_definition(everybody, by=walk.staff, at=timezone.now())
    users = {
        "combinator": "and",
        "rules": [{"field": "segment", "operator": "in", "value": [str(made[0].pk)]}],
    }
    SegmentFactory(organization=nordbank, name="Very late").save_definition(
        users, by=walk.staff, at=timezone.now()
    )
    page = walk.page
    picks_segments(walk, made)
    page.get_by_role("button", name="Tags and owner").press("Enter")
    expect(page.get_by_role("heading", name="Tags and owner of 3 segments")).to_be_visible()
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Nothing is said yet.")).to_be_visible()
    walk.looks_everywhere("segments-many-fault")
    walk.types("Add tags optional", "spring")
    walk.looks_everywhere("segments-many-tags")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("3 segments are changed.")).to_be_visible()
    picks_segments(walk, made)
    page.get_by_role("button", name="Archive").press("Enter")
    expect(page.get_by_role("row", name="Late")).to_contain_text("The segment “Very late” uses it.")
    walk.looks_everywhere("segments-many-archive")
    page.get_by_role("button", name="Archive 2 segments", exact=True).press("Enter")
    expect(page.get_by_text("2 segments are archived.")).to_be_visible()
    assert set(nordbank.segments.exclude(archived_at=None)) == set(made[1:])


def picks_segments(walk: Walk, segments: list[Segment]) -> None:
    """Tick them in their list, without a pointer."""
    walk.opens("segments:segment_list")
    for segment in segments:
        box = walk.page.get_by_role("checkbox", name=f"Pick {segment.name}", exact=True)
        walk.tabs_to(box)
        walk.presses("Space")
