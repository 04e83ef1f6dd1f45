"""What outlives an erasure: the trail's proof and what was decided, told before, and naming nobody."""

from django.utils import timezone

from console.customers.erasing import fates
from console.organizations import chain
from console.organizations.models import Organization
from console.organizations.proving import Witness, prove
from tests.customers import test_erasure
from tests.customers.test_erasure import TELLING, WHO, admin_of, erase
from tests.factories import NOW

bank = test_erasure.bank


def test_the_trail_proves_the_same_afterwards_and_names_nobody(bank: Organization) -> None:
    chain.extend(bank.pk)
    before = list(bank.audit_events.order_by("seq").values_list("pk", "mac"))
    erase(bank)
    chain.extend(bank.pk)
    verdict = prove(bank.pk, Witness(), at=timezone.now())
    assert (verdict.fault, verdict.events) == ("", bank.audit_events.count())
    assert list(bank.audit_events.order_by("seq").values_list("pk", "mac"))[: len(before)] == before
    written = str(list(bank.audit_events.values())).lower()
    assert [part for part in TELLING if part in written] == []


def test_what_was_decided_stays_and_is_told_before_and_drafts_go(bank: Organization) -> None:
    staff, customer = admin_of(bank), bank.customers.get()
    customer.reveal(["name"], reason=f"About {WHO['name']}", by=staff, at=NOW)
    rules = {"combinator": "and", "rules": [{"field": "name", "operator": "=", "value": WHO["name"]}]}
    bank.segment_drafts.create(staff=staff, name="Mine", definition=rules, kept_at=NOW)
    kept = bank.segment_drafts.create(staff=staff, name="Another", kept_at=NOW)
    told = {fate.what: (fate.number, fate.is_going) for fate in fates(customer)}
    assert told["Comments and reasons that name them"] == (1, False)
    assert told["Drafts of segments that name them"] == (1, True)
    erase(bank)
    assert list(bank.segment_drafts.filter(staff=staff, name__in=["Mine", "Another"])) == [kept]
    assert WHO["name"] in customer.reveals.get(reason__startswith="About").reason
