"""`manage.py coherence`: proves the books, names what breaks them, and says so by its exit code."""

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from communications.models import Message
from console.balances.models import Balance, DailyBalance
from console.organizations.models import Organization, Staff
from segments.models import CustomerMembership
from tests.communications.factories import communication, customers, segment_with, sent_by
from tests.factories import NOW, AccountFactory, TransactionFactory

pytestmark = pytest.mark.django_db


def coherence(*arguments: str) -> tuple[int, Any]:
    """The exit code, and what was said in JSON."""
    out = StringIO()
    try:
        call_command("coherence", "--json", *arguments, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


@pytest.fixture
def books(nordbank: Organization, alice: Staff) -> Organization:
    """A send, a member who entered, an account with a balance: all true."""
    sent_by(communication(nordbank, segment_with(nordbank, *customers(nordbank, 2))), alice)
    account = AccountFactory.create(organization=nordbank)
    TransactionFactory.create(account=account, amount=Decimal("70.00"))
    TransactionFactory.create(account=account, amount=Decimal("20.50"), direction="debit")
    kept = {"organization": nordbank, "account": account, "ledger": Decimal("49.50")}
    Balance.objects.create(**kept, last_on="2026-11-02", items=2, asset_code=account.asset_code)
    DailyBalance.objects.create(**kept, day="2026-11-02", cum=Decimal("49.50"))
    return nordbank


def test_true_books_hold(books: Organization) -> None:
    code, found = coherence()
    assert (code, found["holds"]) == (0, True)
    checks = found["organizations"]["nordbank"]
    assert [checks[name]["asked"] for name in ("messages", "membership", "balances")] == [1, 2, 1]


def test_a_message_that_vanished_is_missed(books: Organization) -> None:
    Message.objects.filter(pk=Message.objects.all()[0].pk).delete()
    code, found = coherence()
    assert code == 1
    [words] = found["organizations"]["nordbank"]["messages"]["examples"]
    assert "2 planned, 1 written" in words


def test_a_member_who_never_entered_is_found_and_one_who_is_gone_is_missed(books: Organization) -> None:
    CustomerMembership.objects.filter(pk=CustomerMembership.objects.all()[0].pk).delete()
    segment = CustomerMembership.objects.get().segment
    [stranger] = customers(books, 1)
    CustomerMembership.objects.create(organization=books, segment=segment, customer=stranger, entered_at=NOW)
    code, found = coherence("--organization", "nordbank")
    assert code == 1
    [words] = found["organizations"]["nordbank"]["membership"]["examples"]
    assert "1 customers entered and are not in it, 1 are in it and never entered" in words


@pytest.mark.parametrize("what", ["ledger", "last day", "items", "missing"])
def test_a_balance_that_is_not_the_sum_is_found(what: str, books: Organization) -> None:
    if what == "ledger":
        Balance.objects.update(ledger=Decimal("49.51"))
    elif what == "last day":
        DailyBalance.objects.update(ledger=Decimal("0"))
    elif what == "items":
        Balance.objects.update(items=3)
    else:
        Balance.objects.all().delete()
    code, found = coherence()
    assert code == 1
    assert found["organizations"]["nordbank"]["balances"]["broken"] == 1


def test_in_words_for_people(books: Organization) -> None:
    out = StringIO()
    call_command("coherence", stdout=out)
    assert "balances = transactions summed: holds (1 asked)" in out.getvalue()


def test_an_unknown_organization_is_an_error(books: Organization) -> None:
    with pytest.raises(CommandError, match="There is no organization"):
        call_command("coherence", "--organization", "nobank")
