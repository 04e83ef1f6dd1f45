"""Everything that is held about one person, to hand over (GDPR, articles 15 and 20), as JSON; pdf.py beside it is
the same to read.

A customer knows no messages. So the apps above add their sections here when they are ready (in their AppConfig).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from console.customers.models import Customer

SCHEMA = "tranche.disclosure.1"
Rows = Iterable[dict[str, Any]]


@dataclass(frozen=True)
class Section:
    """A kind of rows: its key in JSON, its heading, the columns that the PDF shows (key and label), and the rows.

    Rows come newest first, so that a PDF which ends early has the latest.
    """

    key: str
    heading: str
    columns: tuple[tuple[str, str], ...]
    rows: Callable[["Customer"], Rows]


SECTIONS: list[Section] = []


def record(customer: "Customer") -> dict[str, Any]:
    """The customer's own row."""
    return {
        "external_id": customer.external_id,
        "opaque_id": str(customer.opaque_id),
        "kind": customer.kind,
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "country": customer.country,
        "products": customer.products,
        "attributes": customer.custom_data,
        "messages_allowed": customer.communications_enabled,
        "objected_to_profiling_at": customer.profiling_objected_at,
        "customer_since": customer.created_at,
        "erased_at": customer.erased_at,
    }


def reveals(customer: "Customer") -> Rows:
    for one in customer.reveals.select_related("staff__user").iterator(chunk_size=500):
        yield {"at": one.at, "by": str(one.staff or "–"), "what": str(one), "why": one.reason}


REVEALS = Section(
    "reveals",
    "Who opened personal data",
    (("at", "When"), ("by", "Who"), ("what", "What"), ("why", "Why")),
    reveals,
)


def sections() -> list[Section]:
    """All sections, from the ground up."""
    return [*SECTIONS, REVEALS]


def as_json(customer: "Customer", *, at: datetime) -> Iterator[str]:
    """One JSON object, piece by piece: schema, made_at, organization, currency, time_zone, customer, then each section.

    Moments are ISO 8601 in the organization's zone, days ISO dates, amounts texts so that no digit is lost.
    """
    organization = customer.organization
    head = {
        "schema": SCHEMA,
        "made_at": at,
        "organization": organization.name,
        "currency": organization.base_currency,
        "time_zone": organization.time_zone,
        "customer": record(customer),
    }
    yield _written(head, organization.zone)[:-1]
    for section in sections():
        yield f',\n"{section.key}": ['
        for number, row in enumerate(section.rows(customer)):
            yield f"{',' if number else ''}\n{_written(row, organization.zone)}"
        yield "]"
    yield "}\n"


def _written(value: Any, zone: ZoneInfo) -> str:
    def plain(value: Any) -> str:
        if isinstance(value, datetime):
            return value.astimezone(zone).isoformat()
        if isinstance(value, date):
            return value.isoformat()
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    return json.dumps(value, ensure_ascii=False, default=plain)
