"""The bank itself: organization, staff, ledger, portfolios, declared data."""

import secrets
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from console.customers.masking import looks_personal
from console.customers.models import Attribute
from console.demo.billing import CONNECTORS
from console.demo.places import CITIES
from console.ledgers.keeping import AssetTaken
from console.ledgers.models import Ledger
from console.organizations.models import Organization, Role, Staff, User
from console.portfolios.assets import open_asset
from console.portfolios.models import Portfolio

SLUG, DOMAIN = "nordbank", "demo.tranche.example"


class Person(NamedTuple):
    """Somebody who works at the demo bank. The password is known to everybody: for demonstrations only."""

    name: str
    mailbox: str
    role: Role
    password: str

    @property
    def email(self) -> str:
        return f"{self.mailbox}@{DOMAIN}"


PEOPLE = [
    Person("Miriam Okafor", "miriam", Role.ADMIN, "harbour-lantern-mosaic"),
    Person("Ingrid Solheim", "ingrid", Role.ANALYST, "fjord-compass-juniper"),
    Person("Tomáš Marek", "tomas", Role.OPERATOR, "granite-orchard-tram"),
    Person("Aino Lindqvist", "aino", Role.MARKETER, "birch-satellite-violin"),
    Person("Priya Raman", "priya", Role.APPROVER, "saffron-ledger-meadow"),
    Person("Jan Novák", "jan", Role.VIEWER, "walnut-harvest-paper"),
]

DECLARED = {
    Attribute.Entity.CUSTOMERS: {
        "tier": ("text", "Loyalty tier"),
        "branch": ("text", "Branch"),
        "birth_date": ("date", "Born on"),
        "segment_code": ("text", "Segment code"),
        "language": ("text", "Language"),
        "household": ("text", "Household"),
        "monthly_income": ("number", "Monthly income"),
        "uses_app": ("boolean", "Uses the app"),
        "industry": ("text", "Industry"),
        "employees": ("number", "Employees"),
    },
    Attribute.Entity.ACCOUNTS: {
        "statement_frequency": ("text", "Statement frequency"),
        "overdraft_limit": ("number", "Overdraft limit"),
        "interest_rate": ("number", "Interest rate"),
    },
}


class NotOurs(Exception):
    """The organization of that name is not the demo bank."""


def found() -> Organization | None:
    """The demo bank, or None. Raises NotOurs when its name belongs to an organization without the demo's staff."""
    organization = Organization.objects.filter(slug=SLUG).first()
    if organization and not organization.staff.filter(user__email=PEOPLE[0].email).exists():
        raise NotOurs(
            f"The organization “{SLUG}” is not the demo bank: {PEOPLE[0].email} does not work there."
        )
    return organization


def create(*, at: datetime) -> Organization:
    """Make the bank without customers: organization, staff, ledger, portfolios, declared data."""
    organization = Organization.objects.create(
        slug=SLUG, name="Nordbank a.s.", base_currency="EUR", time_zone="Europe/Prague", created_at=at
    )
    hire(organization)
    furnish(organization, Ledger.objects.create(organization=organization, name="Retail"))
    return organization


def furnish(organization: Organization, ledger: Ledger) -> None:
    """Have in the ledger the currencies and portfolios, and at the bank the declared data, that its customers need."""
    for code, name in (("EUR", "Euro"), ("CZK", "Czech koruna")):
        with suppress(AssetTaken):
            open_asset(ledger, code, name=name)
    Portfolio.objects.bulk_create(
        Portfolio(organization=organization, ledger=ledger, name=f"Retail {city.name}", entity_id=city.name)
        for city in CITIES
    )
    for name, kind in CONNECTORS.items():
        organization.connectors.get_or_create(name=name, defaults={"kind": kind})
    declared = set(organization.attributes.values_list("entity", "key"))
    Attribute.objects.bulk_create(
        Attribute(
            organization=organization,
            entity=entity,
            key=key,
            type=kind,
            label=label,
            is_personal=looks_personal(key),
        )
        for entity, keys in DECLARED.items()
        for key, (kind, label) in keys.items()
        if (entity, key) not in declared
    )


def hire(organization: Organization) -> None:
    """Let the demo's people sign in: with the known passwords on a demo or development copy, with none elsewhere."""
    for person in PEOPLE:
        user = User.objects.filter(email=person.email).first() or User.objects.create_user(
            person.email,
            person.password if is_demonstration() else secrets.token_urlsafe(32),
            name=person.name,
        )
        Staff.objects.create(organization=organization, user=user, role=person.role)


def is_demonstration() -> bool:
    """Whether known passwords are right here: a copy that says it is a demonstration, or a developer's."""
    return bool(settings.IS_DEMO or settings.DEBUG)


def user_at_the_door(email: str) -> User | None:
    """The user behind such a button, or None."""
    is_offered = email in {person.email for person in people_at_the_door()}
    return User.objects.get_by_natural_key(email) if is_offered else None


def people_at_the_door() -> list[Person]:
    """Who may come in by a button: everybody of the demo bank on a demonstration that has one, else nobody."""
    is_there = is_demonstration() and User.objects.filter(email=PEOPLE[0].email).exists()
    return PEOPLE if is_there else []
