"""Each fault of Midaz's tables: what is asked, the status and the code of the answer."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from console.midaz.segments import Segments
from console.organizations.models import KeyScope, Organization, Staff
from tests.alerts.bank import campaign_on
from tests.factories import LedgerFactory, a_key
from tests.midaz.conftest import Caller, caller

pytestmark = pytest.mark.django_db
EUR = {"assetCode": "EUR", "type": "deposit"}
NOBODY = str(uuid4())


def test_of_callers(books: Caller, nordbank: Organization) -> None:
    def code(headers: dict[str, str]) -> tuple[int, str, str]:
        answer = Client().get(f"{books.base}/accounts", headers=headers)
        return answer.status_code, answer.json()["code"], answer.headers.get("WWW-Authenticate", "")

    assert code({}) == (401, "0041", 'Bearer realm="Tranche"')
    assert code({"Authorization": "Bearer tr_none.at-all"}) == (401, "0042", 'Bearer realm="Tranche"')
    _, secret = a_key(nordbank, scopes=[KeyScope.DECISIONS])
    assert code({"Authorization": f"Bearer {secret}"})[:2] == (403, "0043")


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        ("{", "0094", None),
        ("", "0094", None),
        ("[]", "0094", None),
        ({"name": 12}, "0094", ["name"]),
        ({"name": "VIP", "status": "ACTIVE"}, "0094", ["status"]),
        ({"name": "VIP", "rules": [1], "size": 2}, "0053", ["rules", "size"]),
        ({}, "0009", ["name"]),
        ({"name": ""}, "0009", ["name"]),
        ({"name": "n" * 257}, "0047", ["name"]),
        ({"name": "a\0b"}, "0047", None),
        ({"name": "VIP", "status": {"code": "s" * 101}}, "0047", ["status.code"]),
        ({"name": "VIP", "metadata": {"k" * 101: 1}}, "0050", ["metadata"]),
        ({"name": "VIP", "metadata": {"k": "v" * 2001}}, "0051", ["metadata"]),
        ({"name": "VIP", "metadata": {"k": [1]}}, "0051", ["metadata"]),
        ({"name": "VIP", "metadata": {"k": {"l": 1}}}, "0067", ["metadata"]),
        ('{"name": "VIP", "metadata": {"k": NaN}}', "0051", ["metadata"]),
        ('{"name": "VIP", "metadata": {"k": 1e999}}', "0051", ["metadata"]),
        ('{"name": "VIP", "metadata": {"k": "\\ud800"}}', "0047", ["metadata"]),
        ('{"name": "\\ud800"}', "0047", ["name"]),
        ({"name": "VIP", "a.b": 1}, "0053", ["a.b"]),
        ({"name": "VIP", "status": {"words": 1}}, "0053", ["status.words"]),
        ("[" * 100_000, "0094", None),
    ],
)
def test_of_bodies(books: Caller, body: Any, code: str, fields: list[str] | None) -> None:
    answer = books("POST", "/segments", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.content
    if fields is not None:
        assert sorted(answer.json()["fields"]) == fields
    assert not books("GET", "/segments").json()["items"]


def test_unknown_fields_come_back_as_they_were_said(books: Caller) -> None:
    answer = books("POST", "/segments", {"name": "VIP", "rules": [{"field": "country"}]})
    assert answer.json()["fields"] == {"rules": [{"field": "country"}]}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=101", "0080"),
        ("limit=0", "0080"),
        ("limit=many", "0080"),
        ("page=0", "0047"),
        ("sort_order=up", "0081"),
        ("start_date=2026-01-01", "0083"),
        ("start_date=yesterday&end_date=2026-01-01", "0131"),
        ("start_date=2026-01-02&end_date=2026-01-01", "0078"),
        ("portfolio_id=7", "0047"),
        ("name=a%00b", "0047"),
        ("metadata.k=%00", "0047"),
        ("start_date=2026-01-01&end_date=9999-12-31", "0131"),
    ],
)
def test_of_lists(books: Caller, query: str, code: str) -> None:
    answer = books("GET", f"/accounts?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    ("kind", "body", "status", "code"),
    [
        ("assets", {"name": "Euro", "type": "currency", "code": "CZK"}, 409, "0003"),
        ("assets", {"name": "Other", "type": "currency", "code": "EUR"}, 409, "0003"),
        ("assets", {"name": "x", "type": "currency", "code": "czk"}, 400, "0004"),
        ("assets", {"name": "x", "type": "currency", "code": "C2K"}, 400, "0033"),
        ("assets", {"name": "x", "type": "currency", "code": "ABC"}, 400, "0005"),
        ("assets", {"name": "x", "type": "share", "code": "ABC"}, 400, "0040"),
        ("accounts", {**EUR, "assetCode": "CZK"}, 404, "0034"),
        ("accounts", {**EUR, "type": "EXTERNALS"}, 400, "0066"),
        ("accounts", {**EUR, "alias": "a b"}, 400, "0096"),
        ("accounts", {**EUR, "alias": "a/b"}, 400, "0096"),
        ("accounts", {**EUR, "parentAccountId": NOBODY}, 400, "0029"),
        ("accounts", {**EUR, "portfolioId": NOBODY}, 404, "0035"),
        ("accounts", {**EUR, "segmentId": NOBODY}, 404, "0036"),
        ("accounts", {**EUR, "segmentId": "7"}, 400, "0094"),
        ("accounts", {**EUR, "blocked": "yes"}, 400, "0094"),
        ("account-types", {"name": "x", "keyValue": "a b"}, 400, "0120"),
    ],
)
def test_of_creation(books: Caller, kind: str, body: Any, status: int, code: str) -> None:
    answer = books("POST", f"/{kind}", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("segments", {"name": "VIP"}, "0015"),
        ("account-types", {"name": "x", "keyValue": "savings"}, "0108"),
        ("accounts", {**EUR, "alias": "@ours"}, "0020"),
    ],
)
def test_of_a_second_one(books: Caller, kind: str, body: Any, code: str) -> None:
    made = books.made(f"/{kind}", body)
    again = books("POST", f"/{kind}", body)
    assert (again.status_code, again.json()["code"]) == (409, code)
    assert books("DELETE", f"/{kind}/{made['id']}").status_code == 204
    books.made(f"/{kind}", body)


def test_changing_a_name_to_one_that_is_taken(books: Caller) -> None:
    books.made("/segments", {"name": "VIP"})
    other = books.made("/segments", {"name": "vip"})
    answer = books("PATCH", f"/segments/{other['id']}", {"name": "VIP"})
    assert (answer.status_code, answer.json()["code"]) == (409, "0015")


def test_of_addresses(books: Caller, bank: Caller, charlie: Staff) -> None:
    def code(path: str) -> tuple[int, str]:
        answer = bank("GET", path)
        return answer.status_code, answer.json()["code"]

    assert code("/ledgers/7") == (400, "0065")
    assert code(f"/ledgers/{NOBODY}") == (404, "0007")
    assert code(f"/ledgers/{NOBODY}/accounts") == (404, "0037")
    assert code(f"/v1/organizations/{NOBODY}/ledgers") == (404, "0038")
    assert code(f"/v1/organizations/{charlie.organization.pk}/ledgers") == (404, "0038")
    assert code(f"/v1/organizations/{charlie.organization.pk}") == (404, "0007")
    foreign = LedgerFactory(organization=charlie.organization)
    assert code(f"/ledgers/{foreign.pk}") == (404, "0007")
    assert code("/nothing") == (404, "0007")
    wrong = bank("PUT", "/ledgers", {})
    assert (wrong.status_code, wrong.json()["code"], set(wrong["Allow"].split(", "))) == (
        405,
        "0405",
        {"GET", "POST"},
    )


def test_of_ledgers_and_organizations(bank: Caller, nordbank: Organization) -> None:
    ledger = bank.made("/ledgers", {"name": "Retail"})
    answer = bank("POST", "/ledgers", {"name": "RETAIL"})
    assert (answer.status_code, answer.json()["code"]) == (409, "0002")
    own = bank("DELETE")
    assert (own.status_code, own.json()["code"]) == (403, "0043")
    books = caller(nordbank, f"{bank.base}/ledgers/{ledger['id']}")
    books.made("/assets", {"name": "Euro", "type": "currency", "code": "EUR"})
    account = books.made("/accounts", EUR)
    in_use = bank("DELETE", f"/ledgers/{ledger['id']}")
    assert (in_use.status_code, in_use.json()["code"]) == (409, "1001")
    assert books("DELETE", f"/accounts/{account['id']}").status_code == 204
    assert bank("DELETE", f"/ledgers/{ledger['id']}").status_code == 204
    assert books("GET", "/accounts").json()["code"] == "0037"


ADDRESS = {"line1": "Na Příkopě 1", "city": "Praha", "zipCode": "110 00", "country": "CZ"}
BANK = {"legalName": "Daughter a.s.", "legalDocument": "CZ123", "address": ADDRESS}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**BANK, "legalName": ""}, 400, "0009"),
        ({name: BANK[name] for name in ("legalName", "legalDocument")}, 400, "0009"),
        ({**BANK, "address": {**ADDRESS, "country": "Czechia"}}, 400, "0032"),
        ({**BANK, "address": {"city": "Praha"}}, 400, "0009"),
        ({**BANK, "address": {**ADDRESS, "planet": "Earth"}}, 400, "0053"),
        ({**BANK, "parentOrganizationId": NOBODY}, 404, "0039"),
    ],
)
def test_of_organizations(bank: Caller, body: Any, status: int, code: str) -> None:
    answer = bank("POST", "/v1/organizations", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content


def test_an_organization_is_opened_by_the_keys_of_its_founder_alone(
    bank: Caller, nordbank: Organization, charlie: Staff
) -> None:
    made = bank.made("/v1/organizations", {**BANK, "parentOrganizationId": str(nordbank.pk)})
    assert made["address"]["zipCode"] == "110 00"
    assert made["parentOrganizationId"] == str(nordbank.pk)
    home = f"/v1/organizations/{made['id']}"
    moved = bank("PATCH", home, {"address": {"city": "Brno"}}).json()["address"]
    assert (moved["city"], moved["country"], moved["line1"]) == ("Brno", "CZ", ADDRESS["line1"])
    answer = bank("PATCH", home, {"parentOrganizationId": made["id"]})
    assert answer.json()["code"] == "0091"
    ledger = bank.made(f"{home}/ledgers", {"name": "First"})
    assert ledger["organizationId"] == made["id"]
    names = [item["legalName"] for item in bank("GET", "/v1/organizations").json()["items"]]
    assert sorted(names) == sorted([nordbank.name, "Daughter a.s."])
    other = caller(charlie.organization, "/v1/organizations")
    assert other("GET", home).status_code == 404
    assert other("GET", f"{home}/ledgers/{ledger['id']}").status_code == 404
    assert bank("DELETE", home).json()["code"] == "1001"
    assert bank("DELETE", f"{home}/ledgers/{ledger['id']}").status_code == 204
    assert bank("DELETE", home).status_code == 204
    assert bank("GET", f"{home}/ledgers").status_code == 404


def test_a_fault_of_ours_is_told_as_the_others_are(books: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Segments, "rows", lambda *_: 1 / 0)
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {books.secret}"})
    answer = client.get(f"{books.base}/segments")
    assert (answer.status_code, answer.json()["code"]) == (500, "0046")


def test_a_ledger_whose_segment_is_used_stays(bank: Caller, books: Caller, alice: Staff) -> None:
    segment = alice.organization.segments.get(pk=books.made("/segments", {"name": "VIP"})["id"])
    campaign_on(segment, name="Watch")
    for path in (f"/segments/{segment.pk}", ""):
        answer = books("DELETE", path)
        assert (answer.status_code, answer.json()["code"]) == (409, "1001")
        assert "Watch" in answer.json()["message"]
