"""Taking a segment out of use that very many accounts carry: it is taken off them batch by batch, then it goes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from console.holding import NotPossible
from console.ledgers.models import Ledger
from console.organizations.models import Organization, Staff
from console.portfolios import querysets
from segments.assigned.assigning import assign
from segments.bulk import engine
from segments.bulk.asking import ask
from segments.bulk.engine import process
from segments.models import BulkRun, MembershipEvent, Segment
from tests.communications.factories import communication
from tests.conftest import signed_in
from tests.factories import NOW, LedgerFactory, PortfolioFactory
from tests.midaz.conftest import caller
from tests.pages import words
from tests.segments.tags import a_tag, carriers, some_accounts, tagged

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querysets, "FEW", 20)
    monkeypatch.setattr(engine, "BATCH", 10)


@pytest.fixture
def retail(nordbank: Organization) -> Ledger:
    ledger: Ledger = LedgerFactory(organization=nordbank, name="Retail")
    return ledger


@pytest.fixture
def gold(nordbank: Organization, retail: Ledger) -> Segment:
    """A segment that 25 accounts carry."""
    segment = a_tag(nordbank, "Gold", ledger=retail)
    tagged(segment, *some_accounts(retail, 25))
    return segment


def retire(staff: Staff, segment: Segment, how: str) -> Any:
    url = staff.organization.url("segments:assigned_retire", segment.pk)
    return signed_in(staff).post(url, {"how": how})


def now(segment: Segment) -> Segment:
    return Segment._base_manager.get(pk=segment.pk)


@pytest.mark.parametrize(
    ("how", "done"), [("archive", "The segment is archived"), ("delete", "The segment is deleted")]
)
def test_the_page_leads_to_how_far_it_is_and_the_segment_goes_last(
    bob: Staff, gold: Segment, how: str, done: str
) -> None:
    answer = retire(bob, gold, how)
    run = BulkRun.objects.get()
    assert answer["Location"] == run.get_absolute_url()
    assert (run.action, run.requested_by, run.state, run.total) == (how, bob, "queued", 25)
    assert len(carriers(gold)) == 25
    client, page = signed_in(bob), bob.organization.url("segments:assigned_retire", gold.pk)
    assert "It is going out of use now" in words(client.get(page).content.decode())
    assert retire(bob, gold, how)["Location"] == run.get_absolute_url()  # once more is the same change
    assert f"Take “Gold” off 25 accounts and {how} it" in words(
        client.get(run.get_absolute_url()).content.decode()
    )
    ended = process(run.pk, clock=lambda: NOW)
    assert (ended.state, ended.changed, ended.unchanged) == ("done", 25, 0), ended.error
    held = now(gold)
    assert (held.member_count, held.account_memberships.count()) == (0, 0)
    assert bool(held.archived_at if how == "archive" else held.deleted_at)
    exits = MembershipEvent.objects.filter(segment=gold, change="left", bulk=run)
    assert exits.count() == 25
    assert "Bob" in exits[0].cause()
    assert done in words(client.get(run.get_absolute_url()).content.decode())


def test_few_leave_at_once(bob: Staff, retail: Ledger) -> None:
    silver = a_tag(bob.organization, "Silver")
    tagged(silver, *some_accounts(retail, 20))
    assert retire(bob, silver, "delete")["Location"] == bob.organization.url("segments:segment_list")
    assert now(silver).deleted_at
    assert not BulkRun.objects.exists()


def test_who_came_in_meanwhile_leaves_too_and_who_left_is_as_it_is(
    bob: Staff, retail: Ledger, gold: Segment
) -> None:
    silver = a_tag(bob.organization, "Silver")
    retire(bob, gold, "delete")
    run = BulkRun.objects.get()
    moved = run.organization.accounts.order_by("pk")[:1]
    assign(run.organization, run.organization.accounts.filter(pk=moved[0].pk), silver, at=NOW)
    tagged(gold, *some_accounts(retail, 2))
    ended = process(run.pk, clock=lambda: NOW)
    assert (ended.state, ended.changed, ended.unchanged) == ("done", 24, 1), ended.error
    assert now(gold).member_count == 0
    assert len(carriers(silver)) == 1


def test_cancelled_it_keeps_the_segment_and_resumed_it_goes(bob: Staff, gold: Segment) -> None:
    retire(bob, gold, "delete")
    run = BulkRun.objects.get()
    clock = iter([NOW, NOW, NOW + timedelta(seconds=30)]).__next__
    process(run.pk, clock=clock, slice_of=timedelta(seconds=9))
    run.refresh_from_db()
    run.cancel(at=NOW)
    assert len(carriers(gold)) == 15
    run.resume(at=NOW)
    assert process(run.pk, clock=lambda: NOW).state == "done"
    assert now(gold).deleted_at


@pytest.mark.parametrize("how", ["archive", "delete"])
def test_what_began_to_use_it_meanwhile_keeps_it(bob: Staff, gold: Segment, how: str) -> None:
    retire(bob, gold, how)
    communication(bob.organization, gold, name="Gold letters")
    ended = process(BulkRun.objects.get().pk, clock=lambda: NOW)
    assert ended.state == "failed"
    assert "Gold letters" in ended.error
    assert {now(gold).archived_at, now(gold).deleted_at} == {None}


def test_to_archive_and_to_delete_it_end_with_both(bob: Staff, gold: Segment) -> None:
    retire(bob, gold, "archive")
    retire(bob, gold, "delete")
    first, second = BulkRun.objects.order_by("pk")
    assert process(second.pk, clock=lambda: NOW).state == "done"
    assert process(first.pk, clock=lambda: NOW).state == "done"
    assert now(gold).deleted_at
    assert not now(gold).archived_at


def test_the_api_answers_at_once_and_it_goes_by_the_key(
    nordbank: Organization,
    retail: Ledger,
    gold: Segment,
    at_once: None,
    django_capture_on_commit_callbacks: Any,
) -> None:
    call = caller(nordbank, f"/v1/organizations/{nordbank.pk}/ledgers/{retail.pk}")
    with django_capture_on_commit_callbacks(execute=True):
        assert call("DELETE", f"/segments/{gold.pk}").status_code == 204
    assert call("GET", f"/segments/{gold.pk}").status_code == 404
    assert not nordbank.account_memberships.exists()
    exits = MembershipEvent.objects.filter(segment=gold, change="left")
    assert exits.count() == 25
    assert all(one.key for one in exits)


class TestAims:
    """A change that is about a segment or a portfolio has one as soon as it is under way."""

    def test_it_does_not_start_without(self, olga: Staff, retail: Ledger) -> None:
        some_accounts(retail, 1)
        for action in ("carry", "move"):
            run = ask(olga.organization, action, olga.organization.accounts.all(), by=olga, at=NOW)
            with pytest.raises(NotPossible, match="was chosen"):
                run.start(None, by=olga, at=NOW)

    @pytest.mark.parametrize("action", ["carry", "archive", "delete", "move", "empty"])
    def test_the_database_knows_none_without(self, olga: Staff, retail: Ledger, action: str) -> None:
        some_accounts(retail, 1)
        run = ask(olga.organization, action, olga.organization.accounts.all(), by=olga, at=NOW)
        same = BulkRun.objects.filter(pk=run.pk)
        for state in ("queued", "running", "failed"):
            with pytest.raises(IntegrityError, match="bulk_run_has_"), transaction.atomic():
                same.update(state=state)
        same.update(state="cancelled")
        if action in ("move", "empty"):
            same.update(state="queued", portfolio=PortfolioFactory(ledger=retail))
        else:
            same.update(state="queued", segment=a_tag(olga.organization, "Gold"))
