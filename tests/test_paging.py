"""Lists are walked by key: every row once, in both directions, under every order, whatever ties and gaps there are."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from console.customers.models import Customer
from console.organizations.fields import Fold
from console.organizations.models import Organization
from console.paging import LOST, Page, Walk, keyset
from console.portfolios.models import Account
from tests.factories import AccountFactory, CustomerFactory

ORDERS = {
    "opened": ("opened_on", "id"),
    "type": ("type", "id"),
    "external": ("external_id", "id"),
    "created": ("created_at", "id"),
    "folded": ("folded", "id"),
    "portfolio": ("portfolio__name", "id"),
    "balance": ("balance__asset_code", "balance__ledger", "balance__account_id"),
}
SORTS = [*ORDERS, *(f"-{name}" for name in ORDERS)]


@pytest.fixture
def accounts(nordbank: Organization) -> QuerySet[Account]:
    """27 accounts with ties and gaps in the columns that lists are ordered by."""
    first = AccountFactory(organization=nordbank)
    for number in range(26):
        AccountFactory(
            organization=nordbank,
            ledger=first.ledger,
            name=["Říha", "riha", "Zahn", ""][number % 4],
            type=["deposit", "loan"][number % 2],
            opened_on=None if number % 3 == 0 else date(2026, 1, 1) + timedelta(days=number % 4),
        )
    return nordbank.accounts.annotate(folded=Fold("name"))


def page(queryset: QuerySet[Account], address: str = "", **options: Any) -> Page[Account]:
    request = RequestFactory().get(f"/{address}")
    return keyset(queryset, request, **{"orders": ORDERS, "default": "-opened", "size": 5, **options})


def walk(queryset: QuerySet[Account], address: str) -> list[Page[Account]]:
    """All pages from the first to the last by Next."""
    pages = [page(queryset, address)]
    while pages[-1].next:
        pages.append(page(queryset, pages[-1].next))
    return pages


@pytest.mark.parametrize("sort", SORTS)
def test_next_leads_through_every_row_once(accounts: QuerySet[Account], sort: str) -> None:
    rows = [row.pk for one in walk(accounts, f"?sort={sort}") for row in one.rows]
    assert len(rows) == len(set(rows)) == 27
    columns = [*map(F, ORDERS[sort.removeprefix("-")]), F("pk")]
    ways = [one.desc if sort.startswith("-") else one.asc for one in columns]
    expected = [way(nulls_last=True) for way in ways]
    assert rows == list(accounts.order_by(*expected).values_list("pk", flat=True))


@pytest.mark.parametrize("sort", SORTS)
def test_previous_leads_back_over_the_same_pages(accounts: QuerySet[Account], sort: str) -> None:
    there = walk(accounts, f"?sort={sort}")
    back = [there[-1]]
    while back[-1].previous:
        back.append(page(accounts, back[-1].previous))
    assert [one.rows for one in reversed(back)] == [one.rows for one in there]
    assert [(one.first, one.last) for one in reversed(back)] == [(one.first, one.last) for one in there]


def test_the_page_says_which_rows_it_shows(accounts: QuerySet[Account]) -> None:
    first = page(accounts)
    second = page(accounts, first.next)
    assert (first.first, first.last, first.previous) == (1, 5, "")
    assert (second.first, second.last) == (6, 10)
    assert (first.count.value, first.count.sure) == (27, "exact")


def test_filters_and_the_size_travel_along(accounts: QuerySet[Account]) -> None:
    query = parse_qs(page(accounts, "?q=riha&size=25").next.removeprefix("?"))
    assert (query["q"], query["size"]) == (["riha"], ["25"])


def test_an_empty_list_has_one_empty_page(nordbank: Organization) -> None:
    empty = page(nordbank.accounts.annotate(folded=Fold("name")))
    assert (empty.rows, empty.first, empty.last, empty.next, empty.previous) == ([], 0, 0, "", "")


@pytest.mark.parametrize("token", ["x", "WzEsMV0", "%00", "a:b:c", "null"])
@pytest.mark.parametrize("way", ["after", "before"])
def test_a_cursor_that_is_not_ours_gives_the_first_page_and_says_so(
    accounts: QuerySet[Account], way: str, token: str
) -> None:
    got = page(accounts, f"?{way}={token}")
    assert got.notice == LOST
    assert got.rows == page(accounts).rows


def test_a_cursor_of_another_order_gives_the_first_page(accounts: QuerySet[Account]) -> None:
    other = page(accounts, "?sort=type").next.replace("sort=type", "sort=created")
    assert page(accounts, other).notice == LOST


def test_a_cursor_behind_the_last_row_gives_the_first_page(accounts: QuerySet[Account]) -> None:
    after = page(accounts, "?sort=external").next
    accounts.filter(pk__in=[row.pk for row in page(accounts, after).rows]).delete()
    accounts.exclude(pk__in=[row.pk for row in page(accounts, "?sort=external").rows]).delete()
    assert page(accounts, after).notice == LOST


@pytest.mark.parametrize(
    "address", ["?sort=password", "?sort=--opened", "?size=1000000", "?size=x", "?sort="]
)
def test_an_unknown_order_or_size_is_the_usual_one(accounts: QuerySet[Account], address: str) -> None:
    assert page(accounts, address).rows == page(accounts).rows


def test_rows_that_arrive_meanwhile_shift_no_page(
    accounts: QuerySet[Account], nordbank: Organization
) -> None:
    before = page(accounts, "?sort=external")
    expected = page(accounts, before.next).rows
    AccountFactory(organization=nordbank, ledger=before.rows[0].ledger, external_id="A")
    assert page(accounts, before.next).rows == expected


def test_a_page_is_found_by_comparing_the_columns_together(accounts: QuerySet[Account]) -> None:
    address = page(accounts, "?sort=type").next
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(accounts, address)
    assert any('("portfolios_account"."type", "portfolios_account"."id") > (' in q["sql"] for q in queries)


def test_text_of_any_kind_can_be_a_place(nordbank: Organization) -> None:
    for name in ("a,b", "it's", "ß%", "日本", "\\", ""):
        CustomerFactory(organization=nordbank, name=name)
    seen, address = [], "?sort=name"
    orders = {"name": ("name", "id")}
    while address:
        one = keyset(
            nordbank.customers.all(),
            RequestFactory().get(f"/{address}"),
            orders=orders,
            default="name",
            size=1,
        )
        seen += [row.name for row in one.rows]
        address = one.next
    assert seen == sorted(["a,b", "it's", "ß%", "日本", "\\", ""])


@pytest.mark.parametrize("sort", ["created", "-created"])
def test_a_filter_by_the_column_of_the_order_costs_the_last_page_no_more_than_the_first(
    nordbank: Organization, sort: str
) -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    Customer.objects.bulk_create(
        Customer(organization=nordbank, external_id=f"C{n:05}", created_at=began + timedelta(minutes=n))
        for n in range(4000)
    )
    rows = nordbank.customers.filter(created_at__gte=began, created_at__lt=began + timedelta(minutes=4000))
    walk = Walk.asked(rows, RequestFactory().get("/", {"sort": sort}), ORDERS, sort, 25)
    last = walk.take(None, is_forward=False)[-1]
    assert pages_read(walk, walk.place(last)) <= pages_read(walk, None) + 5


def pages_read(walk: Walk[Any], after: list[Any] | None) -> int:
    """How many pages PostgreSQL looks at for one page of the list, by the index of its order."""
    (part,) = walk.parts(after, is_forward=True)
    statement, parameters = part[: walk.size + 1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters)
        (plan,) = cursor.fetchone()
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
