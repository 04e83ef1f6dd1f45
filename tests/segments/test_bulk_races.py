"""Changes of many accounts at the moment of other changes of them: nobody waits for ever, every count is true."""

from functools import partial
from typing import Any

import pytest

from console.organizations.models import Organization, Staff
from console.portfolios import querysets
from console.portfolios.models import Account
from segments.assigned import retiring
from segments.assigned.assigning import CantCarry, assign
from segments.bulk import engine
from segments.bulk.engine import process
from segments.freshness.refreshing import execute
from segments.models import BulkRun, Run
from tests.conftest import signed_in
from tests.factories import NOW, LedgerFactory, PortfolioFactory, SegmentFactory
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


def test_what_is_made_from_both_of_two_tags_is_asked_for_once(
    nordbank: Organization, olga: Staff, alice: Staff
) -> None:
    gold, silver = a_tag(nordbank, "Gold"), a_tag(nordbank, "Silver")
    some_accounts(LedgerFactory(organization=nordbank), 40)
    either = {"field": "assigned_segment", "operator": "in", "value": [str(gold.pk), str(silver.pk)]}
    made = [SegmentFactory(organization=nordbank, population="accounts") for _ in range(2)]
    for segment in made:
        segment.save_definition({"combinator": "and", "rules": [either]}, by=alice, at=NOW)
    with racing() as at_once:
        for _ in range(ROUNDS):
            one, other = asked(olga, "carry", target=gold), asked(olga, "carry", target=silver)
            ended = at_once(partial(work, one), partial(work, other))
            assert [run.state for run in ended] == ["done", "done"], [run.error for run in ended]
            waiting = Run.objects.get(segment=made[0], state="queued")
            again = asked(olga, "carry", target=gold)
            ran, ended = at_once(partial(execute, waiting.pk, at=NOW), partial(work, again))
            assert (ran.state, ended.state) == ("done", "done"), (ran.error, ended.error)
    for run in Run.objects.filter(state="queued"):
        execute(run.pk, at=NOW)
    assert [segment.account_memberships.count() for segment in made] == [40, 40]


def test_nobody_stays_in_a_portfolio_that_goes(
    nordbank: Organization, olga: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(querysets, "FEW", 10)
    ledger = LedgerFactory(organization=nordbank)
    client = signed_in(olga)
    with racing() as at_once:
        for _ in range(ROUNDS):
            praha = PortfolioFactory(ledger=ledger)
            inside = some_accounts(ledger, 15, portfolio=praha)
            outside = [account.pk for account in some_accounts(ledger, 15)]
            client.post(nordbank.url("portfolios:portfolio_delete", praha.pk))
            emptied = BulkRun.objects.get(portfolio=praha)
            moved = asked(olga, "move", nordbank.accounts.filter(pk__in=outside), praha)
            gone, came = at_once(partial(work, emptied), partial(work, moved))
            assert gone.state == "done", gone.error
            assert came.state in ("done", "failed"), came.error
            assert not nordbank.accounts.filter(portfolio=praha).exists()
            assert nordbank.accounts.filter(pk__in=[*outside, *(one.pk for one in inside)]).count() == 30


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
