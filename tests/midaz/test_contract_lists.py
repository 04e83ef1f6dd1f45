"""Lists by Midaz's tables: their envelopes, defaults, limits, orders, dates and cursors, each kind's the same."""

import json
from base64 import b64decode
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection

from tests.midaz.conftest import Caller
from tests.midaz.kinds import BODIES, KINDS, MODELS, home
from tests.midaz.money import inflow, refused, with_accounts

pytestmark = pytest.mark.django_db
BY_CURSOR = ["account-types", "balances", "transactions", "operations"]
LISTS = [*KINDS, "balances", "transactions", "operations"]
CURRENCIES = ["CZK", "USD", "GBP", "PLN", "SEK", "NOK", "DKK", "CHF", "HUF", "RON", "JPY", "AUD"]


def where(books: Caller, kind: str) -> str:
    """The address of a list."""
    if kind != "operations":
        return home(books, kind)
    with_accounts(books, anybody="1")
    return f"/accounts/{books('GET', '/accounts/alias/@anybody').json()['id']}/operations"


def another(kind: str, number: int) -> dict[str, Any]:
    """What one more of a kind is made from."""
    unlike: dict[str, Any] = {
        "organizations": {"legalName": f"Bank {number:02}"},
        "assets": {"name": f"Asset {number:02}", "code": CURRENCIES[number % 12]},
        "accounts": {"name": f"Account {number:02}", "alias": f"@a{number}"},
        "account-types": {"name": f"Type {number:02}", "keyValue": f"t{number}"},
    }
    return BODIES[kind] | unlike.get(kind, {"name": f"Name {number:02}"})


def ids(books: Caller, path: str, **query: Any) -> list[str]:
    answer = books("GET", f"{path}?{urlencode(query)}")
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=101", "0080"),
        ("limit=0", "0080"),
        ("limit=", "0080"),
        ("limit=ten", "0080"),
        ("sort_order=newest", "0081"),
        ("start_date=2026-01-01", "0083"),
        ("end_date=2026-01-01", "0083"),
        ("start_date=01.01.2026&end_date=2026-01-02", "0131"),
        ("start_date=2026-01-01&end_date=2026-13-01", "0131"),
        ("start_date=2026-01-02&end_date=2026-01-01", "0078"),
        ("start_date=2026-01-01T10:00:01Z&end_date=2026-01-01T10:00:00Z", "0078"),
    ],
)
def test_what_no_list_takes(books: Caller, kind: str, query: str, code: str) -> None:
    assert refused(books("GET", f"{where(books, kind)}?{query}")) == (400, code)


@pytest.mark.parametrize("kind", BY_CURSOR)
@pytest.mark.parametrize("cursor", ["x", "e30=", "bnVsbA==", "eyJpZCI6ICI3IiwgInBvaW50c19uZXh0IjogdHJ1ZX0="])
def test_a_cursor_that_none_gave(books: Caller, kind: str, cursor: str) -> None:
    answer = books("GET", f"{where(books, kind)}?{urlencode({'cursor': cursor})}")
    assert refused(answer) == (400, "0082")


@pytest.mark.parametrize("kind", LISTS)
def test_of_nothing_are_lists(books: Caller, kind: str) -> None:
    answer = books("GET", f"{where(books, kind)}?start_date=2019-01-01&end_date=2019-01-02T00:00:00Z")
    numbered = {} if kind in BY_CURSOR else {"page": 1}
    assert answer.json() == {"items": [], "limit": 10} | numbered


@pytest.mark.parametrize("kind", KINDS)
def test_ten_on_a_page_the_oldest_first_and_none_is_left_out(books: Caller, kind: str) -> None:
    path = home(books, kind)
    before = ids(books, path)
    made = before + [books.made(path, another(kind, number))["id"] for number in range(12)]
    assert ids(books, path) == made[:10]
    assert ids(books, path, limit=100) == made
    assert ids(books, path, limit=100, sort_order="asc") == made
    assert ids(books, path, limit=3, sort_order="desc") == made[:-4:-1]
    assert books("GET", path).json()["limit"] == 10
    if kind in BY_CURSOR:
        return
    assert ids(books, path, page=2) == made[10:]
    assert ids(books, path, page=2, limit=4) == made[4:8]
    assert ids(books, path, page=9) == []
    body = books("GET", f"{path}?page=2&limit=4").json()
    assert set(body) == {"items", "page", "limit"}
    assert (body["page"], body["limit"]) == (2, 4)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_years_old_is_there_and_found_by_its_day(books: Caller, kind: str) -> None:
    path = home(books, kind)
    made = books.made(path, BODIES[kind])["id"]
    table = apps.get_model(MODELS[kind])._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET created_at = %s WHERE id = %s', ["2019-05-06T23:30:00Z", made])
    assert made in ids(books, path)
    found = [
        ids(books, path, start_date=start, end_date=end)
        for start, end in (
            ("2019-05-06", "2019-05-06"),
            ("2019-05-06T23:30:00Z", "2019-05-07"),
            ("2019-05-07T01:30:00+02:00", "2019-05-06T23:30:00Z"),
            ("2019-05-07", "2019-05-08"),
            ("2019-05-05", "2019-05-06T23:29:59Z"),
        )
    ]
    assert found == [[made], [made], [made], [], []]


@pytest.mark.parametrize("kind", KINDS)
def test_are_filtered_by_metadata(books: Caller, kind: str) -> None:
    path = home(books, kind)
    gold, tin = (
        books.made(path, another(kind, number) | {"metadata": {"tier": tier, "a.b": 1, "share": "10 %"}})[
            "id"
        ]
        for number, tier in enumerate(("gold", "tin"))
    )
    asked = [
        {"metadata.tier": "gold"},
        {"metadata.a.b": 1},
        {"metadata.share": "10 %", "metadata.tier": "tin"},
        {"metadata.tier": "%"},
        {"metadata.share": "10 _"},
    ]
    assert [ids(books, path, **query) for query in asked] == [[gold], [gold, tin], [tin], [], []]


@pytest.mark.parametrize("kind", ["account-types", "balances", "transactions"])
def test_a_cursor_says_after_or_before_which_id(books: Caller, kind: str) -> None:
    if kind == "account-types":
        for number in range(3):
            books.made("/account-types", another(kind, number))
    else:
        with_accounts(books, a="0", b="0")
        for value in ("1", "2", "3"):
            books.made("/transactions/inflow", inflow(value, "@a"))
    everything = ids(books, f"/{kind}")
    assert len(everything) == 3
    first = books("GET", f"/{kind}?limit=1").json()
    assert set(first) == {"items", "limit", "next_cursor"}
    assert json.loads(b64decode(first["next_cursor"])) == {"id": everything[0], "points_next": True}
    middle = books("GET", f"/{kind}?{urlencode({'limit': 1, 'cursor': first['next_cursor']})}").json()
    assert set(middle) == {"items", "limit", "next_cursor", "prev_cursor"}
    assert json.loads(b64decode(middle["prev_cursor"])) == {"id": everything[1], "points_next": False}
    back = books("GET", f"/{kind}?{urlencode({'limit': 1, 'cursor': middle['prev_cursor']})}").json()
    assert [item["id"] for item in back["items"]] == everything[:1]
    assert "prev_cursor" not in back
