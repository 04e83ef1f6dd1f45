"""What wakes an evaluation: the clock for every bank, a command for scripts."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from alerts import tasks
from alerts.tasks import evaluate_due
from console.organizations.models import Organization, Staff
from tests.alerts.bank import account_segment, account_with, activate, book, campaign_on, later, states_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_the_clock_judges_every_bank(alice: Staff, charlie: Staff, time_machine: Any) -> None:
    accounts = []
    for staff in (alice, charlie):
        account = account_with(staff.organization, "150")
        activate(campaign_on(account_segment(staff.organization, account)), by=staff, at=NOW)
        accounts.append(account)
    time_machine.move_to(NOW)
    evaluate_due()
    for account in accounts:
        book(account, "-90", at=later(1))
    time_machine.move_to(later(2))
    evaluate_due()
    assert [states_of(account) for account in accounts] == [["firing"], ["firing"]]


def test_one_banks_trouble_does_not_stop_the_others(
    alice: Staff, charlie: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Organization] = []

    def evaluate(organization: Organization, **options: Any) -> Any:
        judged.append(organization)
        raise DatabaseError("out of disk")

    monkeypatch.setattr(tasks, "evaluate", evaluate)
    evaluate_due()
    assert set(judged) == {alice.organization, charlie.organization}


def test_the_command_tells_what_it_did(alice: Staff) -> None:
    out = StringIO()
    call_command("evaluate_alerts", organization="nordbank", stdout=out)
    assert json.loads(out.getvalue()) == {
        "organization": "nordbank",
        "movements": 0,
        "campaigns": 0,
        "fired": 0,
        "cleared": 0,
        "voided": 0,
    }
    with pytest.raises(CommandError, match="There is no organization “nobank”"):
        call_command("evaluate_alerts", organization="nobank")
