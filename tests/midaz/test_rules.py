"""What the rules of the record refuse, by the codes that clients of Midaz know, and what they fill in."""

from typing import Any
from uuid import uuid4

import pytest

from console.ledgers.models import Ledger
from tests.midaz.conftest import Caller

pytestmark = pytest.mark.django_db
ACCOUNT = {"assetCode": "EUR", "type": "deposit"}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"type": "myExternal"}, (400, "0066")),
        ({"assetCode": "CZK"}, (404, "0034")),
        ({"parentAccountId": str(uuid4())}, (400, "0029")),
        ({"portfolioId": str(uuid4())}, (404, "0035")),
        ({"segmentId": str(uuid4())}, (404, "0036")),
        ({"alias": "a b"}, (400, "0096")),
        ({"alias": "taken"}, (409, "0020")),
    ],
)
def test_an_account_that_can_not_be_opened(books: Caller, said: Any, expected: tuple[int, str]) -> None:
    books.made("/accounts", {**ACCOUNT, "alias": "taken"})
    answer = books("POST", "/accounts", {**ACCOUNT, **said})
    assert code(answer) == expected
    assert answer.json()["message"]


def test_what_nobody_says_of_an_account_is_filled_in(books: Caller) -> None:
    portfolio = books.made("/portfolios", {"name": "Praha", "entityId": "E-7"})
    account = books.made("/accounts", {**ACCOUNT, "portfolioId": portfolio["id"]})
    assert account["name"] == "EUR deposit account"
    assert account["alias"] == account["id"]
    assert account["entityId"] == "E-7"
    own = books.made("/accounts", {**ACCOUNT, "portfolioId": portfolio["id"], "entityId": "own"})
    assert own["entityId"] == "own"
    without = books("PATCH", f"/accounts/{own['id']}", {"portfolioId": None, "entityId": None}).json()
    assert (without["portfolioId"], without["entityId"]) == (None, None)
    again = books("PATCH", f"/accounts/{own['id']}", {"portfolioId": portfolio["id"]}).json()
    assert again["entityId"] == "E-7"


def test_an_account_below_another(books: Caller) -> None:
    books.made("/assets", {"name": "Koruna", "type": "currency", "code": "CZK"})
    portfolio = books.made("/portfolios", {"name": "Praha"})
    parent = books.made("/accounts", ACCOUNT)
    below = {**ACCOUNT, "parentAccountId": parent["id"]}
    assert books.made("/accounts", below)["parentAccountId"] == parent["id"]
    assert code(books("POST", "/accounts", {**below, "assetCode": "CZK"})) == (400, "0030")
    assert code(books("POST", "/accounts", {**below, "portfolioId": portfolio["id"]})) == (400, "0029")
    assert (
        books("POST", "/accounts", {**below, "portfolioId": portfolio["id"], "entityId": "x"}).status_code
        == 201
    )


def test_a_ledger_may_ask_that_accounts_are_of_its_types(books: Caller) -> None:
    Ledger.objects.update(has_typed_accounts=True)
    assert code(books("POST", "/accounts", ACCOUNT)) == (404, "0138")
    books.made("/account-types", {"name": "Deposit", "keyValue": "deposit"})
    books.made("/accounts", ACCOUNT)


def test_what_is_there_once_is_there_once(books: Caller) -> None:
    books.made("/account-types", {"name": "Deposit", "keyValue": "deposit"})
    assert code(books("POST", "/account-types", {"name": "D", "keyValue": "deposit"})) == (409, "0108")
    euro = {"name": "Other", "type": "currency", "code": "EUR"}
    assert code(books("POST", "/assets", euro)) == (409, "0003")
    assert code(books("POST", "/assets", {**euro, "code": "QQQ"})) == (400, "0005")
    assert code(books("POST", "/assets", {**euro, "code": "eur"})) == (400, "0004")
    assert code(books("POST", "/assets", {**euro, "code": "E1"})) == (400, "0033")


def test_what_something_hangs_on_stays(books: Caller, bank: Caller) -> None:
    account = books.made("/accounts", ACCOUNT)
    external = books("GET", "/accounts/external/EUR").json()
    assert code(books("DELETE", f"/accounts/{external['id']}")) == (400, "0074")
    assert code(books("PATCH", f"/accounts/{external['id']}", {"name": "Mine"})) == (400, "0074")
    asset = next(one for one in books("GET", "/assets").json()["items"] if one["code"] == "EUR")
    assert code(books("DELETE", f"/assets/{asset['id']}")) == (409, "1001")
    ledger = account["ledgerId"]
    assert code(bank("DELETE", f"/ledgers/{ledger}")) == (409, "1001")
    assert books("DELETE", f"/accounts/{account['id']}").status_code == 204
    assert bank("DELETE", f"/ledgers/{ledger}").status_code == 204
