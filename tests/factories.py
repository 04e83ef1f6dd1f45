"""Rows for tests. Each factory makes a valid row with as little as a test has to say; money in the ledger's asset."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from console.balances.models import Transaction
from console.billing.models import (
    Connector,
    ConnectorLink,
    Contact,
    Invoice,
    Monitor,
    PaymentMethod,
)
from console.customers.models import Customer
from console.ledgers.models import Asset, Ledger
from console.organizations.models import ApiKey, KeyScope, Organization, Role, Staff, User
from console.portfolios.models import Account, AccountHolder, Portfolio
from segments.models import Segment, SegmentVersion

NOW = datetime(2026, 11, 22, 10, 42, tzinfo=ZoneInfo("Europe/Prague"))
PASSWORD = "correct horse battery staple"


class OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    slug = factory.Sequence(lambda n: f"bank-{n}")
    name = factory.LazyAttribute(lambda o: o.slug.replace("-", " ").title())
    base_currency = "EUR"
    time_zone = "Europe/Prague"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person-{n}@bank.example")
    name = factory.Sequence(lambda n: f"Person {n}")


class StaffFactory(DjangoModelFactory[Staff]):
    class Meta:
        model = Staff

    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.ADMIN


def a_key(organization: Organization, **said: Any) -> tuple[ApiKey, str]:
    """A live key of the API with every scope, and its secret."""
    given = {
        "name": "app",
        "scopes": KeyScope.values,
        "by": None,
        "expires_at": timezone.now() + timedelta(days=90),
    }
    return ApiKey.issue(organization, **{**given, **said})


class CustomerFactory(DjangoModelFactory[Customer]):
    class Meta:
        model = Customer

    organization = factory.SubFactory(OrganizationFactory)
    external_id = factory.Sequence(lambda n: f"C{n:06}")
    name = factory.Sequence(lambda n: f"Customer {n:04}")
    email = factory.LazyAttribute(lambda o: f"{o.external_id.lower()}@mail.example")
    country = "CZ"


class LedgerFactory(DjangoModelFactory[Ledger]):
    class Meta:
        model = Ledger
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Ledger {n}")
    asset = factory.RelatedFactory("tests.factories.AssetFactory", "ledger")


class AssetFactory(DjangoModelFactory[Asset]):
    class Meta:
        model = Asset
        django_get_or_create = ("ledger", "code")

    ledger = factory.SubFactory(LedgerFactory, asset=None)
    organization = factory.SelfAttribute("ledger.organization")
    code = factory.SelfAttribute("organization.base_currency")
    name = factory.SelfAttribute("code")


class PortfolioFactory(DjangoModelFactory[Portfolio]):
    class Meta:
        model = Portfolio

    ledger = factory.SubFactory(LedgerFactory)
    organization = factory.SelfAttribute("ledger.organization")
    name = factory.Sequence(lambda n: f"Portfolio {n}")


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account

    organization = factory.SubFactory(OrganizationFactory)
    ledger = factory.SubFactory(LedgerFactory, organization=factory.SelfAttribute("..organization"))
    external_id = factory.Sequence(lambda n: f"A{n:06}")
    asset_code = factory.SelfAttribute("organization.base_currency")
    opened_on = date(2026, 1, 1)


class AccountHolderFactory(DjangoModelFactory[AccountHolder]):
    class Meta:
        model = AccountHolder

    account = factory.SubFactory(AccountFactory)
    organization = factory.SelfAttribute("account.organization")
    customer = factory.SubFactory(CustomerFactory, organization=factory.SelfAttribute("..organization"))


class TransactionFactory(DjangoModelFactory[Transaction]):
    """A posted item. It does not move kept balances: post items through console.balances.posting where they matter."""

    class Meta:
        model = Transaction

    account = factory.SubFactory(AccountFactory)
    organization = factory.SelfAttribute("account.organization")
    external_id = factory.Sequence(lambda n: f"T{n:08}")
    booked_on = date(2026, 11, 2)
    direction = "credit"
    amount = Decimal("100.00")


class InvoiceFactory(DjangoModelFactory[Invoice]):
    """Approved and due in three weeks; what is due is the total, unless nothing is owed of it any more."""

    class Meta:
        model = Invoice

    customer = factory.SubFactory(CustomerFactory)
    organization = factory.SelfAttribute("customer.organization")
    external_id = factory.Sequence(lambda n: f"I{n:06}")
    number = factory.LazyAttribute(lambda o: f"2026-{o.external_id}")
    status = "approved"
    currency = factory.SelfAttribute("organization.base_currency")
    total = Decimal("100.00")
    amount_due = factory.LazyAttribute(
        lambda o: {"paid": 0, "void": 0, "discarded": 0, "partially_paid": o.total / 2}.get(o.status, o.total)
    )
    issued_on = date(2026, 11, 1)
    due_on = date(2026, 12, 13)


class ConnectorFactory(DjangoModelFactory[Connector]):
    class Meta:
        model = Connector

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Connector {n}")


class ConnectorLinkFactory(DjangoModelFactory[ConnectorLink]):
    class Meta:
        model = ConnectorLink

    customer = factory.SubFactory(CustomerFactory)
    organization = factory.SelfAttribute("customer.organization")
    connector = factory.SubFactory(ConnectorFactory, organization=factory.SelfAttribute("..organization"))
    reference = factory.Sequence(lambda n: f"cus_{n:06}")


class PaymentMethodFactory(DjangoModelFactory[PaymentMethod]):
    class Meta:
        model = PaymentMethod

    customer = factory.SubFactory(CustomerFactory)
    organization = factory.SelfAttribute("customer.organization")
    external_id = factory.Sequence(lambda n: f"M{n:06}")
    type = "card"


class ContactFactory(DjangoModelFactory[Contact]):
    class Meta:
        model = Contact

    customer = factory.SubFactory(CustomerFactory)
    organization = factory.SelfAttribute("customer.organization")
    name = factory.Sequence(lambda n: f"Contact {n:04}")
    email = factory.Sequence(lambda n: f"contact-{n}@mail.example")


class MonitorFactory(DjangoModelFactory[Monitor]):
    """Whose own accounts hold less than 100 in the base currency."""

    class Meta:
        model = Monitor

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Monitor {n}")
    figure = "balance"
    test = "lt"
    threshold = Decimal("100")
    currency = factory.SelfAttribute("organization.base_currency")


class SegmentFactory(DjangoModelFactory[Segment]):
    """A dynamic segment of customers; `definition=` gives it a first version in force."""

    class Meta:
        model = Segment
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Segment {n}")

    @factory.post_generation
    def definition(self, create: bool, extracted: Any, **_: Any) -> None:
        segment: Any = self
        if extracted is not None:
            segment.version = SegmentVersion.objects.create(
                segment=segment, number=1, definition=extracted, created_at=NOW
            )
            segment.save(update_fields=["version"])
