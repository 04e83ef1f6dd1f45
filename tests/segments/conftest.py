"""A customer whom explanations are asked about, and a bank with two Germans in a segment."""

from datetime import date
from decimal import Decimal

import pytest

from console.customers.models import Customer
from console.organizations.models import Organization
from segments.models import Segment
from tests.factories import (
    AccountFactory,
    AccountHolderFactory,
    AssetFactory,
    CustomerFactory,
    SegmentFactory,
    TransactionFactory,
)
from tests.segments.moves import GERMANS


@pytest.fixture
def hana(nordbank: Organization) -> Customer:
    """A Czech who holds two accounts, one of them in crowns."""
    customer: Customer = CustomerFactory(
        organization=nordbank, name="Hana Malá", country="CZ", email="hana@mail.example", external_id="C-HANA"
    )
    euros = AccountFactory(organization=nordbank, external_id="EUR-1", opened_on=None)
    AssetFactory(ledger=euros.ledger, code="CZK")
    crowns = AccountFactory(organization=nordbank, ledger=euros.ledger, external_id="CZK-1", asset_code="CZK")
    for account in (euros, crowns):
        AccountHolderFactory(account=account, customer=customer)
    for n in range(5):
        TransactionFactory(account=euros, amount=Decimal(100 * (n + 1)), booked_on=date(2026, 11, n + 1))
    return customer


@pytest.fixture
def germans(nordbank: Organization) -> Segment:
    for name, country in (("Anna", "DE"), ("Bert", "DE"), ("Cyril", "CZ")):
        CustomerFactory(organization=nordbank, name=name, country=country)
    segment: Segment = SegmentFactory(organization=nordbank, name="Germans", definition=GERMANS)
    return segment
