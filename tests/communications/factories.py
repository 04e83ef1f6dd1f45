"""Rows of communications for tests: a segment with members, a template, an endpoint, a communication that is active."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from communications.models import Configuration, ConfigurationVersion, Endpoint, Run, Template
from communications.purposes import Purpose
from communications.rendering.content import Content
from console.billing.keeping import keep_consent
from console.customers.models import Customer
from console.organizations.models import Organization, Staff
from segments.models import CustomerMembership, MembershipEvent, Segment
from tests.approvals import approved
from tests.factories import NOW, CustomerFactory, SegmentFactory, StaffFactory

CONTENT = Content(
    subject="Hello {{ customer.name }}",
    html='<p>Dear {{ customer.name }},</p><p><a href="{{ unsubscribe_url }}">No more of this</a></p>',
)


def a_template(organization: Organization, content: Content = CONTENT, *, name: str = "") -> Template:
    """A template with `content` as its first version."""
    template = Template.objects.create(organization=organization, name=name or f"Letter {uuid4().hex[:8]}")
    template.save_version(content, by=None, at=NOW)
    return template


def an_endpoint(
    organization: Organization, url: str = "https://hooks.bank.example/tranche", *, events: Iterable[str] = ()
) -> Endpoint:
    """An endpoint with one secret, to an address that somebody approved, told of these events."""
    endpoint = Endpoint.objects.create(
        organization=organization, name=f"Core system {uuid4().hex[:8]}", url=url, events=list(events)
    )
    endpoint.rotate(by=None, at=NOW)
    approved(
        "endpoint", endpoint.pk, by=organization.staff.first() or StaffFactory(organization=organization)
    )
    endpoint.refresh_from_db()
    return endpoint


def segment_with(organization: Organization, *customers: Customer, **fields: Any) -> Segment:
    """A segment that exactly these customers have entered."""
    segment = SegmentFactory(organization=organization, **fields)
    CustomerMembership.objects.bulk_create(
        CustomerMembership(organization=organization, segment=segment, customer=customer, entered_at=NOW)
        for customer in customers
    )
    MembershipEvent.objects.bulk_create(
        MembershipEvent(
            organization=organization, segment=segment, customer=customer, change="entered", at=NOW
        )
        for customer in customers
    )
    return segment


def communication(
    organization: Organization,
    segment: Segment,
    *,
    endpoint: Endpoint | None = None,
    purpose: str = Purpose.SERVICE,
    reached_by: str = "email",
    **fields: Any,
) -> Configuration:
    """An active communication: by email with a template, or to `endpoint`. Service, so that it needs no consent."""
    configuration = Configuration.objects.create(
        organization=organization, name=fields.pop("name", f"Communication {uuid4().hex[:8]}"), state="active"
    )
    if endpoint:
        version = ConfigurationVersion(
            segment=segment, channel="webhook", purpose=purpose, reached_by=reached_by, endpoint=endpoint
        )
    else:
        template = fields.pop("template", None) or a_template(organization)
        version = ConfigurationVersion(
            segment=segment,
            channel="email",
            purpose=purpose,
            template=template,
            sender_name="Nordbank",
            sender_address="news@nordbank.example",
        )
    configuration.save_version(version, by=None, at=NOW)
    return configuration


def sent_by(configuration: Configuration, by: Staff, at: datetime = NOW) -> Run:
    """A run of `configuration`, asked for by `by` and approved by somebody else."""
    return configuration.runs.get(approval=approved("send", configuration.pk, by=by, at=at))


def customers(organization: Organization, number: int, **fields: Any) -> list[Customer]:
    """Several customers at once."""
    return CustomerFactory.create_batch(number, organization=organization, **fields)


def says(
    *people: Customer,
    agrees: bool = True,
    purpose: str = "marketing",
    channel: str = "email",
    at: datetime = NOW,
) -> None:
    """Have customers agree to a purpose by a channel, or decline it, at a moment."""
    for one in people:
        keep_consent(one, channel, purpose, is_given=agrees, by=None, at=at)
