"""Which banner a customer sees now. The app that asks knows opaque ids only, and learns nothing but the banner."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce

from alerts.statements import run
from console.organizations.models import Organization


class UnknownCustomer(Exception):
    """No customer of this organization has that opaque id."""


class UnknownDecision(Exception):
    """This organization made no decision with that id."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A banner to show, and the id under which a click on it is reported."""

    id: UUID
    title: str
    text: str
    button_label: str
    link: str


def decide(organization: Organization, *, customer: UUID, placement: str, at: datetime) -> Decision | None:
    """The approved banner of the most important active campaign with an open alert on an account the customer owns.

    `customer` is the opaque id. Of equal campaigns the latest alert wins. Records that it was served. None: nothing
    to show. A paused campaign, an ended alert or a withdrawn banner count at once. Raises UnknownCustomer.
    """
    asked = {"organization": organization.pk, "customer": customer, "placement": placement, "at": at}
    rows = run("decide", **asked)
    if not rows:
        raise UnknownCustomer(str(customer))
    return Decision(*rows[0]) if rows[0][0] else None


def click(organization: Organization, decision: UUID, *, at: datetime) -> None:
    """The customer pressed the banner's button; the first press counts. Raises UnknownDecision."""
    found = organization.impressions.filter(pk=decision).update(clicked_at=Coalesce(F("clicked_at"), at))
    if not found:
        raise UnknownDecision(str(decision))
