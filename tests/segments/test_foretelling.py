"""What time alone will change: the day on which somebody leaves or enters, and by which rule."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.customers.masking import CLEAR
from console.customers.models import Customer
from console.demo.rules import ago, related
from console.organizations.models import Organization, Staff
from segments.explaining.explanation import explain
from segments.explaining.foretelling import DAYS, foretell
from segments.models import Segment
from tests.conftest import signed_in
from tests.factories import NOW, AccountHolderFactory, CustomerFactory, SegmentFactory, TransactionFactory
from tests.segments import definitions, worlds
from tests.segments.explained import page, rule, rules
from tests.segments.test_definition_property import named

TODAY = date(2026, 11, 22)
pytestmark = pytest.mark.django_db


@pytest.fixture
def mover(nordbank: Organization) -> Customer:
    """Somebody whose only item was booked ten days ago."""
    holder = AccountHolderFactory(customer__organization=nordbank, account__organization=nordbank)
    TransactionFactory(account=holder.account, booked_on=TODAY - timedelta(days=10))
    customer: Customer = holder.customer
    return customer


def lately(days: int, mode: str = "some") -> dict[str, Any]:
    return related("transactions", mode, rule("booked_on", ">=", ago(days)))


def a_segment(organization: Organization, *inner: Any, **more: Any) -> Segment:
    made: Segment = SegmentFactory(organization=organization, definition=rules(*inner, **more))
    return made


def test_whose_item_falls_out_of_the_window_leaves_on_that_day(mover: Customer) -> None:
    segment = a_segment(mover.organization, lately(30), rule("kind", "=", "person"))
    turn = foretell(segment, mover, at=NOW)
    assert turn
    assert (turn.day, turn.enters, turn.held) == (date(2026, 12, 13), False, [])
    assert turn.failed == ["At least one of their transactions meets (booked on or after 30 days ago)"]


def test_who_is_without_items_for_long_enough_enters(mover: Customer) -> None:
    segment = a_segment(mover.organization, lately(30, "none"))
    turn = foretell(segment, mover, at=NOW)
    assert turn
    assert (turn.day, turn.enters, turn.failed) == (date(2026, 12, 13), True, [])


def test_what_time_does_not_change_within_a_month_is_not_foretold(mover: Customer) -> None:
    organization = mover.organization
    assert foretell(a_segment(organization, rule("kind", "=", "person")), mover, at=NOW) is None
    assert foretell(a_segment(organization, lately(10 + DAYS + 1)), mover, at=NOW) is None
    assert foretell(a_segment(organization, lately(10 + DAYS - 1)), mover, at=NOW) is not None
    Customer.objects.filter(pk=mover.pk).update(profiling_objected_at=NOW)
    assert foretell(a_segment(organization, lately(30, "none")), mover, at=NOW) is None


def test_where_rules_count_hours_it_is_the_day_on_which_the_hour_comes(nordbank: Organization) -> None:
    """Eight hours after 10:42 it is still the same day in Prague, thirty hours after it the next one."""
    customer = CustomerFactory(organization=nordbank)
    Customer.objects.filter(pk=customer.pk).update(created_at=NOW)
    for hours, day in ((8, TODAY), (30, TODAY + timedelta(days=1))):
        since = {"mode": "relative", "anchor": "now", "offset": -hours, "unit": "hour"}
        turn = foretell(a_segment(nordbank, rule("created_at", ">=", since)), customer, at=NOW)
        assert turn
        assert turn.day == day


def test_the_page_says_it_beside_the_tree(mover: Customer, vera: Staff) -> None:
    segment = a_segment(mover.organization, lately(3650))
    ahead = mover.organization.url("segments:why_ahead", segment.pk, mover.pk)
    assert ahead in page(vera, "why", segment.pk, mover.pk)
    whole = page(vera, "why_ahead", segment.pk, mover.pk)
    assert "this stays so for the next 31 days" in whole
    part = signed_in(vera).get(ahead, headers={"HX-Request": "true", "HX-Target": "ahead"}).content.decode()
    assert "this stays so" in part
    assert "<html" not in part


def test_rules_that_can_not_be_read_promise_nothing(mover: Customer, vera: Staff) -> None:
    segment = a_segment(mover.organization, rule("loyalty_tier", "=", "Gold"))
    assert "stays so" not in page(vera, "why_ahead", segment.pk, mover.pk)


@pytest.fixture(params=range(2))
def world(request: pytest.FixtureRequest, db: None) -> Any:
    return worlds.make(request.param)


@settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, max_examples=8)
@given(data=definitions.TIMED, seed=st.integers(0, 2**20))
def test_it_is_the_first_day_on_which_the_members_are_others(world: Any, data: Any, seed: int) -> None:
    organization, _, ids = world
    segment: Segment = SegmentFactory(organization=organization)
    segment.save_definition(named(data, ids), by=None, at=worlds.AT)
    member = Random(seed).choice(list(organization.customers.order_by("external_id")))
    zone, today = organization.zone, organization.local_date(worlds.AT)
    now = belongs(segment, member, worlds.AT)
    days = [today + timedelta(days=n) for n in range(1, DAYS + 1)]
    others = [day for day in days if belongs(segment, member, datetime.combine(day, time(), zone)) != now]
    turn = foretell(segment, member, at=worlds.AT)
    assert (turn is not None) == bool(others)
    if turn:
        assert turn.enters != now
        assert turn.day in (others[0], others[0] - timedelta(days=1))


def belongs(segment: Segment, member: Any, at: datetime) -> bool | None:
    return explain(segment, member, at=at, sight=CLEAR).belongs
