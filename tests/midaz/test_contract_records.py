"""What Midaz's tables say of one kind only: limits of fields, names, what hangs together."""

from typing import Any
from uuid import uuid4

import pytest

from console.organizations.models import AuditEvent, Organization
from segments.models import MembershipEvent
from tests.factories import LedgerFactory
from tests.midaz.conftest import Caller, caller
from tests.midaz.kinds import BODIES, home, one
from tests.midaz.money import refused

pytestmark = pytest.mark.django_db
EUR = {"assetCode": "EUR", "type": "deposit"}


@pytest.fixture
def elsewhere(nordbank: Organization) -> Caller:
    """Another ledger of the organization, which has EUR too."""
    ledger = LedgerFactory(organization=nordbank, name="Elsewhere", asset=None)
    books = caller(nordbank, f"/v1/organizations/{nordbank.pk}/ledgers/{ledger.pk}")
    books.made("/assets", {"name": "Euro", "type": "currency", "code": "EUR"})
    return books


class TestOrganizations:
    @pytest.mark.parametrize(
        ("field", "most"),
        [
            *(("legalName", 256), ("legalDocument", 256), ("doingBusinessAs", 256)),
            *(("address.line1", 256), ("address.line2", 256), ("address.zipCode", 20)),
            *(("address.city", 100), ("address.state", 100), ("address.description", 100)),
        ],
    )
    def test_have_texts_of_their_longest(self, bank: Caller, field: str, most: int) -> None:
        def said(text: str) -> dict[str, Any]:
            whole, (outer, _, inner) = BODIES["organizations"], field.partition(".")
            return whole | {outer: whole["address"] | {inner: text} if inner else text}

        made = bank.made("/v1/organizations", said("n" * most))
        assert (made | made["address"])[field.rpartition(".")[2]] == "n" * most
        answer = bank("POST", "/v1/organizations", said("n" * (most + 1)))
        assert refused(answer) == (400, "0047")
        assert list(answer.json()["fields"]) == [field]

    @pytest.mark.parametrize("country", ["cz", "CZE", "XX", "C", " CZ", "É"])
    def test_have_a_country_of_iso(self, books: Caller, country: str) -> None:
        each, made = one(books, "organizations")
        body = BODIES["organizations"] | {"address": {"country": country}}
        assert refused(books("POST", "/v1/organizations", body)) == (400, "0032")
        assert refused(books("PATCH", each, {"address": {"country": country}})) == (400, "0032")
        assert books("GET", each).json()["address"] == made["address"]

    def test_keep_their_parent_until_another_is_said(self, books: Caller, nordbank: Organization) -> None:
        each, made = one(books, "organizations", parentOrganizationId=str(nordbank.pk))
        for parent in (None, str(nordbank.pk)):
            answer = books("PATCH", each, {"parentOrganizationId": parent})
            assert answer.json()["parentOrganizationId"] == str(nordbank.pk)
        assert refused(books("PATCH", each, {"parentOrganizationId": made["id"]})) == (400, "0091")
        assert refused(books("PATCH", each, {"parentOrganizationId": str(uuid4())})) == (404, "0039")
        assert refused(books("PATCH", each, {"parentOrganizationId": "7"})) == (400, "0094")


class TestLedgers:
    def test_are_named_once_whatever_the_case(self, books: Caller) -> None:
        each, _ = one(books, "ledgers", name="100 % A_B")
        second, _ = one(books, "ledgers", name="100 x AxB")  # plain characters, no pattern
        for name in ("100 % A_B", "100 % a_b"):
            assert refused(books("POST", home(books, "ledgers"), {"name": name})) == (409, "0002")
            assert refused(books("PATCH", second, {"name": name})) == (409, "0002")
        assert books("PATCH", each, {"name": "100 % a_b"}).json()["name"] == "100 % a_b"
        assert books("DELETE", each).status_code == 204
        assert books("PATCH", second, {"name": "100 % A_B"}).status_code == 200

    def test_have_a_name_of_256_characters(self, books: Caller) -> None:
        each, made = one(books, "ledgers", name="ř" * 256)
        assert made["name"] == "ř" * 256
        for answer in (
            books("POST", home(books, "ledgers"), {"name": "ř" * 257}),
            books("PATCH", each, {"name": "ř" * 257}),
        ):
            assert refused(answer) == (400, "0047")


class TestAssets:
    @pytest.mark.parametrize("kind", ["crypto", "currency", "commodity", "others"])
    def test_are_of_four_kinds(self, books: Caller, kind: str) -> None:
        made = books.made("/assets", {"type": kind, "code": "CZK"})
        assert (made["type"], made["name"]) == (kind, "CZK")
        external = books("GET", "/accounts/external/CZK").json()
        assert (external["name"], external["assetCode"]) == ("External CZK", "CZK")
        assert external in books("GET", "/accounts").json()["items"]

    def test_that_are_no_currency_have_any_letters(self, books: Caller) -> None:
        assert books.made("/assets", {"type": "commodity", "code": "GOLD"})["code"] == "GOLD"
        assert refused(books("POST", "/assets", {"type": "Currency", "code": "CZK"})) == (400, "0040")

    def test_are_named_once_in_a_ledger(self, books: Caller, elsewhere: Caller) -> None:
        each, _ = one(books, "assets", name="A_B %")
        books.made("/assets", {"name": "AxB %", "type": "currency", "code": "USD"})
        for name in ("A_B %", "Euro"):
            again = {"name": name, "type": "currency", "code": "GBP"}
            assert refused(books("POST", "/assets", again)) == (409, "0003")
        assert refused(books("PATCH", each, {"name": "Euro"})) == (409, "0003")
        assert books("PATCH", each, {"name": "A_B %"}).status_code == 200
        elsewhere.made("/assets", {"name": "A_B %", "type": "currency", "code": "CZK"})


class TestSegments:
    def test_are_named_once_in_a_ledger_as_they_are_written(self, books: Caller, elsewhere: Caller) -> None:
        each, _ = one(books, "segments")
        for caller_, name in ((elsewhere, "VIP"), (books, "vip"), (books, "V_P"), (books, "V%")):
            caller_.made("/segments", {"name": name})
        assert refused(books("POST", "/segments", {"name": "VIP"})) == (409, "0015")
        assert refused(books("PATCH", each, {"name": "vip"})) == (409, "0015")
        assert books("PATCH", each, {"name": "VIP"}).status_code == 200
        assert books("DELETE", each).status_code == 204
        books.made("/segments", {"name": "VIP"})

    def test_that_are_inactive_can_be_carried(self, books: Caller) -> None:
        _, segment = one(books, "segments", status={"code": "INACTIVE"})
        assert books.made("/accounts", EUR | {"segmentId": segment["id"]})["segmentId"] == segment["id"]

    def test_of_elsewhere_or_gone_are_refused(self, books: Caller, elsewhere: Caller) -> None:
        foreign = elsewhere.made("/segments", {"name": "VIP"})["id"]
        gone_at, gone = one(books, "segments")
        assert books("DELETE", gone_at).status_code == 204
        each, made = one(books, "accounts")
        for segment in (foreign, gone["id"], str(uuid4())):
            assert refused(books("POST", "/accounts", EUR | {"segmentId": segment})) == (404, "0036")
            assert refused(books("PATCH", each, {"segmentId": segment})) == (404, "0036")
        assert books("GET", each).json() == made

    def test_go_off_their_accounts_with_an_entry_each(self, books: Caller, nordbank: Organization) -> None:
        segment_at, segment = one(books, "segments")
        accounts = [books.made("/accounts", EUR | {"segmentId": segment["id"]})["id"] for _ in range(3)]
        assert books("DELETE", segment_at).status_code == 204
        assert {books("GET", f"/accounts/{pk}").json()["segmentId"] for pk in accounts} == {None}
        assert books("GET", f"/accounts?segment_id={segment['id']}").json()["items"] == []
        exits = MembershipEvent.objects.filter(segment=segment["id"], change="left")
        assert {str(one.account_id) for one in exits} == set(accounts)
        assert all(one.key for one in exits)
        audited = AuditEvent.objects.filter(model="segments.Segment", object_id=segment["id"]).latest("pk")
        assert audited.key
        assert "deleted_at" in audited.changes


class TestAccounts:
    @pytest.mark.parametrize("kind", ["external", "EXTERNAL", "myExternalOne"])
    def test_are_not_external(self, books: Caller, kind: str) -> None:
        assert refused(books("POST", "/accounts", EUR | {"type": kind})) == (400, "0066")

    def test_have_a_code_of_an_asset_of_100_characters(self, books: Caller) -> None:
        assert refused(books("POST", "/accounts", EUR | {"assetCode": "A" * 101})) == (400, "0047")
        assert refused(books("POST", "/accounts", EUR | {"assetCode": "A" * 100})) == (404, "0034")
        assert refused(books("POST", "/accounts", EUR | {"assetCode": "eur"})) == (404, "0034")

    def test_have_an_alias_of_their_own(self, books: Caller, elsewhere: Caller) -> None:
        made = books.made("/accounts", EUR | {"alias": "a_b"})
        books.made("/accounts", EUR | {"alias": "axb"})
        elsewhere.made("/accounts", EUR | {"alias": "a_b"})
        assert refused(books("POST", "/accounts", EUR | {"alias": "a_b"})) == (409, "0020")
        assert books("DELETE", f"/accounts/{made['id']}").status_code == 204
        assert refused(books("GET", "/accounts/alias/a_b")) == (404, "0085")
        assert books.made("/accounts", EUR | {"alias": "a_b"})["id"] != made["id"]
        assert books.made("/accounts", EUR | {"alias": ""})["alias"]

    @pytest.mark.parametrize("alias", ["a b", "a/b", "á", "a.b", "a%", "a\n"])
    def test_have_an_alias_of_plain_characters(self, books: Caller, alias: str) -> None:
        assert refused(books("POST", "/accounts", EUR | {"alias": alias})) == (400, "0096")

    def test_have_a_parent_of_the_ledger_that_is_there(self, books: Caller, elsewhere: Caller) -> None:
        foreign = elsewhere.made("/accounts", EUR)["id"]
        gone_at, gone = one(books, "accounts")
        assert books("DELETE", gone_at).status_code == 204
        for parent in (foreign, gone["id"]):
            assert refused(books("POST", "/accounts", EUR | {"parentAccountId": parent})) == (400, "0029")

    def test_are_in_portfolios_of_the_ledger_that_are_there(self, books: Caller, elsewhere: Caller) -> None:
        foreign = elsewhere.made("/portfolios", {"name": "P"})["id"]
        gone_at, gone = one(books, "portfolios")
        assert books("DELETE", gone_at).status_code == 204
        each, made = one(books, "accounts")
        for portfolio in (foreign, gone["id"], str(uuid4())):
            assert refused(books("POST", "/accounts", EUR | {"portfolioId": portfolio})) == (404, "0035")
            assert refused(books("PATCH", each, {"portfolioId": portfolio})) == (404, "0035")
        assert books("GET", each).json() == made

    def test_are_blocked_and_free_again(self, books: Caller) -> None:
        each, made = one(books, "accounts")
        assert made["blocked"] is False
        said: list[tuple[Any, bool]] = [(True, True), (None, True), (False, False)]
        for value, then in said:
            assert books("PATCH", each, {"blocked": value}).json()["blocked"] is then
        assert refused(books("PATCH", each, {"blocked": "true"})) == (400, "0094")
        books("PATCH", each, {"blocked": True})
        found = {
            value: [item["id"] for item in books("GET", f"/accounts?blocked={value}").json()["items"]]
            for value in ("true", "false")
        }
        assert found["true"] == [made["id"]]
        assert made["id"] not in found["false"]

    def test_begin_with_a_segment_and_a_portfolio_and_leave_them(self, books: Caller) -> None:
        portfolio, segment = (one(books, kind)[1]["id"] for kind in ("portfolios", "segments"))
        said = EUR | {"portfolioId": portfolio, "segmentId": segment, "blocked": True}
        made = books.made("/accounts", said)
        assert (made["portfolioId"], made["segmentId"], made["blocked"]) == (portfolio, segment, True)
        assert made["entityId"] == BODIES["portfolios"]["entityId"]
        each = f"/accounts/{made['id']}"
        for name in ("segmentId", "portfolioId", "entityId"):
            assert books("PATCH", each, {name: None}).json()[name] is None


class TestAccountTypes:
    @pytest.mark.parametrize("key", ["a b", "a.b", "á", "a/b", "a\n"])
    def test_have_a_key_of_plain_characters(self, books: Caller, key: str) -> None:
        body = BODIES["account-types"] | {"keyValue": key}
        assert refused(books("POST", "/account-types", body)) == (400, "0120")

    def test_have_their_key_once_in_a_ledger(self, books: Caller, elsewhere: Caller) -> None:
        one(books, "account-types")
        assert refused(books("POST", "/account-types", BODIES["account-types"])) == (409, "0108")
        one(elsewhere, "account-types")
        books.made("/account-types", BODIES["account-types"] | {"keyValue": "Savings"})


class TestBalances:
    def test_that_are_not_there(self, books: Caller) -> None:
        for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
            assert refused(books(method, f"/balances/{uuid4()}", body)) == (404, "0007")
            assert refused(books(method, "/balances/7", body)) == (400, "0065")
        assert refused(books("POST", f"/accounts/{uuid4()}/balances", {"key": "k"})) == (404, "0007")

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"available": "5"}, "0053"),
            ({"allowSending": "yes"}, "0094"),
            ({"allowReceiving": 1}, "0094"),
            ("{", "0094"),
        ],
    )
    def test_that_are_changed_oddly(self, books: Caller, body: Any, code: str) -> None:
        _, account = one(books, "accounts")
        assert refused(books("PATCH", f"/balances/{account['id']}", body)) == (400, code)
