"""What every kind of record has: seven operations, the same fields, the same faults."""

from typing import Any

import pytest

from tests.midaz.conftest import Caller

pytestmark = pytest.mark.django_db

KINDS = {
    "portfolios": {"name": "Retail"},
    "segments": {"name": "VIP"},
    "account-types": {"name": "Savings", "keyValue": "savings"},
    "accounts": {"assetCode": "EUR", "type": "deposit"},
    "assets": {"name": "Czech koruna", "type": "currency", "code": "CZK"},
}


@pytest.mark.parametrize(("kind", "body"), KINDS.items())
def test_live_from_creation_to_deletion(books: Caller, kind: str, body: Any) -> None:
    made = books.made(f"/{kind}", {**body, "metadata": {"channel": "branch"}})
    assert made["metadata"] == {"channel": "branch"}
    assert made["deletedAt"] is None
    assert made["createdAt"].endswith("Z")
    each = f"/{kind}/{made['id']}"
    assert books("GET", each).json() == made
    changed = books("PATCH", each, {"name": "Other", "metadata": {"channel": None, "tier": 2}})
    assert changed.status_code == 200, changed.content
    assert changed.json()["name"] == "Other"
    assert changed.json()["metadata"] == {"tier": 2}
    assert made["id"] in [item["id"] for item in books("GET", f"/{kind}").json()["items"]]
    assert books("DELETE", each).status_code == 204
    for method in ("GET", "PATCH", "DELETE"):
        answer = books(method, each, {} if method == "PATCH" else None)
        assert (answer.status_code, answer.json()["code"]) == (404, "0007")
    assert made["id"] not in [item["id"] for item in books("GET", f"/{kind}").json()["items"]]
