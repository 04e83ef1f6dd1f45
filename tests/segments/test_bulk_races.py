"""Changes of many accounts at the moment of other changes of them: nobody waits for ever, every count is true."""

from functools import partial
from typing import Any

import pytest

from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from segments import retiring
from segments.assigning import CantCarry, assign
from segments.bulk import engine
from segments.bulk.engine import process
from tests.factories import NOW, LedgerFactory
from tests.midaz.conftest import caller
from tests.races import racing
from tests.segments.tags import a_tag, asked, carriers, some_accounts, tagged

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BATCH", 7)


def work(run: Any) -> Any:
    return process(run.pk, clock=lambda: NOW)


def test_two_of_opposite_direction_end_with_each_account_in_one(nordbank: Organization, olga: Staff) -> None:
    gold, silver = a_tag(nordbank, "Gold"), a_tag(nordbank, "Silver")
    accounts = some_accounts(LedgerFactory(organization=nordbank), 40)
    with racing() as at_once:
        for _ in range(ROUNDS):
            tagged(silver, *accounts[::2])
            tagged(gold, *accounts[1::2])
            one, other = asked(olga, "carry", target=gold), asked(olga, "carry", target=silver)
            ended = at_once(partial(work, one), partial(work, other))
            assert [run.state for run in ended] == ["done", "done"], [run.error for run in ended]
            assert len(carriers(gold)) + len(carriers(silver)) == 40


def test_a_run_and_a_change_by_the_api_both_count(nordbank: Organization, olga: Staff) -> None:
    ledger = LedgerFactory(organization=nordbank)
    gold, silver = a_tag(nordbank, "Gold", ledger=ledger), a_tag(nordbank, "Silver", ledger=ledger)
    accounts = some_accounts(ledger, 20)
    client = caller(nordbank, f"/v1/organizations/{nordbank.pk}/ledgers/{ledger.pk}")
    with racing() as at_once:
        for account in accounts[:ROUNDS]:
            run = asked(olga, "carry", target=gold)
            said = {"segmentId": str(silver.pk), "blocked": True}
            ended, answer = at_once(
                partial(work, run), partial(client, "PATCH", f"/accounts/{account.pk}", said)
            )
            assert (ended.state, answer.status_code) == ("done", 200), (ended.error, answer.content)
            assert len(carriers(gold)) + len(carriers(silver)) == 20
            assert Account.objects.get(pk=account.pk).is_blocked


def test_nobody_enters_a_segment_that_is_deleted_at_that_moment(nordbank: Organization) -> None:
    some_accounts(LedgerFactory(organization=nordbank), 20)
    with racing(CantCarry) as at_once:
        for number in range(ROUNDS):
            gold = a_tag(nordbank, f"Gold {number}")
            at_once(
                partial(assign, nordbank, nordbank.accounts.all(), gold, at=NOW),
                partial(retiring.delete, gold, at=NOW),
            )
            assert not gold.account_memberships.exists()
