"""Balances: the one that every account has, further ones by key, and what may be done with them."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from console.organizations.models import Organization
from tests.midaz.conftest import Caller
from tests.midaz.money import EUR, OUTSIDE, has, leg, move, outflow, refused, send, with_accounts
from tests.money import book

pytestmark = pytest.mark.django_db
NOBODY = str(uuid4())
KEYED = {"key": "Asset-Freeze"}


@pytest.fixture
def ann(books: Caller) -> str:
    """The id of an account of the alias @ann, which has 100."""
    with_accounts(books, ann="100")
    pk: str = books("GET", "/accounts/alias/@ann").json()["id"]
    return pk


def keys(books: Caller, query: str = "", path: str = "/balances") -> list[tuple[str, str]]:
    answer = books("GET", f"{path}?{query}")
    assert answer.status_code == 200, answer.content
    return [(one["alias"], one["key"]) for one in answer.json()["items"]]


class TestTheDefaultOne:
    def test_is_there_from_the_beginning(self, books: Caller, nordbank: Organization) -> None:
        account = books.made("/accounts", EUR)
        [found] = books("GET", f"/accounts/{account['id']}/balances").json()["items"]
        assert books("GET", f"/balances/{found['id']}").json() == found
        assert found == {
            "id": account["id"],
            "organizationId": str(nordbank.pk),
            "ledgerId": account["ledgerId"],
            "accountId": account["id"],
            "alias": account["alias"],
            "key": "default",
            "assetCode": "EUR",
            "available": "0",
            "onHold": "0",
            "version": 1,
            "accountType": "deposit",
            "allowSending": True,
            "allowReceiving": True,
            "createdAt": account["createdAt"],
            "updatedAt": account["createdAt"],
            "deletedAt": None,
        }

    def test_has_what_files_brought(self, books: Caller, ann: str, nordbank: Organization) -> None:
        book(nordbank.accounts.get(pk=ann), [("2026-11-01", "-0.50"), ("2026-11-02", "1000000")])
        found = books("GET", f"/balances/{ann}").json()
        assert (found["available"], found["version"]) == ("1000099.5", 4)

    def test_stays(self, books: Caller) -> None:
        account = books.made("/accounts", EUR)
        assert refused(books("DELETE", f"/balances/{account['id']}")) == (400, "0093")

    def test_says_what_it_may(self, books: Caller, ann: str) -> None:
        changed = books("PATCH", f"/balances/{ann}", {"allowSending": False}).json()
        assert (changed["allowSending"], changed["allowReceiving"], changed["version"]) == (False, True, 3)
        same = books("PATCH", f"/balances/{ann}", {"allowSending": False, "allowReceiving": None}).json()
        assert same == changed
        back = books("PATCH", f"/balances/{ann}", {"allowSending": True}).json()
        assert (back["allowSending"], back["version"], back["available"]) == (True, 4, "100")


class TestFurtherOnes:
    def test_hold_money_apart(self, books: Caller, ann: str) -> None:
        made = books.made(f"/accounts/{ann}/balances", {**KEYED, "allowReceiving": True})
        assert (made["key"], made["available"], made["version"]) == ("asset-freeze", "0", 1)
        frozen = leg("@ann", "40", balanceKey="asset-freeze")
        moved = books.made("/transactions/json", send("40", [leg("@ann", "40")], [frozen]))
        assert (has(books, "@ann"), has(books, "@ann", "asset-freeze")) == (("60", "0"), ("40", "0"))
        assert [one["balanceId"] for one in moved["operations"]] == [ann, made["id"]]
        assert refused(books("POST", "/transactions/outflow", outflow("61", "@ann"))) == (422, "0018")
        too_much = send("41", [leg("@ann", "41", balanceKey="asset-freeze")], [leg(OUTSIDE, "41")])
        assert refused(books("POST", "/transactions/json", too_much)) == (422, "0018")
        assert refused(books("DELETE", f"/balances/{made['id']}")) == (400, "0093")
        out = send("40", [leg("@ann", "40", balanceKey="Asset-Freeze")], [leg(OUTSIDE, "40")])
        books.made("/transactions/json", out)
        assert books("GET", f"/balances/{made['id']}").json()["version"] == 3
        assert books("DELETE", f"/balances/{made['id']}").status_code == 204
        assert refused(books("GET", f"/balances/{made['id']}")) == (404, "0007")
        assert has(books, "@ann") == ("60", "0")
        again = books.made(f"/accounts/{ann}/balances", KEYED)
        assert (again["id"] != made["id"], again["available"]) == (True, "0")

    def test_can_be_held_by_a_pending_transaction(self, books: Caller, ann: str) -> None:
        with_accounts(books, bob="0")
        made = books.made(f"/accounts/{ann}/balances", KEYED)
        frozen = leg("@ann", "40", balanceKey="asset-freeze")
        books.made("/transactions/json", send("40", [leg("@ann", "40")], [frozen]))
        pending = books.made("/transactions/json", send("40", [frozen], [leg("@bob", "40")], pending=True))
        assert has(books, "@ann", "asset-freeze") == ("0", "40")
        assert refused(books("DELETE", f"/balances/{made['id']}")) == (400, "0093")
        books.made(f"/transactions/{pending['id']}/commit", None)
        assert has(books, "@ann", "asset-freeze") == ("0", "0")
        assert (has(books, "@ann"), has(books, "@bob")) == (("60", "0"), ("40", "0"))

    def test_keep_their_account_from_being_deleted(self, books: Caller, ann: str) -> None:
        books.made(f"/accounts/{ann}/balances", KEYED)
        frozen = leg("@ann", "100", balanceKey="asset-freeze")
        books.made("/transactions/json", send("100", [leg("@ann", "100")], [frozen]))
        assert refused(books("DELETE", f"/accounts/{ann}")) == (400, "0012")

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({}, 400, "0009"),
            ({"key": ""}, 400, "0009"),
            ({"key": "a b"}, 400, "0047"),
            ({"key": "k" * 101}, 400, "0047"),
            ({"key": "default"}, 409, "0123"),
            ({"key": "asset-freeze"}, 409, "0123"),
            ({"key": "x", "allowSending": "yes"}, 400, "0094"),
            ({"key": "x", "available": "5"}, 400, "0053"),
        ],
    )
    def test_are_refused(self, books: Caller, ann: str, body: Any, status: int, code: str) -> None:
        books.made(f"/accounts/{ann}/balances", KEYED)
        assert refused(books("POST", f"/accounts/{ann}/balances", body)) == (status, code)

    def test_are_made_once_under_a_key(self, books: Caller, ann: str) -> None:
        first, second = (
            books("POST", f"/accounts/{ann}/balances", KEYED, **{"X-Idempotency": "k"}) for _ in range(2)
        )
        assert (first.json(), second["X-Idempotency-Replayed"]) == (second.json(), "true")


class TestTheOutside:
    def test_is_what_everybody_has_with_the_other_sign(self, books: Caller, ann: str) -> None:
        [found] = books("GET", "/accounts/external/EUR/balances").json()["items"]
        assert (found["available"], found["onHold"], found["accountType"]) == ("-100", "0", "external")
        assert books("GET", f"/balances/{found['id']}").json() == found
        assert refused(books("PATCH", f"/balances/{found['id']}", {"allowSending": False})) == (400, "0074")
        assert refused(books("POST", f"/accounts/{found['id']}/balances", KEYED)) == (400, "0124")
        assert refused(books("GET", "/accounts/external/USD/balances")) == (404, "0085")

    def test_other_assets_are_apart(self, books: Caller, ann: str) -> None:
        books.made("/assets", {"name": "Koruna", "type": "currency", "code": "CZK"})
        assert books("GET", "/accounts/external/CZK/balances").json()["items"][0]["available"] == "0"


class TestLists:
    @pytest.fixture
    def several(self, books: Caller) -> Caller:
        with_accounts(books, a="1", b="0", c="2")
        pk = books("GET", "/accounts/alias/@a").json()["id"]
        books.made(f"/accounts/{pk}/balances", {"key": "set-apart"})
        return books

    def test_hold_all_of_the_ledger(self, several: Caller) -> None:
        assert keys(several) == [
            (OUTSIDE, "default"),
            ("@a", "default"),
            ("@b", "default"),
            ("@c", "default"),
            ("@a", "set-apart"),
        ]
        assert keys(several, path="/accounts/alias/@a/balances") == [("@a", "default"), ("@a", "set-apart")]

    @pytest.mark.parametrize("order", ["asc", "desc"])
    def test_are_paged_there_and_back(self, several: Caller, order: str) -> None:
        whole = keys(several, f"sort_order={order}")
        pages, cursor = [], ""
        while True:
            query = urlencode({"limit": 2, "sort_order": order} | ({"cursor": cursor} if cursor else {}))
            body = several("GET", f"/balances?{query}").json()
            pages.append([(one["alias"], one["key"]) for one in body["items"]])
            assert ("prev_cursor" in body, body["limit"]) == (len(pages) > 1, 2)
            if not (cursor := body.get("next_cursor", "")):
                break
        assert [len(page) for page in pages] == [2, 2, 1]
        assert [one for page in pages for one in page] == whole
        for expected in reversed(pages[:-1]):
            query = urlencode({"limit": 2, "sort_order": order, "cursor": body["prev_cursor"]})
            body = several("GET", f"/balances?{query}").json()
            assert [(one["alias"], one["key"]) for one in body["items"]] == expected
            assert "next_cursor" in body
        assert "prev_cursor" not in body

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("cursor=x", "0082"),
            ("cursor=e30=", "0082"),
            ("cursor=WzFd", "0082"),
            ("limit=101", "0080"),
            ("sort_order=up", "0081"),
            ("start_date=2026-01-01", "0083"),
        ],
    )
    def test_are_refused(self, books: Caller, query: str, code: str) -> None:
        assert refused(books("GET", f"/balances?{query}")) == (400, code)

    def test_an_empty_one_is_a_list(self, books: Caller) -> None:
        assert books("GET", "/balances?start_date=2020-01-01&end_date=2020-01-01").json() == {
            "items": [],
            "limit": 10,
        }

    def test_what_is_not_there(self, books: Caller) -> None:
        assert refused(books("GET", f"/balances/{NOBODY}")) == (404, "0007")
        assert refused(books("GET", f"/accounts/{NOBODY}/balances")) == (404, "0007")
        assert refused(books("GET", "/accounts/alias/@nobody/balances")) == (404, "0085")
        assert refused(books("GET", "/balances/7")) == (400, "0065")


def test_operations_of_an_account(books: Caller, ann: str) -> None:
    with_accounts(books, bob="0")
    for number in range(1, 4):
        books.made("/transactions/json", move(str(number), "@ann", "@bob"))
    path = f"/accounts/{ann}/operations"
    found = books("GET", path).json()["items"]
    assert [(one["type"], one["amount"]["value"]) for one in found] == [
        ("CREDIT", "100"),
        ("DEBIT", "1"),
        ("DEBIT", "2"),
        ("DEBIT", "3"),
    ]
    assert books("GET", f"{path}/{found[1]['id']}").json() == found[1]
    assert len(books("GET", f"{path}?type=DEBIT&limit=2").json()["items"]) == 2
    newest = books("GET", f"{path}?sort_order=desc&limit=1").json()
    assert [one["id"] for one in newest["items"]] == [found[3]["id"]]
    assert refused(books("GET", f"{path}/{NOBODY}")) == (404, "0007")
    outside = books("GET", "/accounts/external/EUR").json()["id"]
    assert [one["type"] for one in books("GET", f"/accounts/{outside}/operations").json()["items"]] == [
        "DEBIT"
    ]
