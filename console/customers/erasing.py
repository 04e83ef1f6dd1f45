"""What goes and what stays when a customer is erased: each app says it of its own rows, and does it.

A customer knows no messages. So the apps above put their part here when they are ready (in their AppConfig).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from console.customers.models import Customer


@dataclass(frozen=True)
class Fate:
    """A kind of rows: how many there are, whether they go, and why or what of them stays."""

    what: str
    number: int
    is_going: bool
    why: str


@dataclass(frozen=True)
class Part:
    """One app's rows about a customer: `told` before, `erase` inside the erasure's transaction, before the name goes.

    `hold` stops what could bring the customer back meanwhile, before their row is locked.
    """

    told: Callable[["Customer"], list[Fate]]
    erase: Callable[["Customer", datetime], None]
    hold: Callable[["Customer"], None] | None = None


PARTS: list[Part] = []


def fates(customer: "Customer") -> list[Fate]:
    """All that is known of a customer, what goes before what stays."""
    attributes = [
        customer.name,
        customer.email,
        customer.phone,
        customer.country,
        *customer.custom_data.values(),
    ]
    number = sum(1 for value in [*attributes, *customer.products] if value not in (None, ""))
    own = Fate(
        "Name, addresses and attributes", number, True, "The row stays under a pseudonym, so the books hold."
    )
    found = [own, *(fate for part in PARTS for fate in part.told(customer))]
    reveals = customer.reveals.count()
    if reveals:
        found.append(Fate("Reveals", reveals, False, "Who read what and why. They hold no values."))
    evidence = "What was decided and looked at, and why, is evidence: nobody changes it."
    found.append(Fate("Comments and reasons that name them", written_about(customer), False, evidence))
    return sorted((fate for fate in found if fate.number), key=lambda fate: not fate.is_going)


def written_about(customer: "Customer") -> int:
    """How many requests and reveals have a text in which the customer's name, address, number or id stands."""
    asked = ("title", "comment", "reason", "before", "after", "decisions__comment")
    requests = naming(customer.organization.approvals.all(), customer, *asked).distinct()
    return requests.count() + naming(customer.organization.reveals.all(), customer, "reason").count()


def naming(rows: "QuerySet[Any]", customer: "Customer", *columns: str) -> "QuerySet[Any]":
    """Those of the rows that name the customer in one of the columns."""
    named = Q(pk__in=[])
    for text in identities(customer):
        for column in columns:
            named |= Q(**{f"{column}__icontains": text})
    return rows.filter(named)


def identities(customer: "Customer") -> list[str]:
    """The texts by which a customer is found in what people and files wrote; none of fewer than three letters."""
    known = [customer.name, customer.email, customer.phone, customer.external_id]
    return [text.strip() for text in known if len(text.strip()) > 2]
