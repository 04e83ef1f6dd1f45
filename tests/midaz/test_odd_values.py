"""Values that no form would let through: each is kept as it is, or refused in its place, and never our fault."""

import json
from uuid import UUID

import pytest
from django.test import Client

from console.ledgers.models import Asset
from console.organizations.models import IdempotencyKey, Organization
from tests.midaz.conftest import Caller, caller
from tests.midaz.money import has, inflow, leg, move, outflow, refused, send, with_accounts

pytestmark = pytest.mark.django_db
POST, EUR = "/transactions/json", {"assetCode": "EUR", "type": "deposit"}
LOGIN = "/v1/login/oauth/access_token"
BANK = {"legalName": "Daughter a.s.", "legalDocument": "CZ123", "address": {"country": "CZ", "city": "Praha"}}


@pytest.fixture
def two(books: Caller) -> Caller:
    """The books with @ann, who has 100, and @bob, who has nothing."""
    return with_accounts(books, ann="100", bob="0")


class TestQuestions:
    @pytest.mark.parametrize(
        "value", ["9" * 400, "-" + "9" * 400, "[" * 1900, '{"a":' * 900, "1e999", "9" * 5000]
    )
    def test_of_metadata(self, books: Caller, value: str) -> None:
        books.made("/portfolios", {"name": "P", "metadata": {"k": "v"}})
        answer = books("GET", f"/portfolios?metadata.k={value}")
        assert (answer.status_code, answer.json()["items"]) == (200, [])

    def test_of_a_number_longer_than_any_float(self, books: Caller) -> None:
        books.made("/portfolios", {"name": "P", "metadata": {"k": 10**400}})
        assert len(books("GET", f"/portfolios?metadata.k={10**400}").json()["items"]) == 1

    @pytest.mark.parametrize(
        "dates",
        [
            ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"),
            ("0001-01-01", "9999-12-30"),
        ],
    )
    def test_of_all_time(self, books: Caller, dates: tuple[str, str]) -> None:
        books.made("/portfolios", {"name": "P"})
        answer = books("GET", "/portfolios?start_date={}&end_date={}".format(*dates))
        assert (answer.status_code, len(answer.json()["items"])) == (200, 1)

    def test_of_an_alias_that_is_the_id(self, books: Caller) -> None:
        made, other = books.made("/accounts", EUR), books.made("/accounts", {**EUR, "alias": "@o"})
        for alias, found in (
            (made["alias"], [made["id"]]),
            (other["id"], []),
            ("@o", [other["id"]]),
            ("", []),
        ):
            items = books("GET", f"/accounts?alias={alias}").json()["items"]
            assert [one["id"] for one in items] == found


def test_an_idempotency_key_for_longer_than_there_are_numbers(books: Caller) -> None:
    answer = books("POST", "/segments", {"name": "VIP"}, **{"X-Idempotency": "k", "X-TTL": "9" * 5000})
    assert refused(answer) == (400, "0047")
    assert not IdempotencyKey.objects.exists()


class TestBodies:
    @pytest.mark.parametrize(
        ("levels", "code"), [(50, "0053"), (99, "0053"), (101, "0094"), (900, "0094"), (990, "0094")]
    )
    def test_nested_without_end(self, books: Caller, levels: int, code: str) -> None:
        body = '{"name": "VIP", "more": ' + "[" * levels + "]" * levels + "}"
        assert refused(books("POST", "/segments", body)) == (400, code)

    def test_that_say_a_field_twice_mean_the_last(self, books: Caller) -> None:
        assert books.made("/segments", '{"name": "A", "name": "B"}')["name"] == "B"

    def test_that_are_too_long(self, books: Caller) -> None:
        answer = books("POST", "/segments", json.dumps({"name": "n" * 6_000_000}))
        assert refused(answer) == (400, "0094")


class TestAskingForAToken:
    @pytest.mark.parametrize(
        ("body", "kind", "expected"),
        [
            (
                '{"grantType": "client_credentials", "clientId": "a\\u0000", "clientSecret": "b"}',
                "json",
                (401, "0042"),
            ),
            (
                '{"grantType": "client_credentials", "clientId": "\\ud800", "clientSecret": "b"}',
                "json",
                (401, "0042"),
            ),
            ("[" * 100_000, "json", (400, "0094")),
            ('"' + "x" * 6_000_000 + '"', "json", (400, "0094")),
            ("a=1&" * 20_000, "x-www-form-urlencoded", (400, "0094")),
        ],
    )
    def test_oddly(self, db: None, body: str, kind: str, expected: tuple[int, str]) -> None:
        assert refused(Client().post(LOGIN, data=body, content_type=f"application/{kind}")) == expected

    def test_by_a_form_that_is_none(self, db: None) -> None:
        kind = "multipart/form-data; boundary=" + "b" * 300
        assert refused(Client().generic("POST", LOGIN, data=b"x", content_type=kind)) == (400, "0094")


class TestAmounts:
    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            ("12345678901234567.89", "12345678901234567.89"),
            ("1000000000000000000.01", "1000000000000000000.01"),
            ("1.5e2", "150"),
            ("12345678901234567890", "12345678901234567890"),
            ('"99999999999999999999.99999999"', "99999999999999999999.99999999"),
        ],
    )
    def test_of_many_digits_lose_none(self, two: Caller, value: str, kept: str) -> None:
        body = json.dumps(inflow("AMOUNT", "@bob")).replace('"AMOUNT"', value)
        made = two.made("/transactions/inflow", body)
        assert (made["amount"], has(two, "@bob")[0]) == (kept, kept)

    def test_are_summed_to_the_last_digit(self, two: Caller) -> None:
        most = "99999999999999999999.99999999"
        for _ in range(2):
            two.made("/transactions/inflow", inflow(most, "@bob"))
        assert has(two, "@bob")[0] == "199999999999999999999.99999998"
        assert has(two, "@external/EUR")[0] == "-200000000000000000099.99999998"
        listed = two("GET", "/balances?limit=100").json()["items"]
        assert "199999999999999999999.99999998" in {one["available"] for one in listed}

    @pytest.mark.parametrize("value", ["1_0", " 1", "1 ", "١٠", "1\u00a0", "0x1", "1,0"])
    def test_as_nobody_else_reads_them(self, two: Caller, value: str) -> None:
        assert refused(two("POST", POST, move(value, "@ann", "@bob"))) == (400, "0094")

    def test_shares_of_nothing_more_are_of_all(self, two: Caller) -> None:
        to = [leg("@bob", share={"percentage": 100, "percentageOfPercentage": 0})]
        two.made(POST, send("10", [leg("@ann", "10")], to))
        assert has(two, "@bob")[0] == "10"

    def test_of_as_many_decimals_as_are_kept_are_divided_by_those(self, two: Caller) -> None:
        Asset.objects.update(scale=8)
        thirds = [leg("@bob", share={"percentage": "33.33333333"}) for _ in range(2)]
        made = two.made(
            POST, send("0.1", [leg("@ann", "0.1")], [*thirds, leg("@external/EUR", remaining="r")])
        )
        parts = [one["amount"]["value"] for one in made["operations"] if one["type"] == "CREDIT"]
        assert parts == ["0.03333333", "0.03333333", "0.03333334"]

    @pytest.mark.parametrize("date", ["0001-01-01", "0001-01-01T00:00:00+14:00", "1899-12-31"])
    def test_of_times_without_banks(self, two: Caller, date: str) -> None:
        answer = two("POST", POST, move("1", "@ann", "@bob", transactionDate=date))
        assert refused(answer) == (400, "0047")
        assert list(answer.json()["fields"]) == ["transactionDate"]


class TestAliases:
    @pytest.mark.parametrize("alias", ["@external/EUR", "%40external%2FEUR", "@external%2fEUR"])
    def test_of_the_outside_have_a_slash(self, two: Caller, alias: str) -> None:
        found = two("GET", f"/accounts/alias/{alias}").json()
        assert found == two("GET", "/accounts/external/EUR").json()
        [balance] = two("GET", f"/accounts/alias/{alias}/balances").json()["items"]
        assert balance["available"] == "-100"

    def test_that_are_ids_of_others_are_refused(self, two: Caller) -> None:
        victim = two.made("/accounts", EUR)["id"]
        for alias in (victim, victim.upper(), UUID(victim).hex):
            assert refused(two("POST", "/accounts", {**EUR, "alias": alias})) == (409, "0020")

    def test_that_came_by_a_file_do_not_divert_money(self, two: Caller, nordbank: Organization) -> None:
        victim = two.made("/accounts", EUR)["id"]
        nordbank.accounts.filter(alias="@bob").update(alias=victim)
        two.made(POST, move("5", "@ann", victim))
        answer = two("GET", f"/accounts/{victim}/balances").json()["items"]
        assert [one["available"] for one in answer] == ["5"]
        assert two("GET", f"/accounts/alias/{victim}").json()["id"] == victim


def test_a_key_that_grows_in_small_letters(two: Caller) -> None:
    pk = two("GET", "/accounts/alias/@ann").json()["id"]
    assert refused(two("POST", f"/accounts/{pk}/balances", {"key": "İ" * 100})) == (400, "0047")
    assert two.made(f"/accounts/{pk}/balances", {"key": "Ä" * 100})["key"] == "ä" * 100


def test_a_code_as_long_as_its_external_account_bears(books: Caller) -> None:
    crypto = {"name": "Long", "type": "crypto"}
    books.made("/assets", {**crypto, "code": "L" * 80})
    assert books("GET", f"/accounts/external/{'L' * 80}").status_code == 200
    answer = books("POST", "/assets", {**crypto, "name": "Longer", "code": "L" * 81})
    assert (refused(answer), list(answer.json()["fields"])) == ((400, "0047"), ["code"])


def test_an_address_keeps_its_country(bank: Caller) -> None:
    home = f"/v1/organizations/{bank.made('/v1/organizations', BANK)['id']}"
    address = bank("PATCH", home, {"address": {"country": None, "city": None}}).json()["address"]
    assert (address["country"], address["city"]) == ("CZ", None)


def test_a_deleted_organization_lets_nobody_in(bank: Caller, nordbank: Organization) -> None:
    home = bank.made("/v1/organizations", BANK)["id"]
    own = caller(Organization.objects.get(pk=home), f"/v1/organizations/{home}")
    assert own("GET", "/v1/organizations").status_code == 200
    assert bank("DELETE", f"/v1/organizations/{home}").status_code == 204
    assert refused(own("GET", "/v1/organizations")) == (401, "0042")


def test_overdraft_protection_is_no_money(two: Caller, nordbank: Organization) -> None:
    """What protects an account is a line or another one that the core system draws on: here it has what it has."""
    nordbank.accounts.update(has_overdraft_protection=True)
    assert refused(two("POST", "/transactions/outflow", outflow("100.01", "@ann"))) == (422, "0018")
