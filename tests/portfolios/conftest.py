"""A ledger, and milestones close to each other."""

import pytest

from console.ledgers.models import Ledger
from console.organizations.models import Organization
from console.portfolios import marking
from tests.factories import LedgerFactory


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches of three accounts, so that a few dozen have many."""
    monkeypatch.setattr(marking, "STRETCH", 3)
    monkeypatch.setattr(marking, "SPARE", 1)
    monkeypatch.setattr(marking, "MOST", 4)


@pytest.fixture
def ledger(nordbank: Organization) -> Ledger:
    return LedgerFactory(organization=nordbank)
