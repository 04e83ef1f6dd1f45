"""Lists: all that there is, by pages, filters and dates; counts that are true."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from console.organizations.models import Organization
from console.portfolios.models import Account
from segments.models import MembershipEvent, Segment
from tests.factories import LedgerFactory
from tests.midaz.conftest import Caller, caller

pytestmark = pytest.mark.django_db
EUR = {"assetCode": "EUR", "type": "deposit"}


def names(books: Caller, query: str = "", kind: str = "portfolios") -> list[str]:
    answer = books("GET", f"/{kind}?{query}")
    assert answer.status_code == 200, answer.content
    return [item["name"] for item in answer.json()["items"]]


def count(books: Caller, kind: str) -> int:
    answer = books("HEAD", f"/{kind}/metrics/count")
    assert (answer.status_code, answer["Content-Length"], answer.content) == (204, "0", b"")
    return int(answer["X-Total-Count"])


@pytest.fixture
def many(books: Caller) -> Caller:
    for number in range(12):
        books.made("/portfolios", {"name": f"P{number:02}", "entityId": str(number % 2)})
    return books


def test_an_empty_list_is_a_list(books: Caller) -> None:
    answer = books("GET", "/portfolios").json()
    assert answer == {"items": [], "page": 1, "limit": 10}
    assert count(books, "portfolios") == 0


def test_ten_at_a_time_and_oldest_first(many: Caller) -> None:
    assert names(many) == [f"P{number:02}" for number in range(10)]
    assert names(many, "page=2") == ["P10", "P11"]
    assert names(many, "page=3") == []
    assert names(many, "limit=5&page=2&sort_order=desc") == ["P06", "P05", "P04", "P03", "P02"]
    assert count(many, "portfolios") == 12


def test_account_types_are_paged_by_cursor(books: Caller) -> None:
    assert books("GET", "/account-types").json() == {"items": [], "limit": 10}
    for number in range(5):
        books.made("/account-types", {"name": f"T{number}", "keyValue": f"t{number}"})
    first = books("GET", "/account-types?limit=2").json()
    second = books("GET", f"/account-types?limit=2&{urlencode({'cursor': first['next_cursor']})}").json()
    last = books("GET", f"/account-types?limit=2&{urlencode({'cursor': second['next_cursor']})}").json()
    found = [[item["name"] for item in page["items"]] for page in (first, second, last)]
    assert found == [["T0", "T1"], ["T2", "T3"], ["T4"]]
    assert set(last) == {"items", "limit", "prev_cursor"}
    wrong = books("GET", "/account-types?cursor=elsewhere")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "0082")


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_every_row_is_on_one_page(many: Caller, order: str) -> None:
    pages = [names(many, f"limit=5&page={page}&sort_order={order}") for page in (1, 2, 3, 4, 2**31)]
    assert [len(page) for page in pages] == [5, 5, 2, 0, 0]
    everything = [f"P{number:02}" for number in range(12)]
    assert [name for page in pages for name in page] == (everything if order == "asc" else everything[::-1])


def test_a_row_of_long_ago_is_there_without_dates_and_by_its_own(many: Caller) -> None:
    oldest = many("GET", "/portfolios?limit=1").json()["items"][0]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portfolios_portfolio SET created_at = '2019-05-06T23:30:00Z' WHERE id = %s",
            [oldest["id"]],
        )
    assert len(names(many, "limit=100")) == 12
    assert names(many, "start_date=2019-05-06&end_date=2019-05-06") == ["P00"]
    assert names(many, "start_date=2019-05-07&end_date=2019-05-08") == []
    at = "2019-05-06T23:30:00Z"
    assert names(many, urlencode({"start_date": at, "end_date": at})) == ["P00"]


def test_metadata_filters_are_combined_and_stay_in_the_ledger(books: Caller, nordbank: Organization) -> None:
    books.made("/portfolios", {"name": "A", "metadata": {"tier": "gold", "size": 12, "open": True}})
    books.made("/portfolios", {"name": "B", "metadata": {"tier": "gold", "size": "12"}})
    books.made("/portfolios", {"name": "C", "metadata": {"tier": "tin"}})
    other = LedgerFactory(organization=nordbank)
    there = caller(nordbank, f"/v1/organizations/{nordbank.pk}/ledgers/{other.pk}")
    there.made("/portfolios", {"name": "D", "metadata": {"tier": "gold"}})
    assert names(books, "metadata.tier=gold") == ["A", "B"]
    assert names(books, "metadata.size=12") == ["A", "B"]
    assert names(books, "metadata.tier=gold&metadata.open=true") == ["A"]
    assert names(books, "metadata.tier=") == []
    assert names(books, "metadata.none=1") == []
    assert names(books, "metadata.size=NaN") == []


def test_accounts_are_found_by_each_of_their_fields(books: Caller) -> None:
    portfolio = books.made("/portfolios", {"name": "Retail", "entityId": "e-1"})["id"]
    segment = books.made("/segments", {"name": "VIP"})["id"]
    parent = books.made("/accounts", {**EUR, "name": "Parent", "alias": "@parent"})["id"]
    child = books.made(
        "/accounts",
        {
            **EUR,
            "name": "Child",
            "parentAccountId": parent,
            "portfolioId": portfolio,
            "segmentId": segment,
            "blocked": True,
            "status": {"code": "PENDING", "description": "papers"},
            "type": "loan",
            "entityId": "e-1",
        },
    )
    assert (child["entityId"], child["segmentId"], child["alias"]) == ("e-1", segment, child["id"])
    for asked in (
        {"portfolio_id": portfolio},
        {"segment_id": segment},
        {"parent_account_id": parent},
        {"blocked": "true"},
        {"status": "PENDING"},
        {"type": "loan"},
        {"entity_id": "e-1"},
        {"name": "Child"},
        {"asset_code": "EUR", "type": "loan"},
    ):
        assert names(books, urlencode(asked), "accounts") == ["Child"], asked
    assert names(books, "alias=%40parent", "accounts") == ["Parent"]
    assert names(books, f"segment_id={portfolio}", "accounts") == []
    assert names(books, "", "accounts") == ["External EUR", "Parent", "Child"]
    assert count(books, "accounts") == 3


def test_a_list_asks_the_same_of_the_database_however_long(many: Caller) -> None:
    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            names(many, query)
        return len(queries)

    assert asked("limit=2") == asked("limit=12")


class TestTags:
    def test_an_account_carries_one_and_explicit_null_takes_it_off(self, books: Caller) -> None:
        vip, basic = (books.made("/segments", {"name": name})["id"] for name in ("VIP", "Basic"))
        account = f"/accounts/{books.made('/accounts', {**EUR, 'segmentId': vip})['id']}"
        assert books("PATCH", account, {"name": "Same segment"}).json()["segmentId"] == vip
        assert books("PATCH", account, {"segmentId": basic}).json()["segmentId"] == basic
        assert [segment.member_count for segment in Segment.objects.order_by("name")] == [1, 0]
        assert books("PATCH", account, {"segmentId": None}).json()["segmentId"] is None
        assert [segment.member_count for segment in Segment.objects.order_by("name")] == [0, 0]
        assert [event.change for event in MembershipEvent.objects.order_by("pk")] == [
            *("entered", "left", "entered", "left")
        ]

    def test_go_with_their_segment(self, books: Caller) -> None:
        vip = books.made("/segments", {"name": "VIP"})["id"]
        account = f"/accounts/{books.made('/accounts', {**EUR, 'segmentId': vip})['id']}"
        assert books("DELETE", f"/segments/{vip}").status_code == 204
        assert books("GET", account).json()["segmentId"] is None

    def test_of_another_ledger_or_kept_by_a_definition_are_refused(
        self, books: Caller, nordbank: Organization
    ) -> None:
        other = LedgerFactory(organization=nordbank)
        there = caller(nordbank, f"/v1/organizations/{nordbank.pk}/ledgers/{other.pk}")
        foreign = there.made("/segments", {"name": "VIP"})["id"]
        dynamic = str(nordbank.segments.create(name="Young", population="accounts").pk)
        everywhere = str(nordbank.segments.create(name="All", kind="assigned", population="accounts").pk)
        account = f"/accounts/{books.made('/accounts', EUR)['id']}"
        for segment in (foreign, dynamic):
            answer = books("PATCH", account, {"segmentId": segment})
            assert (answer.status_code, answer.json()["code"]) == (404, "0036")
        assert books("PATCH", account, {"segmentId": everywhere}).json()["segmentId"] == everywhere


class TestExternalAccounts:
    def test_come_with_their_asset_and_go_with_it(self, books: Caller) -> None:
        books.made("/assets", {"name": "Koruna", "type": "currency", "code": "CZK"})
        found = books("GET", "/accounts/external/CZK").json()
        assert (found["alias"], found["type"], found["status"]["code"]) == (
            "@external/CZK",
            "external",
            "external",
        )
        each = f"/accounts/{found['id']}"
        for method in ("PATCH", "DELETE"):
            answer = books(method, each, {"name": "Mine"} if method == "PATCH" else None)
            assert (answer.status_code, answer.json()["code"]) == (400, "0074")
        asset = next(one for one in books("GET", "/assets").json()["items"] if one["code"] == "CZK")
        assert books("DELETE", f"/assets/{asset['id']}").status_code == 204
        assert books("GET", "/accounts/external/CZK").json()["code"] == "0085"
        again = books.made("/assets", {"name": "Koruna", "type": "currency", "code": "CZK"})
        assert again["deletedAt"] is None
        assert books("GET", "/accounts/external/CZK").status_code == 200

    def test_are_not_accounts_of_customers(self, books: Caller, nordbank: Organization) -> None:
        books.made("/accounts", EUR)
        assert nordbank.accounts.count() == 1
        assert Account.everything.count() == 2

    def test_an_asset_with_accounts_stays(self, books: Caller) -> None:
        books.made("/accounts", EUR)
        asset = books("GET", "/assets").json()["items"][0]
        assert books("DELETE", f"/assets/{asset['id']}").json()["code"] == "1001"


def test_accounts_are_found_by_alias(books: Caller) -> None:
    made = books.made("/accounts", {**EUR, "alias": "@user:1"})
    assert books("GET", "/accounts/alias/@user:1").json() == made
    assert books("GET", "/accounts/alias/@user").json()["code"] == "0085"


NAMES = [
    "100 %",
    "a_b",
    'O\'Brien “the” \\ "bank"',
    "💶 emoji",
    "עברית",
    "x" * 256,
    "<script>alert(1)</script>",
    "%27",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_plain_text(books: Caller, name: str) -> None:
    made = books.made("/segments", {"name": name})
    assert made["name"] == name
    books.made(
        "/segments",
        {"name": name.replace("%", "x").replace("_", "x") + "."[: 256 - len(name)]}
        if len(name) < 256
        else {"name": "other"},
    )
    assert books("POST", "/segments", {"name": name}).json()["code"] == "0015"


def test_metadata_at_their_limits(books: Caller) -> None:
    wide: dict[str, Any] = {"k" * 100: "v" * 2000, "n": 1.5, "b": False} | {f"k{n}": n for n in range(200)}
    made = books.made("/portfolios", {"name": "P", "metadata": wide})
    assert made["metadata"] == wide
    cleared = books("PATCH", f"/portfolios/{made['id']}", {"metadata": None}).json()
    assert "metadata" not in cleared


def test_a_change_says_when_and_null_and_empty_change_nothing(books: Caller) -> None:
    made = books.made(
        "/portfolios", {"name": "P", "entityId": "e", "status": {"code": "OPEN", "description": "d"}}
    )
    answer = books("PATCH", f"/portfolios/{made['id']}", {"name": "", "entityId": None}).json()
    assert (answer["name"], answer["entityId"], answer["status"]) == ("P", "e", made["status"])
    assert answer["updatedAt"] > made["updatedAt"]
    described = books("PATCH", f"/portfolios/{made['id']}", {"status": {"description": "new"}}).json()
    assert described["status"] == {"code": "OPEN", "description": "new"}


def test_request_ids_are_echoed(books: Caller) -> None:
    assert books("GET", "/accounts", None, **{"X-Request-Id": "a1b2"})["X-Request-Id"] == "a1b2"
    for odd in ("", "x" * 201, "a b"):
        assert books("GET", "/accounts", None, **{"X-Request-Id": odd})["X-Request-Id"] not in {"", odd}
