"""Accounts, and segments that they are tagged with."""

from typing import Any

from console.organizations.models import Organization, Staff
from console.portfolios.models import Account
from segments.assigned.assigning import assign
from segments.bulk.asking import ask
from segments.bulk.engine import process
from segments.models import BulkRun, MembershipEvent, Segment
from tests.factories import NOW, AccountFactory, SegmentFactory


def a_tag(organization: Organization, name: str, **more: Any) -> Segment:
    """An assigned segment that no account carries."""
    said = {"kind": "assigned", "population": "accounts", "is_marketing": False, "member_count": 0}
    tag: Segment = SegmentFactory(organization=organization, name=name, **{**said, **more})
    return tag


def some_accounts(ledger: Any, number: int, **more: Any) -> list[Account]:
    """Accounts of a ledger."""
    return list(AccountFactory.create_batch(number, organization=ledger.organization, ledger=ledger, **more))


def tagged(tag: Segment, *accounts: Account) -> None:
    keys = [account.pk for account in accounts]
    assign(tag.organization, Account.objects.filter(pk__in=keys), tag, at=NOW)


def carriers(tag: Segment) -> set[str]:
    """The external ids of those that carry it; the number kept with the segment, and the events, must say the same."""
    tag.refresh_from_db()
    found = set(tag.account_memberships.values_list("account__external_id", flat=True))
    assert tag.member_count == len(found)
    events = MembershipEvent.objects.filter(segment=tag).order_by("pk").values_list("account", "change")
    assert sum(change == "entered" for change in dict(events).values()) == len(found)
    return found


def asked(staff: Staff, action: str, accounts: Any = None, target: Any = None) -> BulkRun:
    """A change of these accounts, or of all, that waits for a worker."""
    chosen = staff.organization.accounts.all() if accounts is None else accounts
    run = ask(staff.organization, action, chosen, by=staff, at=NOW)
    run.start(target, by=staff, at=NOW)
    return run


def done(run: BulkRun) -> tuple[int, int, int]:
    """Carry it out to its end: changed, unchanged, refused."""
    ended = process(run.pk, clock=lambda: NOW)
    assert ended.state == "done", ended.error
    return ended.changed, ended.unchanged, ended.refused
