"""What holds of an organization's own facts, whoever changes them: a page, or a client of the API."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from console.organizations import scope
from console.organizations.models import Organization

# How long each part of an address may be, by the name under which it is kept.
ADDRESS: dict[str, int] = {
    "country": 2,
    "line1": 256,
    "line2": 256,
    "zipCode": 20,
    "city": 100,
    "state": 100,
    "description": 100,
}


class OwnParent(Exception):
    """An organization is no part of itself, nor of what is a part of it."""


def put_under(organization: Organization, parent: Organization | None) -> None:
    """Make it a part of `parent`, or of none; not stored yet. Raises OwnParent."""
    with scope.across():  # the line up may lead through organizations that the person or key doesn't open
        above = parent
        while above is not None:
            if above.pk == organization.pk:
                raise OwnParent
            above = above.parent
    organization.parent = parent


def put_address(organization: Organization, said: Mapping[str, Any]) -> None:
    """Change those parts of the address that are said, None takes one away; not stored yet."""
    changed = {**organization.address, **said}
    organization.address = {name: value for name, value in changed.items() if value is not None}


def slug_for(name: str) -> str:
    """A name for addresses that no organization has or had. Who asks for the same waits until the transaction ends."""
    base = slugify(name)[:40] or "organization"
    with scope.across():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"slug {base}"])
        is_taken = Organization._base_manager.filter(slug=base).exists()
    return f"{base}-{get_random_string(6).lower()}" if is_taken else base
