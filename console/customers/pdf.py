"""What is held about one person as a PDF to read (disclosing.py says what that is)."""

import json
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst

from console.customers.disclosing import Section, sections
from console.customers.masking import CLEAR
from console.customers.models import Customer
from console.customers.profile import profile
from console.templatetags.console import day, money

PDF_ROWS, PDF_LETTERS = 2_000, 1_000
TEMPLATE = Path(__file__).with_name("disclosure.typ")


def as_pdf(customer: Customer, *, at: datetime) -> bytes:
    """On A4: of each section the latest 2,000 rows, and words where there are more."""
    organization, zone = customer.organization, customer.organization.zone
    data = {
        "title": customer.name or customer.external_id,
        "bank": organization.name,
        "made": _said(at, zone),
        "zone": organization.time_zone,
        "facts": [[name, _said(value, zone)] for name, value in _facts(customer)[:PDF_ROWS]],
        "sections": [_drawn(section, customer) for section in sections()],
        "limit": f"{PDF_ROWS:,}",
    }
    inputs = {"data": json.dumps(data)}
    made: Any = typst.compile(str(TEMPLATE), sys_inputs=inputs, font_paths=[], ignore_system_fonts=True)
    return bytes(made)


def _facts(customer: Customer) -> list[tuple[str, Any]]:
    """What is known of the customer, by names that people read; what is empty is left out."""
    facts: list[tuple[str, Any]] = [
        ("Name", customer.name),
        ("Kind", customer.get_kind_display()),
        ("External id", customer.external_id),
        ("Opaque id", str(customer.opaque_id)),
        ("Customer since", customer.created_at),
        ("Objected to profiling", customer.profiling_objected_at),
        ("Erased", customer.erased_at),
        *profile(customer, CLEAR),
    ]
    return [(_named(name), value) for name, value in facts if value not in (None, "", [], {})]


def _named(key: str) -> str:
    """A key that nobody gave a name, as words: favourite_colour -> Favourite colour."""
    words = key.replace("_", " ")
    return words[:1].upper() + words[1:]


def _drawn(section: Section, customer: Customer) -> dict[str, Any]:
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
        return _short(", ".join(_said(each, zone) for each in value[:PDF_ROWS]))
    if isinstance(value, dict):
        return _short("; ".join(f"{_named(key)}: {_said(each, zone)}" for key, each in value.items()))
    return "–" if value in (None, "") else _short(str(value))


def _short(text: str) -> str:
    """As much of it as a table holds: pages of one value take the PDF seconds and its reader more."""
    return text if len(text) <= PDF_LETTERS else f"{text[:PDF_LETTERS]} … (whole in the JSON file)"
