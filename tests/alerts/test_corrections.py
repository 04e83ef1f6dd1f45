"""What a reversal or a late item does to alerts: taken back, never deleted, and free to fire anew."""

import pytest

from console.balances.posting import reverse
from console.organizations.models import Organization, Staff
from tests.alerts.bank import (
    account_with,
    alerts_of,
    book,
    judge,
    kinds_of,
    later,
    states_of,
    watching,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_reversal_voids_the_alert(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account)
    book(account, "-90", at=later(1))
    judge(nordbank, at=later(1))
    reverse(account.transactions.get(direction="debit"), by=alice, at=later(30))
    result = judge(nordbank, at=later(31))
    (alert,) = alerts_of(account)
    assert (alert.state, result.voided, kinds_of(alert)) == ("voided", 1, ["fired", "voided"])
    assert alert.events.get(kind="voided").data["corrected"] == "150"
    book(account, "-90", at=later(40))
    judge(nordbank, at=later(41))
    assert states_of(account) == ["voided", "firing"]


def test_a_late_credit_voids_a_credit_of_the_day_recovers(alice: Staff, nordbank: Organization) -> None:
    late, same_day = account_with(nordbank, "150"), account_with(nordbank, "150")
    watching(alice, late, same_day)
    for account in (late, same_day):
        book(account, "-90", at=later(1))
    judge(nordbank, at=later(1))
    book(late, "50", at=later(30), on=later(days=-3).date())
    book(same_day, "50", at=later(30))
    judge(nordbank, at=later(31))
    assert (states_of(late), states_of(same_day)) == (["voided"], ["resolved"])


def test_a_correction_also_takes_back_what_a_person_resolved(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account, cooldown=later(days=30) - NOW)
    book(account, "-90", at=later(1))
    judge(nordbank, at=later(1))
    alerts_of(account)[0].resolve(by=alice, at=later(2))
    reverse(account.transactions.get(direction="debit"), by=alice, at=later(30))
    book(account, "-90", at=later(40))
    judge(nordbank, at=later(41))
    assert states_of(account) == ["voided", "firing"]  # a voided alert begins no cooldown


def test_still_below_after_the_correction_fires_anew(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account)
    book(account, "-70", at=later(1))
    judge(nordbank, at=later(1))
    book(account, "-60", at=later(days=1))
    judge(nordbank, at=later(days=1))
    reverse(account.transactions.get(amount=70), by=alice, at=later(5, days=1))
    judge(nordbank, at=later(6, days=1))
    assert states_of(account) == ["voided", "firing"]


def test_what_fires_and_is_corrected_in_one_batch_is_voided(alice: Staff, nordbank: Organization) -> None:
    account = account_with(nordbank, "150")
    watching(alice, account)
    book(account, "-90", at=later(1))
    reverse(account.transactions.get(direction="debit"), by=alice, at=later(2))
    judge(nordbank, at=later(3))
    assert states_of(account) == ["voided"]
