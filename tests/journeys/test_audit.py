"""The audit trail in a real browser: from the rail to an event to the thing, whose page shows its own history."""

from typing import Any

import pytest
from playwright.sync_api import expect

from console.organizations import scope
from console.organizations.models import Organization, Staff
from tests.factories import LedgerFactory
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ledger(nordbank: Organization, alice: Staff) -> Any:
    ledger = LedgerFactory(organization=nordbank, name="Retail")
    with scope.inside(nordbank, user=alice.user.pk, staff=alice.pk, request="req-7", address="10.0.0.7"):
        type(ledger).objects.filter(pk=ledger.pk).update(name="Retail CZ")
    return ledger


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_from_the_rail_to_the_thing_and_its_history(walk: Walk, ledger: Any, theme: Any) -> None:
    page = walk.page
    page.emulate_media(color_scheme=theme)
    walk.opens("audit:event_list")
    for width in (1440, 390):
        walk.fits(width)
        walk.finds_no_fault(f"the trail at {width} px, {theme}")
        walk.keeps_picture(f"audit-{theme}-{width}")
    page.get_by_role("link", name="Changed ledger “Retail CZ”").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Changed ledger “Retail CZ”: Name from Retail to Retail CZ")
    walk.finds_no_fault(f"an event, {theme}")
    walk.keeps_picture(f"audit-event-{theme}")
    page.get_by_role("link", name="Open it").click()
    history = page.get_by_role("region", name="History", exact=True)
    history.get_by_text("Before and after").first.click()
    expect(history.get_by_role("cell", name="Retail CZ")).to_be_visible()
    walk.fits(390)
    walk.finds_no_fault(f"a history, {theme}")
    walk.keeps_picture(f"audit-history-{theme}")
