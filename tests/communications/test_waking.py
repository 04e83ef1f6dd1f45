"""Who is told of an event need not wait for the clock: what was written wakes the dispatcher."""

from typing import Any

import pytest
from django.db import transaction

from communications import tasks
from communications.models import DomainEvent, Endpoint
from console import wakeup
from console.organizations.models import Organization
from console.postgres.base import NOTICES
from console.wakeup import SOON
from tests.communications.factories import an_endpoint
from tests.factories import LedgerFactory
from tests.midaz.conftest import Caller, caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(nordbank: Organization) -> Caller:
    ledger = LedgerFactory(organization=nordbank)
    return caller(nordbank, f"/v1/organizations/{nordbank.pk}/ledgers/{ledger.pk}")


@pytest.fixture
def listener(nordbank: Organization, books: Caller) -> Endpoint:
    """Told of everything that happens after the ledger was made."""
    return an_endpoint(nordbank, events=DomainEvent.values)


class TestTheDispatcher:
    @pytest.fixture
    def woken(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """After how many seconds it was asked to look, each time."""
        woken: list[float] = []
        monkeypatch.setattr(NOTICES["told"], "due", 0.0)
        monkeypatch.setattr(tasks.dispatch, "apply_async", lambda *_, **said: woken.append(said["countdown"]))
        return woken

    def test_is_woken_once_for_all_that_happens_within_a_second(
        self, books: Caller, listener: Endpoint, woken: list[float], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            for name in "abc":
                books.made("/segments", {"name": name})
            assert woken == [], "nobody looks before it is committed"
        assert woken == [SOON]

    def test_is_woken_again_when_it_has_looked(
        self,
        books: Caller,
        listener: Endpoint,
        woken: list[float],
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        for seconds in (0, 0.5, SOON, 2 * SOON):
            monkeypatch.setattr(wakeup, "monotonic", lambda moment=seconds: 1000 + moment)
            with django_capture_on_commit_callbacks(execute=True):
                books.made("/segments", {"name": str(seconds)})
        assert woken == [SOON] * 3

    def test_is_left_alone_by_what_nobody_asked_for(
        self, books: Caller, woken: list[float], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            books.made("/segments", {"name": "Nobody asked"})
        assert woken == []

    def test_is_left_alone_by_what_is_taken_back(
        self, books: Caller, listener: Endpoint, woken: list[float], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            books.made("/segments", {"name": "Taken back"})
            transaction.set_rollback(True)
        assert not listener.messages.exists()
        assert woken == []
