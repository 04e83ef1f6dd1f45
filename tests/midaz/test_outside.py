"""The outside of what files brought: nothing stores it; it is among the operations of the external account."""

import json
from urllib.parse import urlencode

import pytest

from console.organizations.models import Organization
from tests.midaz.conftest import Caller
from tests.midaz.money import OUTSIDE, has, inflow, move, refused, with_accounts
from tests.money import book

pytestmark = pytest.mark.django_db
POST = "/transactions/json"


@pytest.fixture
def two(books: Caller, nordbank: Organization) -> Caller:
    """The books with @ann, who got 100, and @bob, to whom a file brought 7 and took 5."""
    with_accounts(books, ann="100", bob="0")
    days = [("2026-11-01", "7"), ("2026-11-02", "-5")]
    book(nordbank.accounts.get(alias="@bob"), days, metadata={"k": "v"})
    return books


def outside(two: Caller, query: str = "", code: str = "EUR") -> list[tuple[str, str]]:
    pk = two("GET", f"/accounts/external/{code}").json()["id"]
    answer = two("GET", f"/accounts/{pk}/operations?{query}")
    assert answer.status_code == 200, answer.content
    return [(one["type"], one["amount"]["value"]) for one in answer.json()["items"]]


class TestOperations:
    def test_are_all_that_its_balance_is_made_of(self, two: Caller) -> None:
        assert outside(two) == [("DEBIT", "100"), ("DEBIT", "7"), ("CREDIT", "5")]
        assert has(two, OUTSIDE)[0] == "-102"
        assert outside(two, "sort_order=desc&limit=2") == [("CREDIT", "5"), ("DEBIT", "7")]

    def test_of_another_asset_are_apart(self, two: Caller) -> None:
        two.made("/assets", {"name": "Koruna", "type": "currency", "code": "CZK"})
        assert outside(two, code="CZK") == []

    @pytest.mark.parametrize("kind", ["CREDIT", "credit"])
    def test_are_found_by_their_own_direction(self, two: Caller, kind: str) -> None:
        assert outside(two, f"type={kind}") == [("CREDIT", "5")]
        assert outside(two, "type=ON_HOLD") == []

    def test_have_no_metadata_of_the_other_side(self, two: Caller) -> None:
        assert outside(two, "metadata.k=v") == []
        bob = two("GET", "/accounts/alias/@bob").json()["id"]
        assert len(two("GET", f"/accounts/{bob}/operations?metadata.k=v").json()["items"]) == 2

    def test_are_the_ones_of_the_transactions(self, two: Caller) -> None:
        pk = two("GET", "/accounts/external/EUR").json()["id"]
        for one in two("GET", f"/accounts/{pk}/operations").json()["items"]:
            assert two("GET", f"/accounts/{pk}/operations/{one['id']}").json() == one
            assert one in two("GET", f"/transactions/{one['transactionId']}").json()["operations"]
            assert refused(two("GET", f"/accounts/{pk}/operations/{one['accountId']}")) == (404, "0007")

    def test_are_paged(self, two: Caller) -> None:
        pk = two("GET", "/accounts/external/EUR").json()["id"]
        first = two("GET", f"/accounts/{pk}/operations?limit=2").json()
        assert outside(two, urlencode({"limit": 2, "cursor": first["next_cursor"]})) == [("CREDIT", "5")]


class TestTransactionsAreFound:
    def ids(self, two: Caller, **query: str) -> list[str]:
        answer = two("GET", f"/transactions?{urlencode(query)}")
        assert answer.status_code == 200, answer.content
        return [one["amount"] for one in answer.json()["items"]]

    def test_by_account(self, two: Caller) -> None:
        two.made(POST, move("3", "@ann", "@bob"))
        ann, bob = (two("GET", f"/accounts/alias/{name}").json()["id"] for name in ("@ann", "@bob"))
        external = two("GET", "/accounts/external/EUR").json()["id"]
        assert self.ids(two, account_id=ann) == ["100", "3"]
        assert self.ids(two, account_id=bob) == ["7", "5", "3"]
        assert self.ids(two, account_id=external) == ["100", "7", "5"]
        assert self.ids(two, account_id="0190b0c0-0000-7000-8000-000000000000") == []
        assert refused(two("GET", "/transactions?account_id=7")) == (400, "0047")

    def test_by_status(self, two: Caller) -> None:
        two.made(POST, move("3", "@ann", "@bob", pending=True))
        assert self.ids(two, status="PENDING") == ["3"]
        assert self.ids(two, status="APPROVED") == ["100", "7", "5"]
        assert self.ids(two, status="SETTLED") == []

    def test_by_asset(self, two: Caller) -> None:
        two.made("/assets", {"name": "Koruna", "type": "currency", "code": "CZK"})
        two.made("/accounts", {"assetCode": "CZK", "type": "deposit", "alias": "@koruna"})
        send = inflow("9", "@koruna")
        two.made("/transactions/inflow", {"send": two_in(send["send"], "CZK")})
        assert self.ids(two, asset_code="CZK") == ["9"]
        assert self.ids(two, asset_code="EUR") == ["100", "7", "5"]
        assert self.ids(two, asset_code="CZK", status="PENDING") == []


def two_in(send: dict[str, object], code: str) -> dict[str, object]:
    """What is sent, in another asset."""
    said: dict[str, object] = json.loads(json.dumps(send).replace("EUR", code))
    return said
