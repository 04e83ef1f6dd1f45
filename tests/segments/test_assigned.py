"""Assigned segments on pages: made, changed, put on one account, taken out of use; used by all that takes one."""

from typing import Any

import pytest
from django.db import connection

from communications.audience import audience
from console.keeping import StillUsed
from console.organizations.models import Organization, Staff
from segments.assigned import retiring
from segments.assigned.assigning import CantCarry, assign
from segments.freshness.refreshing import execute
from segments.models import AlreadyDone, MembershipEvent, Run, Segment
from tests.communications.factories import communication, customers
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    AccountHolderFactory,
    LedgerFactory,
    PortfolioFactory,
    SegmentFactory,
)
from tests.pages import rows, words
from tests.segments.tags import a_tag, asked, carriers, done, some_accounts, tagged

pytestmark = pytest.mark.django_db
NEW = "/o/nordbank/segments/new/assigned/"
GOLD = {
    "name": "Gold",
    "ledger": "",
    "description": "Our best",
    "benefits": "VIP lounge\n\nNo fees\nNo fees",
    "status": "ACTIVE",
    "status_description": "",
}


@pytest.fixture
def ledger(nordbank: Organization) -> Any:
    return LedgerFactory(organization=nordbank, name="Retail")


def test_one_is_made_with_its_benefits_and_changed(bob: Staff) -> None:
    client = signed_in(bob)
    page = client.get(client.post(NEW, GOLD)["Location"]).content.decode()
    assert "VIP lounge" in page
    assert "No account carries it yet" in page
    gold = Segment.objects.get()
    assert (gold.kind, gold.population, gold.benefits, gold.owner) == (
        "assigned",
        "accounts",
        ["VIP lounge", "No fees"],
        bob,
    )
    client.post(f"/o/nordbank/segments/{gold.pk}/assigned/", GOLD | {"name": "Golden"})
    gold.refresh_from_db()
    assert gold.name == "Golden"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"name": ""}, "Give the segment a name."),
        ({"name": "silver"}, "A segment is called “silver” already."),
        ({"benefits": "x" * 101}, "Write at most 100 characters a line"),
        ({"name": "n" * 257}, "Write at most 256 characters"),
    ],
)
def test_a_fault_is_told_and_nothing_is_lost(bob: Staff, said: dict[str, str], fault: str) -> None:
    a_tag(bob.organization, "Silver")
    answer = signed_in(bob).post(NEW, GOLD | said)
    assert answer.status_code == 422
    assert fault in words(answer.content.decode())
    assert "Our best" in answer.content.decode()


def test_what_somebody_else_changed_meanwhile_is_told_and_the_number_of_carriers_stays(
    bob: Staff, ledger: Any
) -> None:
    gold = a_tag(bob.organization, "Gold")
    client, url = signed_in(bob), f"/o/nordbank/segments/{gold.pk}/assigned/"
    seen = client.get(url).context["form"].seen
    gold.description = "Theirs"
    gold.save()
    answer = client.post(url, GOLD | {"description": "Mine", "seen": seen})
    assert answer.status_code == 422
    assert "while you were editing" in words(answer.content.decode())
    assert "Mine</textarea>" in answer.content.decode()
    now = answer.context["form"].seen
    tagged(gold, *some_accounts(ledger, 3))
    assert client.post(url, GOLD | {"description": "Mine", "seen": now}).status_code == 302
    gold.refresh_from_db()
    assert (gold.description, gold.member_count) == ("Mine", 3)


def test_two_ledgers_may_have_one_of_a_name(bob: Staff, ledger: Any) -> None:
    a_tag(bob.organization, "Gold")
    assert signed_in(bob).post(NEW, GOLD | {"ledger": str(ledger.pk)}).status_code == 302
    assert Segment.objects.filter(name="Gold").count() == 2


def test_its_page_says_where_its_accounts_are(vera: Staff, ledger: Any) -> None:
    gold = a_tag(vera.organization, "Gold")
    praha = PortfolioFactory(ledger=ledger, name="Praha")
    tagged(gold, *some_accounts(ledger, 2, portfolio=praha), *some_accounts(ledger, 1))
    client = signed_in(vera)
    said = words(client.get(f"/o/nordbank/segments/{gold.pk}/places/").content.decode())
    assert "Retail3" in said
    assert "Praha2" in said
    assert "in none1" in said
    listed = f"/o/nordbank/accounts/?segment={gold.pk}&portfolio={praha.pk}"
    assert len(rows(client, listed)) == 2
    people = SegmentFactory(organization=vera.organization)
    assert "No account is in it" in words(
        client.get(f"/o/nordbank/segments/{people.pk}/places/").content.decode()
    )


def test_one_account_is_tagged_by_its_sheet_and_the_list_shows_it(
    olga: Staff, bob: Staff, ledger: Any
) -> None:
    gold = a_tag(olga.organization, "Gold")
    foreign = a_tag(olga.organization, "Foreign", ledger=LedgerFactory(organization=olga.organization))
    (account,) = some_accounts(ledger, 1)
    client, url = signed_in(olga), olga.organization.url("portfolios:account_edit", account.pk)
    of_account = olga.organization.url("segments:account_segments", account.pk)
    assert f'href="{url}"' in client.get(of_account).content.decode()
    assert "Foreign" not in client.get(url).content.decode()
    assert client.post(url, {"status": "ACTIVE", "segment": str(gold.pk)}).status_code == 302
    assert MembershipEvent.objects.get().by == olga
    assert "Gold" in rows(client, "/o/nordbank/accounts/")[0]
    assert client.post(url, {"status": "ACTIVE", "segment": str(foreign.pk)}).status_code == 422
    assert len(carriers(gold)) == 1
    client.post(url, {"status": "ACTIVE", "segment": ""})
    assert not carriers(gold)
    assert f'href="{url}"' not in signed_in(bob).get(of_account).content.decode()
    assert signed_in(bob).post(url, {"segment": str(gold.pk)}).status_code == 403


def test_it_has_metadata_and_a_status_of_the_usual_ones(bob: Staff) -> None:
    client = signed_in(bob)
    entry = {"metadata-key": "owner", "metadata-kind": "text", "metadata-value": "Team A"}
    assert (
        'value="redrawn"'
        in client.post(NEW, GOLD | {"name": "redrawn", "redraw": "metadata:add"}).content.decode()
    )
    assert not Segment.objects.exists()
    page = words(
        client.get(client.post(NEW, GOLD | entry | {"status": "PENDING"})["Location"]).content.decode()
    )
    gold = Segment.objects.get()
    assert (gold.metadata, gold.status) == ({"owner": "Team A"}, "PENDING")
    assert "ownerTeam A" in page
    assert "Pending" in page
    answer = client.post(NEW, GOLD | {"name": "Other", "status": "WHATEVER"})
    assert "What was chosen for “status” is not offered now" in words(answer.content.decode())


class TestOutOfUse:
    @pytest.mark.parametrize(("how", "done"), [("delete", "is deleted"), ("archive", "is archived")])
    def test_it_says_how_many_carry_it_and_takes_it_off_them(
        self, bob: Staff, ledger: Any, how: str, done: str
    ) -> None:
        gold = a_tag(bob.organization, "Gold")
        tagged(gold, *some_accounts(ledger, 3))
        client, url = signed_in(bob), f"/o/nordbank/segments/{gold.pk}/out-of-use/"
        assert "3 accounts carry it now" in words(client.get(url).content.decode())
        answer = words(client.post(url, {"how": how}, follow=True).content.decode())
        assert f"“Gold” {done}; 3 accounts carry it no more." in answer
        held = Segment._base_manager.get(pk=gold.pk)
        assert (held.member_count, held.account_memberships.count()) == (0, 0)
        assert bool(held.deleted_at if how == "delete" else held.archived_at)
        assert MembershipEvent.objects.filter(change="left", by=bob).count() == 3

    def test_what_uses_it_is_named_and_keeps_it(self, bob: Staff, ledger: Any) -> None:
        gold = a_tag(bob.organization, "Gold")
        tagged(gold, *some_accounts(ledger, 3))
        communication(bob.organization, gold, name="Gold letters")
        client, url = signed_in(bob), f"/o/nordbank/segments/{gold.pk}/out-of-use/"
        said = client.get(url).content.decode()
        assert "Gold letters" in said
        assert 'value="delete"' not in said
        for how in ("delete", "archive"):
            assert "Gold letters" in client.post(url, {"how": how}, follow=True).content.decode()
        assert len(carriers(gold)) == 3

    def test_who_is_second_is_told(self, bob: Staff) -> None:
        gold = a_tag(bob.organization, "Gold")
        retiring.delete(gold, at=NOW)
        with pytest.raises(AlreadyDone):
            retiring.delete(gold, at=NOW)

    def test_nobody_enters_it_any_more(self, bob: Staff, ledger: Any) -> None:
        gold = a_tag(bob.organization, "Gold")
        some_accounts(ledger, 1)
        retiring.archive(Segment.objects.get(pk=gold.pk), at=NOW)
        with pytest.raises(CantCarry, match="out of use"):
            assign(bob.organization, bob.organization.accounts.all(), gold, at=NOW)
        assert not carriers(gold)

    def test_the_button_to_archive_leads_to_the_question(self, bob: Staff) -> None:
        gold = a_tag(bob.organization, "Gold")
        answer = signed_in(bob).post(f"/o/nordbank/segments/{gold.pk}/archive/")
        assert answer["Location"].endswith("/out-of-use/")


def test_a_communication_to_it_goes_to_the_holders_once_each(alice: Staff, ledger: Any) -> None:
    gold = a_tag(alice.organization, "Gold")
    one, other = customers(alice.organization, 2)
    accounts = some_accounts(ledger, 3)
    for account, customer in ((accounts[0], one), (accounts[1], one), (accounts[2], other)):
        AccountHolderFactory(organization=alice.organization, account=account, customer=customer)
    tagged(gold, *accounts)
    letters = communication(alice.organization, gold)
    assert letters.version
    assert audience(letters.version).planned == 2


def test_a_definition_takes_it(alice: Staff, ledger: Any) -> None:
    gold = a_tag(alice.organization, "Gold")
    accounts = some_accounts(ledger, 3)
    tagged(gold, *accounts[:2])
    segment = SegmentFactory(organization=alice.organization, population="accounts")
    rule = {"field": "assigned_segment", "operator": "in", "value": [str(gold.pk)]}
    segment.save_definition({"combinator": "and", "rules": [rule]}, by=alice, at=NOW)
    found = segment.matching(NOW)
    assert segment.version.uses == [gold.pk]
    with connection.cursor() as cursor:
        cursor.execute(found.sql, found.params)
        assert {key for (key,) in cursor.fetchall()} == {account.pk for account in accounts[:2]}
    with pytest.raises(StillUsed, match="still use"):
        retiring.delete(gold, at=NOW)


def test_what_is_made_from_it_is_counted_anew_by_the_next_tick(
    alice: Staff, olga: Staff, ledger: Any
) -> None:
    gold, silver, other = (a_tag(alice.organization, name) for name in ("Gold", "Silver", "Other"))
    accounts = some_accounts(ledger, 5)
    tagged(silver, accounts[0])
    made = {}
    for tag in (gold, silver, other):
        segment = made[tag] = SegmentFactory(organization=alice.organization, population="accounts")
        rule = {"field": "assigned_segment", "operator": "in", "value": [str(tag.pk)]}
        segment.save_definition({"combinator": "and", "rules": [rule]}, by=alice, at=NOW)
    assert done(asked(olga, "carry", target=gold)) == (5, 0, 0)
    waiting = {run.segment: run for run in Run.objects.filter(state="queued")}
    assert set(waiting) == {made[gold], made[silver]}
    ended = execute(waiting[made[gold]].pk, at=NOW)
    assert ended
    assert ended.members == 5
    tagged(gold, *accounts)
    assert not made[gold].runs.filter(state="queued").exists()
    assign(alice.organization, alice.organization.accounts.all(), None, at=NOW)
    assert made[gold].runs.filter(state="queued").count() == 1
