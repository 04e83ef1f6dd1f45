"""A client of Midaz: a key of a bank, and its questions."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from console.organizations.models import KeyScope, Organization
from tests.factories import LedgerFactory, a_key


@dataclass
class Caller:
    """Calls the API with a key; `base` is where what it asks for is."""

    secret: str
    base: str

    def __call__(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        """The answer. A path that begins with / is below the base; else it is one of its own."""
        address = path if path.startswith("/v1") else f"{self.base}{path}"
        more: dict[str, Any] = {}
        if body is not None:
            more = {"data": body, "content_type": "application/json"}
        return Client().generic(
            method,
            address,
            **_as_bytes(more),
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )

    def made(self, path: str, body: Any) -> dict[str, Any]:
        """What was created, by the names of the answer."""
        answer = self("POST", path, body)
        assert answer.status_code == 201, answer.content
        said: dict[str, Any] = answer.json()
        return said


def _as_bytes(more: dict[str, Any]) -> dict[str, Any]:
    import json

    if "data" in more and not isinstance(more["data"], str | bytes):
        more["data"] = json.dumps(more["data"])
    return more


def caller(organization: Organization, base: str) -> Caller:
    """A caller with a key of the organization that reads and writes its record."""
    _, secret = a_key(organization, scopes=[KeyScope.RECORD_READ, KeyScope.RECORD_WRITE])
    return Caller(secret, base)


@pytest.fixture
def bank(nordbank: Organization) -> Caller:
    """A caller below the organization."""
    return caller(nordbank, f"/v1/organizations/{nordbank.pk}")


@pytest.fixture
def books(nordbank: Organization) -> Caller:
    """A caller below a ledger that has one asset, EUR."""
    ledger = LedgerFactory(organization=nordbank, asset=None)
    books = caller(nordbank, f"/v1/organizations/{nordbank.pk}/ledgers/{ledger.pk}")
    books.made("/assets", {"name": "Euro", "type": "currency", "code": "EUR"})
    return books
