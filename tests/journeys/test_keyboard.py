"""Pages of people and walls with the Tab key alone: it passes through all of it, and one sees where one is."""

from typing import Any

import pytest
from playwright.sync_api import expect

from console.organizations import approving
from console.organizations.models import Organization, Role, Staff
from tests.communications.factories import communication, segment_with
from tests.factories import NOW, CustomerFactory, StaffFactory
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# Where the focus is: its name, whether a ring is drawn around it or its frame, and whether anything covers it.
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect(), drawn = (one) => getComputedStyle(one).outlineStyle !== "none";
  const x = Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 2);
  const y = Math.min(Math.max(box.y + box.height / 2, 1), innerHeight - 2);
  const top = document.elementFromPoint(x, y);
  return {
    name: `${at.tagName} ${at.getAttribute("aria-label") ?? at.innerText ?? at.name ?? at.id}`.slice(0, 60),
    place: `${at.tagName} ${at.id} ${Math.round(box.x)} ${Math.round(box.y + scrollY)}`,
    ringed: drawn(at) || at.matches("input[type=date]") || Boolean(at.closest(".mail") && drawn(at.closest(".mail"))),
    seen: Boolean(top) && (at.contains(top) || top.contains(at)),
    isDate: at.matches("input[type=date], iframe"),
  };
}"""
MOST = 250


def passes_through(walk: Walk, address: str) -> None:
    """Tab from the top: no stop twice in a row, each with a ring, none covered, and at last out at the end."""
    walk.page.goto(walk.url + address)
    stops: list[dict[str, Any]] = []
    for _ in range(MOST):
        walk.presses("Tab")
        here = walk.page.evaluate(FOCUS)
        if here and not here["ringed"]:
            walk.page.wait_for_timeout(100)  # a frame tells of its focus a moment later
            here = walk.page.evaluate(FOCUS)
        if here is None or (stops and here["place"] == stops[0]["place"]):
            break
        assert here["ringed"], f"{address}: {here['name']} shows no focus."
        assert here["seen"], f"{address}: {here['name']} is covered."
        is_trap = len(stops) > 2 and {one["place"] for one in stops[-3:]} == {here["place"]}
        assert here["isDate"] or not is_trap, f"{address}: {here['name']} holds the focus."
        stops.append(here)
    else:
        raise AssertionError(f"{address}: Tab never comes to an end.")
    assert len(stops) > 3


def test_tab_passes_through_every_page_of_people_and_walls(
    walk: Walk, alice: Staff, bob: Staff, nordbank: Organization
) -> None:
    maker = StaffFactory(organization=nordbank, role=Role.MARKETER)
    customers = CustomerFactory.create_batch(6, organization=nordbank)
    sent = communication(nordbank, segment_with(nordbank, *customers))
    send = approving.ask("send", sent.pk, by=maker, at=NOW)
    role = approving.ask("role", bob.user_id, by=alice, at=NOW, given={"role": Role.OPERATOR})
    pages = [
        *("/you/", "/you/factors/", "/you/factors/passkey/", "/you/sessions/", "/you/password/"),
        *(nordbank.url(f"staff:staff_{name}") for name in ("list", "invite")),
        *(nordbank.url(f"staff:staff_{name}", bob.user_id) for name in ("detail", "access")),
        *(nordbank.url(name) for name in ("roles", "approval_list", "approval_size")),
        *(send.get_absolute_url(), role.get_absolute_url()),
        *(nordbank.url(f"keys:key_{name}") for name in ("list", "create")),
        nordbank.url("audit:event_list"),
        nordbank.url("customers:customer_export"),
        *(nordbank.url(f"customers:customer_{name}", customers[0].pk) for name in ("detail", "erase")),
    ]
    for address in pages:
        passes_through(walk, address)


def test_the_list_of_keys_opens_by_a_key_and_has_no_fault(walk: Walk) -> None:
    walk.opens("overview")
    walk.presses("?")
    expect(walk.page.get_by_role("dialog", name="Keys")).to_be_visible()
    walk.finds_no_fault("keys")
    walk.presses("Escape")
    expect(walk.page.get_by_role("dialog", name="Keys")).to_be_hidden()
