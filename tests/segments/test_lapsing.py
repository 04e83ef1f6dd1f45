"""An answer holds until the clock changes what its rules ask for: not longer, and without that for ever."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from console.organizations.models import Organization
from segments import definition
from segments.freshness import refreshing
from segments.freshness.lapsing import MOMENT, USUALLY, lapses_at
from segments.models import Segment
from tests.factories import NOW, CustomerFactory, OrganizationFactory, SegmentFactory
from tests.segments import definitions
from tests.segments.worlds import declare

pytestmark = pytest.mark.django_db
PRAGUE = ZoneInfo("Europe/Prague")


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PRAGUE)


AT = local(2026, 3, 28, 23, 30)


def relative(anchor: str, offset: int = 0, unit: str = "day") -> dict[str, Any]:
    return {"mode": "relative", "anchor": anchor, "offset": offset, "unit": unit}


def asked(field: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"field": field, "operator": operator, "value": value, **more}]}


def added(field: str, fn: str, of: str, value: str) -> dict[str, Any]:
    lhs = {"kind": "func", "fn": fn, "args": [{"kind": "field", "field": of}]}
    return asked(field, ">", value, lhs=lhs)


def lapse(organization: Organization, data: Any, at: datetime = AT) -> datetime | None:
    return lapses_at(definition.parse(data, "customers", organization), organization, at)


@pytest.fixture
def prague() -> Organization:
    bank: Organization = OrganizationFactory(time_zone="Europe/Prague", base_currency="CZK")
    declare(bank)
    return bank


@pytest.mark.parametrize(
    ("data", "until"),
    [
        (asked("country", "=", "CZ"), None),
        (asked("created_at", ">", "2026-01-01"), None),
        (asked("created_at", ">", relative("startOfDay", -90)), local(2026, 3, 29)),
        (asked("created_at", ">", relative("startOfMonth")), local(2026, 4, 1)),
        (asked("created_at", ">", relative("startOfYear", -1, "year")), local(2027, 1, 1)),
        (asked("created_at", ">", relative("now", -30, "minute")), AT + timedelta(minutes=1)),
        (asked("created_at", ">", relative("now", -2, "hour")), AT + timedelta(minutes=5)),
        (asked("created_at", "between", ["2026-01-01", relative("now", -1)]), AT + timedelta(minutes=15)),
        (asked("invoices", "=", asked("days_overdue", ">", 30)), local(2026, 3, 29)),
        (asked("invoices", "=", asked("due_on", "<", relative("now"))), local(2026, 3, 29)),
        (added("invoices", "max", "days_overdue", "5"), local(2026, 3, 29)),
        (asked("total_balance", ">", "100.00"), local(2026, 3, 29)),  # a booking may be dated ahead
        (
            asked("accounts", "=", asked("monthly_low_balance", "<", "1.00", meta={"months": 3})),
            local(2026, 4, 1),
        ),
    ],
)
def test_an_answer_lapses_when_its_rules_mean_other_days(
    prague: Organization, data: Any, until: datetime | None
) -> None:
    assert lapse(prague, data) == until


def test_a_month_back_from_the_31st_lapses_with_the_month(prague: Organization) -> None:
    month_back = asked("created_at", ">", relative("startOfDay", -1, "month"))
    assert lapse(prague, month_back, local(2026, 3, 27)) == local(2026, 3, 28)
    assert lapse(prague, month_back, local(2026, 3, 28)) == local(2026, 4, 1)


def test_midnight_is_the_banks(prague: Organization) -> None:
    today = asked("created_at", "=", relative("startOfDay"))
    before_summer_time = local(2026, 3, 29, 0, 30)
    until = lapse(prague, today, before_summer_time)
    assert until is not None
    assert (until - before_summer_time.astimezone(ZoneInfo("UTC"))) == timedelta(hours=22, minutes=30)
    prague.time_zone = "Asia/Tokyo"
    assert lapse(prague, today) == datetime(2026, 3, 30, tzinfo=ZoneInfo("Asia/Tokyo"))


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(
    data=definitions.CUSTOMERS,
    minutes=st.integers(0, 3 * 365 * 24 * 60),
    millionths=st.integers(0, 999_999),
)
def test_nothing_is_asked_for_anew_before_it_lapses(
    prague: Organization, data: Any, minutes: int, millionths: int
) -> None:
    assume("segment'" not in str(data))  # there are none, by rules or assigned
    node = definition.parse(data, "customers", prague)
    at = local(2026, 1, 1) + timedelta(minutes=minutes)
    until = lapses_at(node, prague, at) or at + timedelta(days=3000)
    between = at + (until - at) // 1_000_000 * millionths
    first, at_once, later, then = (
        definition.ids(node, prague, moment) for moment in (at, at + MOMENT, between, until)
    )
    if (first.sql, first.params) != (at_once.sql, at_once.params):
        assert until - at <= USUALLY, "it counts from the present moment"
        return
    assert (first.sql, first.params) == (later.sql, later.params)
    if until < at + timedelta(days=3000):
        assert (first.sql, first.params) != (then.sql, then.params)


def test_a_segment_is_due_when_its_answer_lapses_and_not_again_when_that_fails(prague: Organization) -> None:
    CustomerFactory(organization=prague, created_at=AT)
    segment = SegmentFactory(organization=prague, definition=asked("created_at", "=", relative("startOfDay")))
    refresh(segment, AT)
    assert segment.freshness.lapses_at == local(2026, 3, 29)
    assert not Segment.objects.due(at=local(2026, 3, 28, 23, 59)).exists()
    midnight = local(2026, 3, 29)
    assert list(Segment.objects.due(at=midnight)) == [segment]
    refresh(segment, midnight)
    assert not segment.members().exists()
    assert not Segment.objects.due(at=local(2026, 3, 29, 12)).exists()
    failed = segment.request_refresh(by=None, at=local(2026, 3, 30, 0, 1))
    failed.state = "failed"
    failed.save()
    assert not Segment.objects.due(at=local(2026, 3, 30, 1)).exists()


def test_rules_without_dates_are_never_due_by_the_clock(prague: Organization) -> None:
    segment = SegmentFactory(organization=prague, definition=asked("country", "=", "CZ"))
    refresh(segment, NOW)
    assert segment.freshness.lapses_at is None
    assert not Segment.objects.due(at=NOW + timedelta(days=4000)).exists()


def refresh(segment: Segment, at: datetime) -> None:
    refreshing.execute(segment.request_refresh(by=None, at=at).pk, at=at)
    segment.refresh_from_db()
