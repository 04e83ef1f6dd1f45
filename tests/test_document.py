"""Every operation answers as its document says, whatever is asked within what it allows, and beyond that.

Requests are made up by schemathesis from the document, the same ones in each run. API_EXAMPLES=200 makes more of them
for each operation than there usually is time for.
"""

import os
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from console.api import api
from console.balances.journal import enter
from console.balances.legs import Leg, Order
from console.balances.models import JournalEntry
from console.organizations.models import Organization
from console.portfolios.assets import external_alias
from console.portfolios.models import Account
from console.wsgi import application
from tests.factories import NOW, AccountFactory, LedgerFactory, PortfolioFactory, a_key
from tests.money import book
from tests.walls.walking import undone

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("API_EXAMPLES") or 12)
PROMISES: list[Any] = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PATHS = api.get_openapi_schema()["paths"]
OPERATIONS = [(method.upper(), path) for path, offered in PATHS.items() for method in offered]


@pytest.fixture
def headers(nordbank: Organization) -> dict[str, str]:
    """A caller whose key opens everything."""
    _, secret = a_key(nordbank, calls_per_minute=1_000_000)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def known(nordbank: Organization) -> dict[str, str]:
    """Ids of what there is, by their names in addresses."""
    ledger = LedgerFactory(organization=nordbank)
    account = AccountFactory(organization=nordbank, ledger=ledger, alias="@ours")
    outside = AccountFactory(
        organization=nordbank, ledger=ledger, type=Account.EXTERNAL, alias=external_alias("EUR")
    )
    book(account, [("2026-11-01", "100")])
    legs = [Leg(account, Decimal(1))], [Leg(outside, Decimal(1))]
    entry = enter(Order(ledger, "EUR", Decimal(1), *legs, NOW), JournalEntry.Status.PENDING, at=NOW)
    segment = {"name": "VIP", "kind": "assigned", "population": "accounts", "ledger": ledger}
    found = {
        "organization_id": nordbank,
        "ledger_id": ledger,
        "asset_id": ledger.assets.get(),
        "portfolio_id": PortfolioFactory(ledger=ledger),
        "account_id": account,
        "balance_id": account,
        "transaction_id": entry,
        "operation_id": entry.lines.get(),
        "account_type_id": ledger.account_types.create(organization=nordbank, name="S", key_value="s"),
        "segment_id": nordbank.segments.create(**segment),
    }
    return {name: str(row.pk) for name, row in found.items()} | {"alias": "@ours", "asset_code": "EUR"}


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A server lets go of its connection between requests; here it holds what the test has made."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@cache
def document() -> Any:
    """The document as a client gets it; nothing is read out of our sources."""
    config = SchemathesisConfig.from_dict({"analysis": {"constants": {"enabled": False}}})
    return schemathesis.openapi.from_wsgi("/api/openapi.json", application, config=config)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_as_the_document_says(
    headers: dict[str, str], known: dict[str, str], method: str, path: str
) -> None:
    operation = document()[path][method]
    there = {name: value for name, value in known.items() if f"{{{name}}}" in path}
    asked = [operation.as_strategy(path_parameters=there), operation.as_strategy()]
    if operation.body or operation.query:
        asked.append(operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=there))

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(asked))
    def ask(case: Any) -> None:
        with undone():
            answer = case.call(headers=headers)
        assert answer.status_code < 500
        case.validate_response(answer, checks=PROMISES)

    ask()
