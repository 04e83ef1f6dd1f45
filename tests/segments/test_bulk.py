"""One change to many accounts: chosen once, done in batches, broken off and taken up again, each counted once."""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest

from console.holding import NotPossible
from console.ledgers.models import Ledger
from console.organizations.models import AuditEvent, Organization, Staff
from segments.bulk import acts, engine
from segments.bulk.asking import NobodyChosen, ask
from segments.bulk.engine import process
from segments.bulk.forecast import forecast
from segments.models import BulkItem, BulkRun, MembershipEvent
from tests.factories import NOW, LedgerFactory, PortfolioFactory
from tests.segments.tags import a_tag, asked, carriers, done, some_accounts, tagged

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing catches it."""


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BATCH", 10)


@pytest.fixture
def retail(nordbank: Organization) -> Ledger:
    ledger: Ledger = LedgerFactory(organization=nordbank, name="Retail")
    return ledger


class TestActs:
    def test_accounts_carry_a_segment_and_leave_the_one_before(self, retail: Ledger, olga: Staff) -> None:
        gold, silver = (a_tag(olga.organization, name) for name in ("Gold", "Silver"))
        accounts = some_accounts(retail, 25)
        tagged(silver, *accounts[:7])
        tagged(gold, *accounts[7:10])
        run = asked(olga, "carry", target=gold)
        assert done(run) == (22, 3, 0)
        assert len(carriers(gold)) == 25
        assert not carriers(silver)
        events = MembershipEvent.objects.filter(bulk=run)
        assert events.filter(change="entered").count() == 22
        assert events.filter(change="left", segment=silver).count() == 7
        assert "Olga Operator" in events[0].cause()

    def test_a_segment_is_taken_off(self, retail: Ledger, olga: Staff) -> None:
        gold = a_tag(olga.organization, "Gold")
        tagged(gold, *some_accounts(retail, 12))
        some_accounts(retail, 3)
        assert done(asked(olga, "drop")) == (12, 3, 0)
        assert not carriers(gold)

    def test_accounts_move_to_a_portfolio_and_out_of_it(self, retail: Ledger, olga: Staff) -> None:
        praha = PortfolioFactory(ledger=retail, entity_id="E-1")
        some_accounts(retail, 11)
        some_accounts(retail, 2, portfolio=praha)
        own = some_accounts(retail, 1, entity_id="own")[0]
        assert done(asked(olga, "move", target=praha)) == (12, 2, 0)
        assert set(praha.accounts.values_list("entity_id", flat=True)) == {"E-1", "own", ""}
        assert praha.accounts.count() == 14
        own.refresh_from_db()
        assert own.updated_at == NOW
        assert done(asked(olga, "take_out")) == (14, 0, 0)
        assert not praha.accounts.exists()

    def test_accounts_are_blocked_and_free_again(self, retail: Ledger, olga: Staff) -> None:
        some_accounts(retail, 11)
        some_accounts(retail, 1, is_blocked=True)
        assert done(asked(olga, "block")) == (11, 1, 0)
        assert olga.organization.accounts.filter(is_blocked=True).count() == 12
        assert done(asked(olga, "unblock")) == (12, 0, 0)

    def test_what_belongs_elsewhere_or_is_gone_is_refused_with_the_reason(
        self, retail: Ledger, olga: Staff
    ) -> None:
        gold = a_tag(olga.organization, "Gold", ledger=retail)
        inside = some_accounts(retail, 15)
        outside = some_accounts(LedgerFactory(organization=olga.organization), 4)
        run = asked(olga, "carry", target=gold)
        inside[3].deleted_at = NOW
        inside[3].save()
        assert done(run) == (14, 0, 5)
        reasons = dict(run.items.values_list("account", "refusal"))
        assert reasons == {inside[3].pk: "deleted"} | {account.pk: "ledger" for account in outside}
        assert len(carriers(gold)) == 14


class TestChoosing:
    def test_whom_it_changes_does_not_change_for_whom_it_is(self, retail: Ledger, olga: Staff) -> None:
        gold = a_tag(olga.organization, "Gold")
        some_accounts(retail, 25)
        free = olga.organization.accounts.filter(is_blocked=False)
        run = asked(olga, "block", free)
        process(run.pk, clock=lambda: NOW)
        assert not free.exists()
        run.refresh_from_db()
        assert run.changed == 25
        later = asked(olga, "carry", olga.organization.accounts.all(), gold)
        some_accounts(retail, 3)
        assert done(later) == (25, 0, 0)

    def test_nobody_is_refused(self, retail: Ledger, olga: Staff) -> None:
        for nobody in (olga.organization.accounts.none(), olga.organization.accounts.filter(type="no")):
            with pytest.raises(NobodyChosen):
                ask(olga.organization, "block", nobody, by=olga, at=NOW)
        assert not BulkRun.objects.exists()

    def test_what_nobody_goes_on_with_is_forgotten(self, retail: Ledger, olga: Staff) -> None:
        some_accounts(retail, 3)
        run = ask(olga.organization, "block", olga.organization.accounts.all(), by=olga, at=NOW)
        BulkRun.objects.forget(at=NOW + timedelta(days=6))
        assert run.items.count() == 3
        BulkRun.objects.forget(at=NOW + timedelta(days=8))
        run.refresh_from_db()
        assert (run.state, run.items.count(), run.can("resume")) == ("cancelled", 0, False)
        with pytest.raises(NotPossible):
            run.resume(at=NOW)


def test_a_forecast_says_what_then_happens(retail: Ledger, olga: Staff) -> None:
    gold, silver = (a_tag(olga.organization, name, ledger=retail) for name in ("Gold", "Silver"))
    accounts = some_accounts(retail, 25)
    some_accounts(LedgerFactory(organization=olga.organization), 2)
    tagged(silver, *accounts[:7])
    tagged(gold, *accounts[7:10])
    run = ask(olga.organization, "carry", olga.organization.accounts.all(), by=olga, at=NOW)
    run.segment = gold
    found = forecast(run)
    assert (found.changed, found.unchanged, found.refused) == (22, 3, {"deleted": 0, "ledger": 2})
    assert found.leaving == [("Silver", 7)]
    run.start(gold, by=olga, at=NOW)
    assert done(run) == (22, 3, 2)


class TestStopping:
    def test_a_killed_run_goes_on_after_its_last_batch(self, retail: Ledger, olga: Staff) -> None:
        gold = a_tag(olga.organization, "Gold")
        some_accounts(retail, 45)
        run = asked(olga, "carry", target=gold)
        for batches in (0, 2, 1):
            killed_after(batches, run)
        run.refresh_from_db()
        assert (run.state, run.changed) == ("running", 30)
        assert len(carriers(gold)) == 30
        assert done(run) == (45, 0, 0)
        assert len(carriers(gold)) == 45
        assert MembershipEvent.objects.filter(bulk=run).count() == 45
        assert not BulkItem.objects.filter(run=run).exists()

    def test_a_silent_run_is_woken(self, retail: Ledger, olga: Staff) -> None:
        some_accounts(retail, 1)
        run = asked(olga, "block")
        assert not BulkRun.objects.silent(at=NOW + timedelta(seconds=20)).exists()
        assert BulkRun.objects.silent(at=NOW + timedelta(seconds=40)).get() == run

    def test_cancelling_leaves_what_is_done_and_resuming_does_the_rest(
        self, retail: Ledger, olga: Staff
    ) -> None:
        some_accounts(retail, 45)
        run = asked(olga, "block")

        def cancelled_meanwhile() -> Any:
            now = BulkRun.objects.get(pk=run.pk)
            if now.changed == 20 and now.state == "running":
                now.cancel(at=NOW)
            return NOW

        stopped = process(run.pk, clock=cancelled_meanwhile)
        assert (stopped.state, stopped.changed) == ("cancelled", 20)
        assert olga.organization.accounts.filter(is_blocked=True).count() == 20
        stopped.resume(at=NOW)
        assert done(run) == (45, 0, 0)

    def test_a_target_that_goes_stops_the_run_and_says_so(self, retail: Ledger, olga: Staff) -> None:
        praha = PortfolioFactory(ledger=retail, name="Praha")
        gold = a_tag(olga.organization, "Gold")
        some_accounts(retail, 3)
        for action, target in (("move", praha), ("carry", gold)):
            run = asked(olga, action, target=target)
            target.deleted_at = NOW
            target.save()
            ended = process(run.pk, clock=lambda: NOW)
            assert ended.state == "failed"
            assert str(target) in ended.error
        assert not praha.accounts.exists()
        assert not carriers(gold)

    def test_an_error_of_ours_is_told_and_can_be_gone_on_from(self, retail: Ledger, olga: Staff) -> None:
        some_accounts(retail, 3)
        run = asked(olga, "block")
        with mock.patch.object(acts, "act", side_effect=ZeroDivisionError):
            ended = process(run.pk, clock=lambda: NOW)
        assert ended.state == "failed"
        assert "ZeroDivisionError" in ended.error
        ended.resume(at=NOW)
        assert done(run) == (3, 0, 0)

    def test_only_what_waits_is_started(self, retail: Ledger, olga: Staff) -> None:
        some_accounts(retail, 1)
        run = asked(olga, "block")
        with pytest.raises(NotPossible, match="It is waiting now"):
            run.start(None, by=olga, at=NOW)


def killed_after(batches: int, run: BulkRun) -> None:
    """Work until the given number of batches is in, then die at the end of the next."""
    advance, calls = BulkRun.advance, []

    def dies(self: BulkRun, **said: Any) -> None:
        calls.append(1)
        if len(calls) > batches:
            raise Killed
        advance(self, **said)

    with mock.patch.object(BulkRun, "advance", dies), pytest.raises(Killed):
        process(run.pk, clock=lambda: NOW)


def test_the_audit_trail_has_one_event_a_transition_with_the_numbers(retail: Ledger, olga: Staff) -> None:
    some_accounts(retail, 25)
    run = asked(olga, "block")
    done(run)
    events = AuditEvent.objects.filter(model="segments.BulkRun").order_by("pk")
    states = [event.changes["state"][1] for event in events]
    assert states == ["draft", "queued", "running", "done"]
    assert events[3].changes["outcome"][1] == "25 changed, 0 unchanged, 0 refused"
