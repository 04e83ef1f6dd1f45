"""What Midaz's tables say of each kind beside its faults: fields of the answer, defaults, limits, what stays."""

from typing import Any
from uuid import UUID

import pytest

from console.organizations.models import Organization
from tests.midaz.conftest import Caller
from tests.money import book

pytestmark = pytest.mark.django_db
EUR = {"assetCode": "EUR", "type": "deposit"}
SEAT = {"country": "CZ"}
BANK = {"legalName": "Daughter a.s.", "legalDocument": "CZ123", "address": SEAT}
KEPT = {"id", "createdAt", "updatedAt", "deletedAt", "organizationId", "ledgerId"}
BODIES: dict[str, Any] = {
    "assets": {"name": "Koruna", "type": "currency", "code": "CZK"},
    "portfolios": {"name": "Retail"},
    "segments": {"name": "VIP"},
    "accounts": EUR,
    "account-types": {"name": "Savings", "keyValue": "savings"},
}


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("assets", {"name", "type", "code", "status"}),
        ("portfolios", {"name", "entityId", "status"}),
        ("segments", {"name", "status"}),
        ("account-types", {"name", "keyValue", "description"}),
        (
            "accounts",
            {
                *("name", "assetCode", "type", "alias", "parentAccountId", "portfolioId", "segmentId"),
                *("entityId", "blocked", "status"),
            },
        ),
    ],
)
def test_an_answer_has_these_fields_and_no_other(books: Caller, kind: str, own: set[str]) -> None:
    made = books.made(f"/{kind}", BODIES[kind])
    assert set(made) == KEPT | own
    assert UUID(made["id"]).version == 7
    assert {made[name] for name in own & {"entityId", "parentAccountId", "portfolioId", "segmentId"}} <= {
        None
    }


def test_an_organization_and_a_ledger_have_theirs(bank: Caller) -> None:
    made = bank.made("/v1/organizations", BANK)
    assert set(made) == {
        *("id", "createdAt", "updatedAt", "deletedAt", "status", "address"),
        *("parentOrganizationId", "legalName", "doingBusinessAs", "legalDocument"),
    }
    assert (made["parentOrganizationId"], made["doingBusinessAs"], made["address"]["line1"]) == (
        None,
        None,
        None,
    )
    assert set(bank.made("/ledgers", {"name": "Retail"})) == KEPT - {"ledgerId"} | {"name", "status"}


@pytest.mark.parametrize("status", [None, {}, {"code": ""}, {"description": None}])
@pytest.mark.parametrize("kind", ["portfolios", "segments", "accounts", "assets"])
def test_a_status_that_is_not_said_is_active(books: Caller, kind: str, status: Any) -> None:
    made = books.made(f"/{kind}", BODIES[kind] | ({} if status is None else {"status": status}))
    assert made["status"] == {"code": "ACTIVE", "description": None}


def test_what_an_account_gets_unasked(books: Caller) -> None:
    portfolio = books.made("/portfolios", {"name": "P", "entityId": "e-7"})["id"]
    made = books.made("/accounts", EUR | {"portfolioId": portfolio})
    assert (made["name"], made["alias"]) == ("EUR deposit account", made["id"])
    assert (made["entityId"], made["blocked"]) == ("e-7", False)
    own = books.made("/accounts", EUR | {"portfolioId": portfolio, "entityId": "mine"})
    assert own["entityId"] == "mine"
    items = books("GET", f"/accounts/{made['id']}/balances").json()["items"]
    assert [item["key"] for item in items] == ["default"]


def test_explicit_null_takes_an_account_out_and_silence_does_not(books: Caller) -> None:
    portfolio = books.made("/portfolios", {"name": "P", "entityId": "e-7"})["id"]
    each = f"/accounts/{books.made('/accounts', EUR | {'portfolioId': portfolio})['id']}"
    kept = books("PATCH", each, {"name": "Other"}).json()
    assert (kept["portfolioId"], kept["entityId"]) == (portfolio, "e-7")
    out = books("PATCH", each, {"portfolioId": None, "entityId": None}).json()
    assert (out["portfolioId"], out["entityId"]) == (None, None)


def test_a_parent_is_of_the_same_asset_and_portfolio(books: Caller) -> None:
    books.made("/assets", BODIES["assets"])
    portfolio = books.made("/portfolios", {"name": "P"})["id"]
    parent = books.made("/accounts", EUR)["id"]
    for more, code in ((EUR | {"assetCode": "CZK"}, "0030"), (EUR | {"portfolioId": portfolio}, "0029")):
        answer = books("POST", "/accounts", more | {"parentAccountId": parent})
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert books.made("/accounts", EUR | {"parentAccountId": parent})["parentAccountId"] == parent


def test_an_account_with_money_on_it_stays(books: Caller, nordbank: Organization) -> None:
    made = books.made("/accounts", EUR)
    book(nordbank.accounts.get(pk=made["id"]), [("2026-11-01", "0.01")])
    answer = books("DELETE", f"/accounts/{made['id']}")
    assert (answer.status_code, answer.json()["code"]) == (400, "0012")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("assets", {"code": "USD"}),
        ("assets", {"type": "crypto"}),
        ("accounts", {"assetCode": "EUR"}),
        ("accounts", {"type": "loan"}),
        ("accounts", {"alias": "@other"}),
        ("accounts", {"parentAccountId": None}),
        ("account-types", {"keyValue": "other"}),
    ],
)
def test_what_stays_as_it_was_made_is_no_field_of_a_change(books: Caller, kind: str, body: Any) -> None:
    made = books.made(f"/{kind}", BODIES[kind])
    answer = books("PATCH", f"/{kind}/{made['id']}", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "0053")
    assert books("GET", f"/{kind}/{made['id']}").json() == made


def test_an_organization_keeps_its_document(bank: Caller) -> None:
    made = bank.made("/v1/organizations", BANK)
    answer = bank("PATCH", f"/v1/organizations/{made['id']}", {"legalDocument": "2"})
    assert (answer.status_code, answer.json()["code"]) == (400, "0053")


@pytest.mark.parametrize(
    ("kind", "field", "most"),
    [
        ("assets", "name", 256),
        ("portfolios", "name", 256),
        ("portfolios", "entityId", 256),
        ("segments", "name", 256),
        ("accounts", "name", 256),
        ("accounts", "type", 256),
        ("accounts", "alias", 100),
        ("accounts", "entityId", 256),
        ("account-types", "name", 100),
        ("account-types", "keyValue", 50),
        ("account-types", "description", 500),
    ],
)
def test_a_text_of_its_longest_is_kept_and_one_more_is_refused(
    books: Caller, kind: str, field: str, most: int
) -> None:
    made = books.made(f"/{kind}", BODIES[kind] | {field: "n" * most})
    assert made[field] == "n" * most
    answer = books("POST", f"/{kind}", BODIES[kind] | {field: "n" * (most + 1)})
    assert (answer.status_code, answer.json()["code"]) == (400, "0047")
    assert list(answer.json()["fields"]) == [field]


def test_portfolios_may_share_a_name(books: Caller) -> None:
    assert books.made("/portfolios", {"name": "P"})["id"] != books.made("/portfolios", {"name": "P"})["id"]


@pytest.mark.parametrize("kind", ["assets", "portfolios", "segments", "accounts"])
def test_counts_follow_what_is_made_and_deleted(books: Caller, kind: str) -> None:
    def count() -> int:
        answer = books("HEAD", f"/{kind}/metrics/count")
        assert (answer.status_code, answer["Content-Length"], answer.content) == (204, "0", b"")
        return int(answer["X-Total-Count"])

    before = count()
    made = books.made(f"/{kind}", BODIES[kind])
    assert count() == before + 1
    assert books("DELETE", f"/{kind}/{made['id']}").status_code == 204
    assert count() == before


def test_organizations_and_ledgers_are_counted(bank: Caller) -> None:
    for path, body in (("/v1/organizations", BANK), ("/ledgers", {"name": "Retail"})):
        before = int(bank("HEAD", f"{path}/metrics/count")["X-Total-Count"])
        bank.made(path, body)
        assert int(bank("HEAD", f"{path}/metrics/count")["X-Total-Count"]) == before + 1
