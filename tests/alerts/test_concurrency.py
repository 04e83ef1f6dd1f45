"""Evaluators at once, writers that commit late: one alert for one fall, and no fall is overlooked."""

import threading
from collections.abc import Callable
from contextvars import copy_context

import pytest
from django.db import connection, transaction

from alerts.models import Alert
from alerts.triggers import Busy
from console.organizations.models import Organization, Role
from tests.alerts.bank import (
    account_segment,
    account_with,
    activate,
    book,
    campaign_on,
    judge,
    later,
    states_of,
)
from tests.factories import NOW, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> None:
    """Run these in threads, each on its own connection, from one starting shot."""
    ready = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        ready.wait()
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=copy_context().run, args=(run, work)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def judge_when_free(organization: Organization) -> None:
    """Evaluate; somebody else at it is as good."""
    try:
        judge(organization, at=later(5))
    except Busy:
        return


def test_two_evaluators_at_once_make_one_alert() -> None:
    alice = StaffFactory(role=Role.ADMIN)
    bank = alice.organization
    accounts = [account_with(bank, "150") for _ in range(3)]
    activate(campaign_on(account_segment(bank, *accounts)), by=alice, at=NOW)
    judge(bank, at=NOW)
    for account in accounts:
        book(account, "-90", at=later(1))
    at_once(*[lambda: judge_when_free(bank)] * 4)
    judge(bank, at=later(6))
    assert [states_of(account) for account in accounts] == [["firing"]] * 3
    assert not bank.movements.exists()


def test_the_second_evaluator_is_told_that_one_is_at_it() -> None:
    alice = StaffFactory(role=Role.ADMIN)
    refusals: list[str] = []

    def other() -> None:
        try:
            judge(alice.organization, at=NOW)
        except Busy as busy:
            refusals.append(str(busy))
        finally:
            connection.close()

    with transaction.atomic():
        judge(alice.organization, at=NOW)
        thread = threading.Thread(target=copy_context().run, args=(other,))
        thread.start()
        thread.join()
    assert len(refusals) == 1


def test_a_movement_that_commits_late_is_not_overlooked() -> None:
    alice = StaffFactory(role=Role.ADMIN)
    bank = alice.organization
    slow, quick = account_with(bank, "150"), account_with(bank, "150")
    activate(campaign_on(account_segment(bank, slow, quick)), by=alice, at=NOW)
    judge(bank, at=NOW)
    written, may_commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            book(slow, "-90", at=later(1))
            written.set()
            may_commit.wait(30)
        connection.close()

    thread = threading.Thread(target=copy_context().run, args=(slow_writer,))
    thread.start()
    written.wait(30)
    book(quick, "-90", at=later(2))  # a later id commits first
    judge(bank, at=later(3))
    assert (states_of(slow), states_of(quick)) == ([], ["firing"])
    may_commit.set()
    thread.join()
    judge(bank, at=later(4))
    assert states_of(slow) == ["firing"]
    assert Alert.objects.count() == 2
