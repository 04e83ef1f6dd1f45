"""Everything that is held about one person, to hand over (GDPR, articles 15 and 20): as JSON and as a PDF to read.

A customer knows no messages. So the apps above add their sections here when they are ready (in their AppConfig).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import typst

from console.templatetags.console import day, money

if TYPE_CHECKING:
    from console.customers.models import Customer

SCHEMA = "tranche.disclosure.1"
PDF_ROWS = 2_000
TEMPLATE = Path(__file__).with_name("disclosure.typ")
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


def as_pdf(customer: "Customer", *, at: datetime) -> bytes:
    """The same to read, on A4: of each section the latest 2,000 rows, and words where there are more."""
    organization, zone = customer.organization, customer.organization.zone
    known = record(customer)
    attributes = known.pop("attributes")
    facts = {**known, **attributes}
    data = {
        "title": customer.name or customer.external_id,
        "bank": organization.name,
        "made": _said(at, zone),
        "zone": organization.time_zone,
        "facts": [[key.replace("_", " ").capitalize(), _said(value, zone)] for key, value in facts.items()],
        "sections": [_drawn(section, customer) for section in sections()],
        "limit": f"{PDF_ROWS:,}",
    }
    inputs = {"data": json.dumps(data)}
    made: Any = typst.compile(str(TEMPLATE), sys_inputs=inputs, font_paths=[], ignore_system_fonts=True)
    return bytes(made)


def _drawn(section: Section, customer: "Customer") -> dict[str, Any]:
    """A section as the PDF draws it."""
    rows, zone = list(islice(section.rows(customer), PDF_ROWS + 1)), customer.organization.zone
    return {
        "heading": section.heading,
        "labels": [label for _, label in section.columns],
        "rows": [[_said(row.get(key), zone) for key, _ in section.columns] for row in rows[:PDF_ROWS]],
        "is_cut": len(rows) > PDF_ROWS,
    }


def _said(value: Any, zone: ZoneInfo) -> str:
    """A value as people read it."""
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return f"{day(local)}, {local:%H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list):
        return ", ".join(_said(each, zone) for each in value)
    return "–" if value in (None, "") else str(value)
