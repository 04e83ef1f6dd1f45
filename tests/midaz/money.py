"""Money for tests of the API: accounts by alias, and bodies that move it."""

from typing import Any

from tests.midaz.conftest import Caller

OUTSIDE = "@external/EUR"
EUR = {"assetCode": "EUR", "type": "deposit"}


def leg(alias: str, value: str = "", **more: Any) -> dict[str, Any]:
    """One account's side, of an amount where one is said."""
    return {"accountAlias": alias} | ({"amount": {"asset": "EUR", "value": value}} if value else {}) | more


def send(
    value: str, sources: list[dict[str, Any]], destinations: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """The body of a transaction."""
    return {
        "send": {
            "asset": "EUR",
            "value": value,
            "source": {"from": sources},
            "distribute": {"to": destinations},
        }
    } | more


def move(value: str, source: str, destination: str, **more: Any) -> dict[str, Any]:
    """The body of a transaction between two accounts."""
    return send(value, [leg(source, value)], [leg(destination, value)], **more)


def inflow(value: str, alias: str) -> dict[str, Any]:
    return {"send": {"asset": "EUR", "value": value, "distribute": {"to": [leg(alias, value)]}}}


def outflow(value: str, alias: str, **more: Any) -> dict[str, Any]:
    return {"send": {"asset": "EUR", "value": value, "source": {"from": [leg(alias, value)]}}} | more


def with_accounts(books: Caller, **balances: str) -> Caller:
    """The books with an account for each name, alias @name, that holds so much."""
    for name, value in balances.items():
        books.made("/accounts", {**EUR, "alias": f"@{name}"})
        if value != "0":
            books.made("/transactions/inflow", inflow(value, f"@{name}"))
    return books


def has(books: Caller, alias: str, key: str = "default") -> tuple[str, str]:
    """What is available on an account's balance, and on hold."""
    place = alias.removeprefix("@") if alias == OUTSIDE else f"alias/{alias}"
    items = books("GET", f"/accounts/{place}/balances").json()["items"]
    [one] = [item for item in items if item["key"] == key]
    return one["available"], one["onHold"]


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
