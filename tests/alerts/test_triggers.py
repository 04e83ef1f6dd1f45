"""When an alert fires, recovers, is left alone or taken back: through postings, as in a bank."""

from decimal import Decimal

import pytest

from console.organizations.models import Organization, Staff
from tests.alerts.bank import (
    TODAY,
    account_segment,
    account_with,
    activate,
    alerts_of,
    book,
    campaign_on,
    judge,
    kinds_of,
    later,
    states_of,
    watching,
)
from tests.factories import NOW, AccountHolderFactory, AssetFactory, LedgerFactory, SegmentFactory

pytestmark = pytest.mark.django_db


def test_a_fall_below_fires_once_with_its_evidence(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    campaign = watching(alice, account, clear_at="110")
    book(account, "-54.10", at=later(1))
    book(account, "-15.90", at=later(1))
    result = judge(nordbank, at=later(2))
    (alert,) = alerts_of(account)
    assert (result.movements, result.fired) == (2, 1)
    assert (alert.state, alert.campaign, alert.episode) == ("firing", campaign, 1)
    assert (alert.value, alert.fired_at, alert.as_of) == (Decimal("95.90"), later(1), TODAY)
    assert {
        key: alert.evidence[key] for key in ("previous", "value", "threshold", "clear_at", "currency", "how")
    } == {
        "previous": "150",
        "value": "95.9",
        "threshold": "100",
        "clear_at": "110",
        "currency": "EUR",
        "how": "movement",
    }
    assert [item["amount"] for item in alert.evidence["transactions"]] == ["-54.1", "-15.9"]
    assert kinds_of(alert) == ["fired"]


def test_only_the_edge_fires_not_the_level(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account)
    for minute, amount in enumerate(("-60", "-10", "-10", "5"), start=1):
        book(account, amount, at=later(minute))
        judge(nordbank, at=later(minute))
    assert states_of(account) == ["firing"]


def test_exactly_at_the_threshold_is_not_below(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account)
    book(account, "-50", at=later(1))
    judge(nordbank, at=later(1))
    assert states_of(account) == []
    book(account, "-0.01", at=later(2))
    judge(nordbank, at=later(2))
    assert states_of(account) == ["firing"]


def test_between_threshold_and_clear_level_it_recovers_and_falls_again_as_one_alert(
    alice: Staff, nordbank: Organization
) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account, clear_at="110")
    seen = []
    for minute, amount in enumerate(("-70", "25", "-10", "15", "-15"), start=1):  # 80, 105, 95, 110, 95
        book(account, amount, at=later(minute))
        judge(nordbank, at=later(minute))
        seen.append(states_of(account))
    assert seen == [["firing"], ["recovering"], ["firing"], ["resolved"], ["resolved", "firing"]]
    first, second = alerts_of(account)
    assert kinds_of(first) == ["fired", "recovering", "fell_again", "recovered"]
    assert (first.ended_at, second.episode) == (later(4), 2)


@pytest.mark.parametrize(("on_activation", "expected"), [("wait", []), ("fire", ["firing"])])
def test_accounts_below_on_activation_wait_or_fire_once(
    alice: Staff, nordbank: Organization, on_activation: str, expected: list[str]
) -> None:
    account = account_with(nordbank, "80")
    watching(alice, account, clear_at="110", on_activation=on_activation)
    assert states_of(account) == expected
    book(account, "25", at=later(1))  # 105: over the threshold, not clear
    book(account, "-20", at=later(2))
    judge(nordbank, at=later(3))
    assert states_of(account) == expected
    book(account, "30", at=later(4))  # 115: clear
    book(account, "-20", at=later(5))
    judge(nordbank, at=later(6))
    assert states_of(account) == [*["resolved" for _ in expected], "firing"]


@pytest.mark.parametrize(
    ("days", "expected"), [(0, 2), (30, 1), (None, 1)], ids=["each crossing", "after 30 days", "never again"]
)
def test_cooldown(alice: Staff, nordbank: Organization, days: int | None, expected: int) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account, cooldown=None if days is None else later(days=days) - NOW)
    for minute, amount in enumerate(("-70", "70", "-70"), start=1):
        book(account, amount, at=later(minute))
        judge(nordbank, at=later(minute))
    assert len(alerts_of(account)) == expected
    book(account, "70", at=later(days=31))
    book(account, "-70", at=later(1, days=31))
    judge(nordbank, at=later(2, days=31))
    assert len(alerts_of(account)) == (1 if days is None else expected + 1)


def test_a_customer_segment_means_the_accounts_its_members_own(alice: Staff, nordbank: Organization) -> None:
    owned, only_used = account_with(nordbank, "150"), account_with(nordbank, "150")
    holder = AccountHolderFactory(account=owned, created_at=later(days=-2))
    AccountHolderFactory(account=only_used, customer=holder.customer, role="authorised user")
    segment = SegmentFactory(organization=nordbank, refreshed_at=later(days=-1))
    segment.customer_memberships.create(
        organization=nordbank, customer=holder.customer, entered_at=later(days=-1)
    )
    type(holder).objects.update(created_at=later(days=-2))
    activate(campaign_on(segment), by=alice, at=NOW)
    judge(nordbank, at=NOW)
    for account in (owned, only_used):
        book(account, "-90", at=later(1))
    judge(nordbank, at=later(2))
    assert (states_of(owned), states_of(only_used)) == (["firing"], [])


def test_other_currencies_closed_accounts_and_strangers_are_left_out(
    alice: Staff, nordbank: Organization
) -> None:
    ledger = LedgerFactory(organization=nordbank)
    AssetFactory(ledger=ledger, code="USD")
    dollars = account_with(nordbank, "150", ledger=ledger, asset_code="USD")
    closed = account_with(nordbank, "150", status="CLOSED")
    stranger = account_with(nordbank, "150")
    watching(alice, dollars, closed)
    for account in (dollars, closed, stranger):
        book(account, "-90", at=later(1))
    assert judge(nordbank, at=later(2)).fired == 0


def test_resolved_by_a_person_it_waits_until_it_has_cleared(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account)
    book(account, "-90", at=later(1))
    judge(nordbank, at=later(1))
    alerts_of(account)[0].resolve(by=alice, at=later(2))
    for minute, amount in enumerate(("-5", "-5", "100", "-100"), start=3):
        book(account, amount, at=later(minute))
        judge(nordbank, at=later(minute))
    assert states_of(account) == ["resolved", "firing"]


def test_small_batches_give_the_same(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account)
    for minute in range(1, 8):
        book(account, "-90" if minute % 2 else "90", at=later(minute))
    judge(nordbank, at=later(9), batch=2)
    assert states_of(account) == ["resolved", "resolved", "resolved", "firing"]
    assert not nordbank.movements.exists()


def test_of_many_campaigns_only_those_crossed_fire(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    segment = account_segment(nordbank, account)
    for threshold in ("40", "80", "120", "160"):
        activate(campaign_on(segment, threshold), by=alice, at=NOW)
    judge(nordbank, at=NOW)
    book(account, "-100", at=later(1))
    judge(nordbank, at=later(2))
    assert sorted(alert.threshold for alert in alerts_of(account)) == [80, 120]
