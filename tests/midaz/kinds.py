"""The kinds of record of Midaz's tables: how each is made, and what must, or may, be said of it."""

from typing import Any

from tests.midaz.conftest import Caller

# What one is made from; every text that may be said of it is said, so that a change to nothing can be seen.
BODIES: dict[str, dict[str, Any]] = {
    "organizations": {
        "legalName": "Daughter a.s.",
        "legalDocument": "CZ123",
        "doingBusinessAs": "Daughter",
        "address": {"country": "CZ", "city": "Praha"},
    },
    "ledgers": {"name": "Second"},
    "assets": {"name": "Koruna", "type": "currency", "code": "CZK"},
    "portfolios": {"name": "Retail", "entityId": "e-1"},
    "segments": {"name": "VIP"},
    "accounts": {"assetCode": "EUR", "type": "deposit", "name": "Jana", "alias": "@jana", "entityId": "e-2"},
    "account-types": {"name": "Savings", "keyValue": "savings", "description": "Daily interest"},
}
REQUIRED = {
    "organizations": ["legalName", "legalDocument", "address"],
    "ledgers": ["name"],
    "assets": ["type", "code"],
    "portfolios": ["name"],
    "segments": ["name"],
    "accounts": ["assetCode", "type"],
    "account-types": ["name", "keyValue"],
}
# Texts of a change.
TEXTS = {
    "organizations": ["legalName", "doingBusinessAs"],
    "ledgers": ["name"],
    "assets": ["name"],
    "portfolios": ["name", "entityId"],
    "segments": ["name"],
    "accounts": ["name", "entityId"],
    "account-types": ["name", "description"],
}
KINDS = list(BODIES)
STATED = [kind for kind in KINDS if kind != "account-types"]  # which have no status, and are paged by cursor
IN_LEDGER = [kind for kind in KINDS if kind not in ("organizations", "ledgers")]
ENTITIES = {
    "organizations": "Organization",
    "ledgers": "Ledger",
    "assets": "Asset",
    "portfolios": "Portfolio",
    "segments": "Segment",
    "accounts": "Account",
    "account-types": "Account type",
}
MODELS = {
    "organizations": "organizations.Organization",
    "ledgers": "ledgers.Ledger",
    "assets": "ledgers.Asset",
    "portfolios": "portfolios.Portfolio",
    "segments": "segments.Segment",
    "accounts": "portfolios.Account",
    "account-types": "portfolios.AccountType",
}


def home(books: Caller, kind: str) -> str:
    """The address of all of a kind."""
    ledgers = books.base.rpartition("/")[0]
    return {"organizations": "/v1/organizations", "ledgers": ledgers}.get(kind, f"{books.base}/{kind}")


def one(books: Caller, kind: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """A new record of the kind: its address, and what was answered."""
    made = books.made(home(books, kind), BODIES[kind] | more)
    return f"{home(books, kind)}/{made['id']}", made
